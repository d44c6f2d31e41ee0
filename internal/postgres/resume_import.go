package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// ImportResumes stores resumes whose ids and owners are set, all of them or
// none. An owner that does not exist is created from the resume's person; for
// one that does, what differs is stored as the resume's own personal_info.
func (s *Store) ImportResumes(ctx context.Context, resumes []resume.Resume) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.q.WithTx(tx)
		for _, r := range resumes {
			if err := importResume(ctx, q, r); err != nil {
				return fmt.Errorf("storing resume %s: %w", r.ID, err)
			}
		}
		return nil
	})
}

func importResume(ctx context.Context, q *dbsqlc.Queries, r resume.Resume) error {
	p := r.Person
	if _, err := q.UserInsert(ctx, dbsqlc.UserInsertParams{
		ID: r.UserID, Title: null(p.Title), FirstName: p.FirstName, LastName: null(p.LastName), Email: null(p.Email),
		Phone: null(p.Phone), Nationality: null(p.Nationality), Address: null(p.Address), City: null(p.City),
		Postal: null(p.Postal), Country: null(p.Country), Website: null(p.Website), ProfileText: null(string(p.ProfileText)),
	}); err != nil {
		return fmt.Errorf("creating user %s: %w", r.UserID, err)
	}
	user, err := q.UserByID(ctx, r.UserID)
	if err != nil {
		return fmt.Errorf("reading user %s: %w", r.UserID, err)
	}
	info, err := overridesOf(toPerson(user), p)
	if err != nil {
		return err
	}
	details, err := fromDetails(r.Details)
	if err != nil {
		return err
	}
	if r.Job != nil {
		if err := q.JobInsert(ctx, fromJob(*r.Job)); err != nil {
			return fmt.Errorf("creating job posting %s: %w", r.Job.ID, err)
		}
	}
	var jobID *string
	if r.Job != nil {
		jobID = &r.Job.ID
	}
	if err := q.ResumeInsert(ctx, dbsqlc.ResumeInsertParams{
		ID: r.ID, UserID: r.UserID, Title: r.Title, PersonalInfo: info, Language: null(r.Language), JobID: jobID, Details: details,
	}); err != nil {
		return fmt.Errorf("creating the resume: %w", err)
	}
	return insertSections(ctx, q, r)
}

// sectionRows are the rows of all sections of one resume, ready to be sent.
type sectionRows struct {
	sections   []dbsqlc.ResumeSectionInsertParams
	experience []dbsqlc.ExperienceInsertParams
	education  []dbsqlc.EducationInsertParams
	projects   []dbsqlc.ProjectInsertParams
	skills     []dbsqlc.SkillInsertParams
	strengths  []dbsqlc.StrengthInsertParams
}

func insertSections(ctx context.Context, q *dbsqlc.Queries, r resume.Resume) error {
	var rows sectionRows
	for i, sec := range r.Sections {
		if err := rows.add(r, i, sec); err != nil {
			return err
		}
	}
	// Each batch is one round trip; its rows are checked one by one.
	var errs []error
	each := func(table string) func(int, error) {
		return func(i int, err error) {
			if err != nil {
				errs = append(errs, fmt.Errorf("inserting row %d of %s: %w", i, table, err))
			}
		}
	}
	q.ResumeSectionInsert(ctx, rows.sections).Exec(each("resume_section"))
	q.ExperienceInsert(ctx, rows.experience).Exec(each("experience"))
	q.EducationInsert(ctx, rows.education).Exec(each("education"))
	q.ProjectInsert(ctx, rows.projects).Exec(each("projects"))
	q.SkillInsert(ctx, rows.skills).Exec(each("skills"))
	q.StrengthInsert(ctx, rows.strengths).Exec(each("strengths"))
	return errors.Join(errs...)
}

