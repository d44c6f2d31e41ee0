package postgres

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

func fromPerson(userID string, p resume.Person) dbsqlc.UserInsertParams {
	return dbsqlc.UserInsertParams{
		ID:          userID,
		Title:       nullIfZero(p.Title),
		FirstName:   p.FirstName,
		LastName:    nullIfZero(p.LastName),
		Email:       nullIfZero(p.Email),
		Phone:       nullIfZero(p.Phone),
		Nationality: nullIfZero(p.Nationality),
		Address:     nullIfZero(p.Address),
		City:        nullIfZero(p.City),
		Postal:      nullIfZero(p.Postal),
		Country:     nullIfZero(p.Country),
		Website:     nullIfZero(p.Website),
		ProfileText: nullIfZero(string(p.ProfileText)),
	}
}

func fromJob(j resume.Job) dbsqlc.JobReplaceParams {
	return dbsqlc.JobReplaceParams{
		ID: j.ID, Title: j.Title, CompanyName: j.CompanyName, Location: nullIfZero(j.Location),
		EmploymentType: nullIfZero(dbsqlc.EmploymentType(j.EmploymentType)),
		SalaryCurrency: nullIfZero(j.Salary.Currency), SalaryMin: nullIfZero(j.Salary.Min), SalaryMax: nullIfZero(j.Salary.Max),
		Description: nullIfZero(j.Description), Requirements: notNull(j.Requirements),
		Responsibilities: notNull(j.Responsibilities), Benefits: notNull(j.Benefits), JobUrl: nullIfZero(j.JobURL),
	}
}

// sectionRows are the rows of all sections of one resume, to be inserted.
type sectionRows struct {
	sections   []dbsqlc.ResumeSectionInsertParams
	experience []dbsqlc.ExperienceInsertParams
	education  []dbsqlc.EducationInsertParams
	projects   []dbsqlc.ProjectInsertParams
	skills     []dbsqlc.SkillInsertParams
	strengths  []dbsqlc.StrengthInsertParams
}

func fromSections(r resume.Resume) (sectionRows, error) {
	var rows sectionRows
	for i, sec := range r.Sections {
		if err := rows.add(r, i, sec); err != nil {
			return sectionRows{}, err
		}
	}
	return rows, nil
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
	in := rowLocation{userID: r.UserID, section: id}
	return errors.Join(
		appendRows(&rows.experience, in, sec.Experience, fromExperience),
		appendRows(&rows.education, in, sec.Education, fromEducation),
		appendRows(&rows.projects, in, sec.Projects, fromProject),
		appendRows(&rows.skills, in, sec.Skills, fromSkill),
		appendRows(&rows.strengths, in, sec.Strengths, fromStrength),
	)
}

// rowLocation is the resume, section and position that a row belongs to.
type rowLocation struct {
	userID  string
	section uuid.UUID
	index   int32
}

// appendRows turns the items of a section into rows, in their order.
func appendRows[T, Row any](rows *[]Row, in rowLocation, items []T, from func(rowLocation, T) (Row, error)) error {
	for n, item := range items {
		in.index = int32(n)
		row, err := from(in, item)
		if err != nil {
			return err
		}
		*rows = append(*rows, row)
	}
	return nil
}

func fromExperience(in rowLocation, x resume.Experience) (dbsqlc.ExperienceInsertParams, error) {
	d, err := fromDetails(x.Details)
	u := fromDuration(x.Duration)
	return dbsqlc.ExperienceInsertParams{
		UserID:           in.userID,
		ResumeSectionID:  in.section,
		Index:            in.index,
		CompanyName:      x.CompanyName,
		JobTitle:         x.JobTitle,
		EmploymentType:   nullIfZero(dbsqlc.EmploymentType(x.EmploymentType)),
		City:             nullIfZero(x.City),
		Country:          nullIfZero(x.Country),
		StartedFromMonth: u.startMonth,
		StartedFromYear:  u.startYear,
		FinishedAtMonth:  u.endMonth,
		FinishedAtYear:   u.endYear,
		Current:          u.current,
		Description:      nullIfZero(string(x.Description)),
		Details:          d,
	}, err
}

func fromEducation(in rowLocation, x resume.Education) (dbsqlc.EducationInsertParams, error) {
	d, err := fromDetails(x.Details)
	u := fromDuration(x.Duration)
	return dbsqlc.EducationInsertParams{
		UserID:           in.userID,
		ResumeSectionID:  in.section,
		Index:            in.index,
		InstitutionName:  x.InstitutionName,
		Degree:           nullIfZero(x.Degree),
		FieldOfStudy:     nullIfZero(x.FieldOfStudy),
		Country:          nullIfZero(x.Country),
		StartedFromMonth: u.startMonth,
		StartedFromYear:  u.startYear,
		FinishedAtMonth:  u.endMonth,
		FinishedAtYear:   u.endYear,
		Current:          u.current,
		Description:      nullIfZero(string(x.Description)),
		Details:          d,
	}, err
}

func fromProject(in rowLocation, x resume.Project) (dbsqlc.ProjectInsertParams, error) {
	d, err := fromDetails(x.Details)
	u := fromDuration(x.Duration)
	return dbsqlc.ProjectInsertParams{
		UserID:           in.userID,
		ResumeSectionID:  in.section,
		Index:            in.index,
		Category:         nullIfZero(x.Category),
		Name:             x.Name,
		Description:      nullIfZero(string(x.Description)),
		Role:             nullIfZero(x.Role),
		StartedFromMonth: u.startMonth,
		StartedFromYear:  u.startYear,
		FinishedAtMonth:  u.endMonth,
		FinishedAtYear:   u.endYear,
		Current:          u.current,
		GithubUrl:        nullIfZero(x.GithubURL),
		LiveUrl:          nullIfZero(x.LiveURL),
		SkillsUsed:       notNull(x.SkillsUsed),
		Details:          d,
	}, err
}

func fromSkill(in rowLocation, x resume.Skill) (dbsqlc.SkillInsertParams, error) {
	d, err := fromDetails(x.Details)
	var category *string
	if x.Categorised {
		category = &x.Category
	}
	return dbsqlc.SkillInsertParams{
		UserID:          in.userID,
		ResumeSectionID: in.section,
		Index:           in.index,
		Name:            x.Name,
		Category:        category,
		Proficiency:     nullIfZero(dbsqlc.Proficiency(x.Proficiency)),
		Details:         d,
	}, err
}

func fromStrength(in rowLocation, x resume.Strength) (dbsqlc.StrengthInsertParams, error) {
	d, err := fromDetails(x.Details)
	return dbsqlc.StrengthInsertParams{
		UserID:          in.userID,
		ResumeSectionID: in.section,
		Index:           in.index,
		Name:            x.Name,
		Description:     nullIfZero(string(x.Description)),
		Details:         d,
	}, err
}

// notNull returns an empty list for nil: the columns are NOT NULL.
func notNull(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
