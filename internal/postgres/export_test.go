package postgres

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// What tests need to look behind the store.

// Pool returns the store's connections.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// LoadBatch returns the queries of LoadResume.
func LoadBatch(id, jobID string) *pgx.Batch { return new(resumeRows).batch(id, jobID) }

// LoadResumeAsJSON is an alternative to LoadResume, for the benchmark: one statement that
// returns the resume as a JSON document.
func (s *Store) LoadResumeAsJSON(ctx context.Context, id, jobID string) (resume.Resume, error) {
	raw, err := s.q.ResumeDocument(ctx, dbsqlc.ResumeDocumentParams{ID: id, JobID: nullIfZero(jobID)})
	if err != nil {
		return resume.Resume{}, err
	}
	var rows resumeRows
	if err := json.Unmarshal(raw, &rows); err != nil {
		return resume.Resume{}, err
	}
	return toResume(rows)
}