// add appends section i of r with its rows.
func (rows *sectionRows) add(r resume.Resume, i int, sec resume.Section) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("making a section id: %w", err)
	}
	content, err := fromOther(sec)
	if err != nil {
		return err
	}
	rows.sections = append(rows.sections, dbsqlc.ResumeSectionInsertParams{
		ID: id, ResumeID: r.ID, Index: int32(i), Type: dbsqlc.ResumeSectionType(sec.Type), Title: sec.Title, Content: content})
	for n, x := range sec.Experience {
		d, err := fromDetails(x.Details)
		if err != nil {
			return err
		}
		u := fromDuration(x.Duration)
		rows.experience = append(rows.experience, dbsqlc.ExperienceInsertParams{
			UserID: r.UserID, ResumeSectionID: id, Index: int32(n), CompanyName: x.CompanyName, JobTitle: x.JobTitle,
			EmploymentType: null(dbsqlc.EmploymentType(x.EmploymentType)), City: null(x.City), Country: null(x.Country),
			StartedFromMonth: u.startMonth, StartedFromYear: u.startYear, FinishedAtMonth: u.endMonth, FinishedAtYear: u.endYear,
			Current: u.current, Description: null(string(x.Description)), Details: d})
	}
	for n, x := range sec.Education {
		d, err := fromDetails(x.Details)
		if err != nil {
			return err
		}
		u := fromDuration(x.Duration)
		rows.education = append(rows.education, dbsqlc.EducationInsertParams{
			UserID: r.UserID, ResumeSectionID: id, Index: int32(n), InstitutionName: x.InstitutionName, Degree: null(x.Degree),
			FieldOfStudy: null(x.FieldOfStudy), Country: null(x.Country),
			StartedFromMonth: u.startMonth, StartedFromYear: u.startYear, FinishedAtMonth: u.endMonth, FinishedAtYear: u.endYear,
			Current: u.current, Description: null(string(x.Description)), Details: d})
	}
	for n, x := range sec.Projects {
		d, err := fromDetails(x.Details)
		if err != nil {
			return err
		}
		u := fromDuration(x.Duration)
		rows.projects = append(rows.projects, dbsqlc.ProjectInsertParams{
			UserID: r.UserID, ResumeSectionID: id, Index: int32(n), Category: null(x.Category), Name: x.Name,
			Description: null(string(x.Description)), Role: null(x.Role),
			StartedFromMonth: u.startMonth, StartedFromYear: u.startYear, FinishedAtMonth: u.endMonth, FinishedAtYear: u.endYear,
			Current: u.current, GithubUrl: null(x.GithubURL), LiveUrl: null(x.LiveURL), SkillsUsed: notNull(x.SkillsUsed), Details: d})
	}
	for n, x := range sec.Skills {
		d, err := fromDetails(x.Details)
		if err != nil {
			return err
		}
		var category *string
		if x.Categorised {
			category = &x.Category
		}
		rows.skills = append(rows.skills, dbsqlc.SkillInsertParams{
			UserID: r.UserID, ResumeSectionID: id, Index: int32(n), Name: x.Name, Category: category,
			Proficiency: null(dbsqlc.Proficiency(x.Proficiency)), Details: d})
	}
	for n, x := range sec.Strengths {
		d, err := fromDetails(x.Details)
		if err != nil {
			return err
		}
		rows.strengths = append(rows.strengths, dbsqlc.StrengthInsertParams{
			UserID: r.UserID, ResumeSectionID: id, Index: int32(n), Name: x.Name, Description: null(string(x.Description)), Details: d})
	}
	return nil
}

// fromOther writes the content column: NULL for a section with a table.
func fromOther(sec resume.Section) (json.RawMessage, error) {
	if sec.Type != resume.SectionOther {
		return nil, nil
	}
	c := otherContent{Kind: sec.Other.Kind, Items: make([]resume.Details, len(sec.Other.Items))}
	for i, item := range sec.Other.Items {
		c.Items[i] = item.Raw
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("writing the items of a %s section: %w", sec.Other.Kind, err)
	}
	return raw, nil
}

// durationColumns are a duration as the tables keep it; days are not kept.
type durationColumns struct {
	startYear, startMonth, endYear, endMonth *int16
	current                                  bool
}

func fromDuration(d resume.Duration) durationColumns {
	return durationColumns{
		startYear: null(int16(d.Start.Year)), startMonth: null(int16(d.Start.Month)),
		endYear: null(int16(d.End.Year)), endMonth: null(int16(d.End.Month)),
		current: d.Current,
	}
}

func fromJob(j resume.Job) dbsqlc.JobInsertParams {
	return dbsqlc.JobInsertParams{
		ID: j.ID, Title: j.Title, CompanyName: j.CompanyName, Location: null(j.Location),
		EmploymentType: null(dbsqlc.EmploymentType(j.EmploymentType)),
		SalaryCurrency: null(j.Salary.Currency), SalaryMin: null(j.Salary.Min), SalaryMax: null(j.Salary.Max),
		Description: null(j.Description), Requirements: notNull(j.Requirements),
		Responsibilities: notNull(j.Responsibilities), Benefits: notNull(j.Benefits), JobUrl: null(j.JobURL),
	}
}

// notNull gives an empty list for nil: the columns are NOT NULL.
func notNull(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
