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

func importResume(ctx context.Context, q *dbsqlc.Queries, r resume.Resume) error {
	if _, err := q.UserInsert(ctx, fromPerson(r.UserID, r.Person)); err != nil {
		return fmt.Errorf("creating user %s: %w", r.UserID, err)
	}
	user, err := q.UserLock(ctx, r.UserID)
	if err != nil {
		return fmt.Errorf("reading user %s: %w", r.UserID, err)
	}
	info, err := overridesOf(toPerson(user), r.Person)
	if err != nil {
		return err
	}
	details, err := fromDetails(r.Details)
	if err != nil {
		return err
	}
	notes, err := fromNotes(r.Notes)
	if err != nil {
		return err
	}
	var jobID *string
	if r.Job != nil {
		jobID = &r.Job.ID
		if err := q.JobInsert(ctx, fromJob(*r.Job)); err != nil {
			return fmt.Errorf("creating job posting %s: %w", r.Job.ID, err)
		}
	}
	if err := q.ResumeInsert(ctx, dbsqlc.ResumeInsertParams{
		ID: r.ID, UserID: r.UserID, Title: r.Title, PersonalInfo: info, Language: nullIfZero(r.Language), JobID: jobID, Details: details, Notes: notes,
	}); err != nil {
		return fmt.Errorf("creating the resume: %w", err)
	}
	return insertSections(ctx, q, r)
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
	q.ResumeSectionInsert(ctx, rows.sections).Exec(into("resume_section"))
	q.ExperienceInsert(ctx, rows.experience).Exec(into("experience"))
	q.EducationInsert(ctx, rows.education).Exec(into("education"))
	q.ProjectInsert(ctx, rows.projects).Exec(into("projects"))
	q.SkillInsert(ctx, rows.skills).Exec(into("skills"))
	q.StrengthInsert(ctx, rows.strengths).Exec(into("strengths"))
	return first
}
