package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// ImportResumes stores resumes whose ids and owners are set, all of them or
// none. An owner that does not exist is created from the resume's person; for
// one that does, what differs is stored as the resume's own personal_info. Its
// error is an *export.Error with InvalidResume when the tables cannot hold what
// a resume says.
func (s *Store) ImportResumes(ctx context.Context, resumes []resume.Resume) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.q.WithTx(tx)
		for _, r := range resumes {
			if err := importResume(ctx, q, r); err != nil {
				if refusesData(err) {
					return export.Fail(export.InvalidResume, "storing resume %s: %w", r.ID, err)
				}
				return fmt.Errorf("storing resume %s: %w", r.ID, err)
			}
		}
		return nil
	})
}

// importResume stores a resume, and its owner if there is none.
func importResume(ctx context.Context, q *dbsqlc.Queries, r resume.Resume) error {
	if _, err := q.UserInsert(ctx, fromPerson(r.UserID, r.Person)); err != nil {
		return fmt.Errorf("creating user %s: %w", r.UserID, err)
	}
	return insertResume(ctx, q, r)
}

// insertResume stores a resume of an owner who exists.
func insertResume(ctx context.Context, q *dbsqlc.Queries, r resume.Resume) error {
	user, err := q.UserLock(ctx, r.UserID)
	if err = ifNoRows(err, export.ErrUserNotFound); err != nil {
		return fmt.Errorf("reading user %s: %w", r.UserID, err)
	}
	columns, err := fromResume(user, r)
	if err != nil {
		return err
	}
	if r.Job != nil {
		if err := q.JobReplace(ctx, fromJob(*r.Job)); err != nil {
			return fmt.Errorf("creating job posting %s: %w", r.Job.ID, err)
		}
	}
	if err := q.ResumeInsert(ctx, columns); err != nil {
		return fmt.Errorf("creating the resume: %w", err)
	}
	return insertSections(ctx, q, r)
}

// fromResume returns the row of a resume, with what differs from its owner's row.
func fromResume(owner dbsqlc.User, r resume.Resume) (row dbsqlc.ResumeInsertParams, err error) {
	row = dbsqlc.ResumeInsertParams{ID: r.ID, UserID: r.UserID, Title: r.Title, Language: nullIfZero(r.Language)}
	if r.Job != nil {
		row.JobID = &r.Job.ID
	}
	if row.PersonalInfo, err = overridesOf(toPerson(owner), r.Person); err != nil {
		return row, err
	}
	if row.Details, err = fromDetails(r.Details); err != nil {
		return row, err
	}
	row.Notes, err = fromNotes(r.Notes)
	return row, err
}

func insertSections(ctx context.Context, q *dbsqlc.Queries, r resume.Resume) error {
	rows, err := fromSections(r)
	if err != nil {
		return err
	}
	// Each batch is one round trip. The first refused row has the reason; every
	// statement after it fails because the transaction is aborted.
	var first error
	into := func(table string) func(int, error) {
		return func(i int, err error) {
			if err != nil && first == nil {
				first = fmt.Errorf("inserting row %d of %s: %w", i, table, err)
			}
		}
	}
	if len(rows.sections) > 0 {
		q.ResumeSectionInsert(ctx, rows.sections).Exec(into("resume_section"))
	}
	if len(rows.experience) > 0 {
		q.ExperienceInsert(ctx, rows.experience).Exec(into("experience"))
	}
	if len(rows.education) > 0 {
		q.EducationInsert(ctx, rows.education).Exec(into("education"))
	}
	if len(rows.projects) > 0 {
		q.ProjectInsert(ctx, rows.projects).Exec(into("projects"))
	}
	if len(rows.skills) > 0 {
		q.SkillInsert(ctx, rows.skills).Exec(into("skills"))
	}
	if len(rows.strengths) > 0 {
		q.StrengthInsert(ctx, rows.strengths).Exec(into("strengths"))
	}
	return first
}
