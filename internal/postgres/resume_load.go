package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// document is what the ResumeDocument query answers: rows in their columns' names.
type document struct {
	Resume     dbsqlc.Resume          `json:"resume"`
	User       dbsqlc.User            `json:"user"`
	Job        *dbsqlc.Job            `json:"job"`
	Sections   []dbsqlc.ResumeSection `json:"sections"`
	Experience []dbsqlc.Experience    `json:"experience"`
	Education  []dbsqlc.Education     `json:"education"`
	Projects   []dbsqlc.Project       `json:"projects"`
	Skills     []dbsqlc.Skill         `json:"skills"`
	Strengths  []dbsqlc.Strength      `json:"strengths"`
}

// LoadResume reads a whole resume in one round trip and one snapshot, with the
// posting jobID instead of its own when that is not empty. Its error is an
// *export.Error with ResumeNotFound or InvalidResume where that is the reason.
func (s *Store) LoadResume(ctx context.Context, id, jobID string) (resume.Resume, error) {
	raw, err := s.q.ResumeDocument(ctx, dbsqlc.ResumeDocumentParams{ID: id, JobID: null(jobID)})
	if errors.Is(err, pgx.ErrNoRows) {
		return resume.Resume{}, export.Fail(export.ResumeNotFound, "loading resume %s: no such row", id)
	}
	if err != nil {
		return resume.Resume{}, fmt.Errorf("loading resume %s: %w", id, err)
	}
	var doc document
	if err := json.Unmarshal(raw, &doc); err != nil {
		return resume.Resume{}, fmt.Errorf("decoding resume %s: %w", id, err)
	}
	r, err := toResume(doc)
	if err != nil {
		return resume.Resume{}, export.Fail(export.InvalidResume, "reading resume %s: %w", id, err)
	}
	return r, nil
}
