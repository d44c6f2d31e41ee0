package postgres

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// toResume maps the rows of one resume to the domain. It fails when a jsonb
// column holds a shape that cannot be read.
func toResume(doc document) (resume.Resume, error) {
	var pi personalInfo
	if err := json.Unmarshal(doc.Resume.PersonalInfo, &pi); err != nil {
		return resume.Resume{}, fmt.Errorf("personal_info: %w", err)
	}
	person, err := pi.over(toPerson(doc.User))
	if err != nil {
		return resume.Resume{}, err
	}
	details, err := toDetails(doc.Resume.Details)
	if err != nil {
		return resume.Resume{}, fmt.Errorf("resumes.details: %w", err)
	}
	sections, err := toSections(doc)
	if err != nil {
		return resume.Resume{}, err
	}
	return resume.Resume{
		ID:        doc.Resume.ID,
		UserID:    doc.Resume.UserID,
		Title:     doc.Resume.Title,
		Base:      doc.Resume.Base,
		Language:  deref(doc.Resume.Language),
		UpdatedAt: doc.Resume.UpdatedAt,
		Person:    person,
		Sections:  sections,
		Job:       toJob(doc.Job),
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
func toSections(doc document) ([]resume.Section, error) {
	sections := make([]resume.Section, len(doc.Sections))
	at := make(map[uuid.UUID]*resume.Section, len(sections))
	for i, row := range doc.Sections {
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
	for _, row := range doc.Experience {
		x, err := toExperience(row)
		if err != nil {
			return nil, err
		}
		s := at[row.ResumeSectionID]
		s.Experience = append(s.Experience, x)
	}
	for _, row := range doc.Education {
		x, err := toEducation(row)
		if err != nil {
			return nil, err
		}
		s := at[row.ResumeSectionID]
		s.Education = append(s.Education, x)
	}
	for _, row := range doc.Projects {
		x, err := toProject(row)
		if err != nil {
			return nil, err
		}
		s := at[row.ResumeSectionID]
		s.Projects = append(s.Projects, x)
	}
	for _, row := range doc.Skills {
		x, err := toSkill(row)
		if err != nil {
			return nil, err
		}
		s := at[row.ResumeSectionID]
		s.Skills = append(s.Skills, x)
	}
	for _, row := range doc.Strengths {
		d, err := toDetails(row.Details)
		if err != nil {
			return nil, fmt.Errorf("strengths.details: %w", err)
		}
		s := at[row.ResumeSectionID]
		s.Strengths = append(s.Strengths, resume.Strength{Name: row.Name, Description: resume.RichText(deref(row.Description)), Details: d})
	}
	return sections, nil
}

func toExperience(row dbsqlc.Experience) (resume.Experience, error) {
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

func toEducation(row dbsqlc.Education) (resume.Education, error) {
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

func toProject(row dbsqlc.Project) (resume.Project, error) {
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

func toSkill(row dbsqlc.Skill) (resume.Skill, error) {
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

// otherContent is resume_section.content of a section without a table.
type otherContent struct {
	Kind  string           `json:"kind"`
	Items []resume.Details `json:"items"`
}

func toOther(content json.RawMessage) (resume.Other, error) {
	if len(content) == 0 {
		return resume.Other{}, nil
	}
	var c otherContent
	if err := json.Unmarshal(content, &c); err != nil {
		return resume.Other{}, err
	}
	other := resume.Other{Kind: c.Kind, Items: make([]resume.Item, len(c.Items))}
	for i, raw := range c.Items {
		other.Items[i] = resume.NewItem(c.Kind, raw)
	}
	return other, nil
}

func toDuration(startYear, startMonth, endYear, endMonth *int16, current bool) resume.Duration {
	return resume.Duration{
		Start:   resume.Date{Year: int(deref(startYear)), Month: int(deref(startMonth))},
		End:     resume.Date{Year: int(deref(endYear)), Month: int(deref(endMonth))},
		Current: current,
	}
}

// toDetails reads a details column; an empty one is nil.
func toDetails(raw json.RawMessage) (resume.Details, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var d resume.Details
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, err
	}
	if len(d) == 0 {
		return nil, nil
	}
	return d, nil
}

// fromDetails writes a details column.
func fromDetails(d resume.Details) (json.RawMessage, error) {
	if len(d) == 0 {
		return json.RawMessage("{}"), nil
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("writing details: %w", err)
	}
	return raw, nil
}
