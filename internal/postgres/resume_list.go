package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Resumes lists resumes, newest first, without their content.
func (s *Store) Resumes(ctx context.Context, f resume.Filter) ([]resume.Stored, error) {
	if !validText(f.UserID, f.BeforeID) {
		return nil, nil
	}
	before := f.Before
	if before.IsZero() {
		before = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) // after every resume
	}
	rows, err := s.replanned.ResumeList(ctx, dbsqlc.ResumeListParams{
		UserID: nullIfZero(f.UserID), BeforeCreatedAt: before, BeforeID: f.BeforeID, MaxRows: int32(f.Limit)})
	if err != nil {
		return nil, fmt.Errorf("listing resumes: %w", err)
	}
	list := make([]resume.Stored, len(rows))
	for i, row := range rows {
		list[i] = toStored(row)
	}
	return list, nil
}

func toStored(row dbsqlc.ResumeListRow) resume.Stored {
	return resume.Stored{ID: row.ID, UserID: row.UserID, Title: row.Title, Base: row.Base, Language: deref(row.Language), JobID: deref(row.JobID),
		CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt}
}

// WritesResumes reports whether the tables of resumes are the service's own, and this role may
// write them. Beside a product they are not: the service writes none of the product's tables,
// even if it could.
func (s *Store) WritesResumes(ctx context.Context) (bool, error) {
	var writes bool
	err := s.pool.QueryRow(ctx, `SELECT to_regclass('`+serviceOnly.versions+`') IS NULL AND NOT pg_is_in_recovery() AND (
		SELECT bool_and(has_table_privilege(t, 'INSERT') AND has_table_privilege(t, 'UPDATE') AND has_table_privilege(t, 'DELETE'))
		FROM unnest(ARRAY['"user"', 'jobs', 'resumes', 'resume_section', 'experience', 'education', 'projects', 'skills', 'strengths']) t)`).Scan(&writes)
	if err != nil {
		return false, fmt.Errorf("looking for the right to write resumes: %w", outage(err))
	}
	return writes, nil
}
