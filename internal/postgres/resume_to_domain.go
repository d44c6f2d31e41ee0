package postgres

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// toResume maps the rows of one resume to the domain. It fails when a jsonb
// column holds a shape that cannot be read.
func toResume(rows resumeRows) (resume.Resume, error) {
	var pi personalInfo
	if err := json.Unmarshal(rows.Resume.PersonalInfo, &pi); err != nil {
		return resume.Resume{}, fmt.Errorf("personal_info: %w", err)
	}
	person, err := pi.over(toPerson(rows.Owner))
	if err != nil {
		return resume.Resume{}, err
	}
	details, err := toDetails(rows.Resume.Details)
	if err != nil {
		return resume.Resume{}, fmt.Errorf("resumes.details: %w", err)
	}
	sections, err := toSections(rows)
	if err != nil {
		return resume.Resume{}, err
	}
	var notes []note.Note
	if rows.Resume.UpdatedAt.Equal(*cmp.Or(rows.Resume.NotedAt, &rows.Resume.CreatedAt)) { // they are on the resume as it was read
		notes = toNotes(rows.Resume.Notes)
	}
	return resume.Resume{
		ID:        rows.Resume.ID,
		UserID:    rows.Resume.UserID,
		Title:     rows.Resume.Title,
		Base:      rows.Resume.Base,
		Language:  deref(rows.Resume.Language),
		UpdatedAt: rows.Resume.UpdatedAt,
		Person:    person,
		Sections:  sections,
		Job:       toJob(rows.Job),
		Notes:     notes,
		Details:   details,
	}, nil
}

func toPerson(u dbsqlc.User) resume.Person {
	return resume.Person{
		Title:       deref(u.Title),
		FirstName:   u.FirstName,
		LastName:    deref(u.LastName),
		Email:       deref(u.Email),
		Phone:       deref(u.Phone),
		Nationality: deref(u.Nationality),
		Address:     deref(u.Address),
		City:        deref(u.City),
		Postal:      deref(u.Postal),
		Country:     deref(u.Country),
		Website:     deref(u.Website),
		ProfileText: resume.RichText(deref(u.ProfileText)),
	}
}

func toJob(j *dbsqlc.Job) *resume.Job {
	if j == nil {
		return nil
	}
	return &resume.Job{
		ID:               j.ID,
		Title:            j.Title,
		CompanyName:      j.CompanyName,
		Location:         deref(j.Location),
		EmploymentType:   resume.EmploymentType(deref(j.EmploymentType)),
		Salary:           resume.Salary{Currency: deref(j.SalaryCurrency), Min: deref(j.SalaryMin), Max: deref(j.SalaryMax)},
		Description:      deref(j.Description),
		Requirements:     j.Requirements,
		Responsibilities: j.Responsibilities,
		Benefits:         j.Benefits,
		JobURL:           deref(j.JobUrl),
	}
}

// toSections gives each section its rows; both come in order.
func toSections(rows resumeRows) ([]resume.Section, error) {
	sections := make([]resume.Section, len(rows.Sections))
	at := make(map[uuid.UUID]*resume.Section, len(sections))
	for i, row := range rows.Sections {
		sections[i] = resume.Section{Type: resume.SectionType(row.Type), Title: row.Title}
		at[row.ID] = &sections[i]
		if row.Type != dbsqlc.ResumeSectionTypeOther {
			continue
		}
		other, err := toOther(row.Content)
		if err != nil {
			return nil, fmt.Errorf("resume_section.content of section %d: %w", row.Index, err)
		}
		sections[i].Other = other
	}
	for _, row := range rows.Experience {
		x, err := toExperience(row)
		if err != nil {
			return nil, err
		}
		s := at[row.ResumeSectionID]
		s.Experience = append(s.Experience, x)
	}
	for _, row := range rows.Education {
		x, err := toEducation(row)
		if err != nil {
			return nil, err
		}
		s := at[row.ResumeSectionID]
		s.Education = append(s.Education, x)
	}
	for _, row := range rows.Projects {
		x, err := toProject(row)
		if err != nil {
			return nil, err
		}
		s := at[row.ResumeSectionID]
		s.Projects = append(s.Projects, x)
	}
	for _, row := range rows.Skills {
		x, err := toSkill(row)
		if err != nil {
			return nil, err
		}
		s := at[row.ResumeSectionID]
		s.Skills = append(s.Skills, x)
	}
	for _, row := range rows.Strengths {
		x, err := toStrength(row)
		if err != nil {
			return nil, err
		}
		s := at[row.ResumeSectionID]
		s.Strengths = append(s.Strengths, x)
	}
	return sections, nil
}

func toExperience(row dbsqlc.ExperienceListByResumeRow) (resume.Experience, error) {
	d, err := toDetails(row.Details)
	if err != nil {
		return resume.Experience{}, fmt.Errorf("experience.details: %w", err)
	}
	return resume.Experience{
		CompanyName:    row.CompanyName,
		JobTitle:       row.JobTitle,
		EmploymentType: resume.EmploymentType(deref(row.EmploymentType)),
		City:           deref(row.City),
		Country:        deref(row.Country),
		Duration:       toDuration(row.StartedFromYear, row.StartedFromMonth, row.FinishedAtYear, row.FinishedAtMonth, row.Current),
		Description:    resume.RichText(deref(row.Description)),
		Details:        d,
	}, nil
}

func toEducation(row dbsqlc.EducationListByResumeRow) (resume.Education, error) {
	d, err := toDetails(row.Details)
	if err != nil {
		return resume.Education{}, fmt.Errorf("education.details: %w", err)
	}
	return resume.Education{
		InstitutionName: row.InstitutionName,
		Degree:          deref(row.Degree),
		FieldOfStudy:    deref(row.FieldOfStudy),
		Country:         deref(row.Country),
		Duration:        toDuration(row.StartedFromYear, row.StartedFromMonth, row.FinishedAtYear, row.FinishedAtMonth, row.Current),
		Description:     resume.RichText(deref(row.Description)),
		Details:         d,
	}, nil
}

func toProject(row dbsqlc.ProjectListByResumeRow) (resume.Project, error) {
	d, err := toDetails(row.Details)
	if err != nil {
		return resume.Project{}, fmt.Errorf("projects.details: %w", err)
	}
	return resume.Project{
		Name:        row.Name,
		Category:    deref(row.Category),
		Role:        deref(row.Role),
		Description: resume.RichText(deref(row.Description)),
		Duration:    toDuration(row.StartedFromYear, row.StartedFromMonth, row.FinishedAtYear, row.FinishedAtMonth, row.Current),
		GithubURL:   deref(row.GithubUrl),
		LiveURL:     deref(row.LiveUrl),
		SkillsUsed:  row.SkillsUsed,
		Details:     d,
	}, nil
}

func toSkill(row dbsqlc.SkillListByResumeRow) (resume.Skill, error) {
	d, err := toDetails(row.Details)
	if err != nil {
		return resume.Skill{}, fmt.Errorf("skills.details: %w", err)
	}
	return resume.Skill{
		Name:        row.Name,
		Category:    deref(row.Category),
		Categorised: row.Category != nil,
		Proficiency: resume.Proficiency(deref(row.Proficiency)),
		Details:     d,
	}, nil
}

func toStrength(row dbsqlc.StrengthListByResumeRow) (resume.Strength, error) {
	d, err := toDetails(row.Details)
	if err != nil {
		return resume.Strength{}, fmt.Errorf("strengths.details: %w", err)
	}
	return resume.Strength{Name: row.Name, Description: resume.RichText(deref(row.Description)), Details: d}, nil
}
