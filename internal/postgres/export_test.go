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

// Pool is the store's own connections.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// LoadBatch is what LoadResume sends.
func LoadBatch(id, jobID string) *pgx.Batch { return new(resumeRows).batch(id, jobID) }

// LoadResumeAsJSON is the rival of LoadResume: one statement whose answer is the
// resume as a JSON document. Only the benchmark uses it.
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
