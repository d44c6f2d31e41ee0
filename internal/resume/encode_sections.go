package resume

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// encodeSection returns the entries of a root member.
func encodeSection(s Section) ([]*tree.Value, error) {
	switch s.Type {
	case SectionExperience:
		return encodeRows(s.Experience, encodeExperience)
	case SectionEducation:
		return encodeRows(s.Education, encodeEducation)
	case SectionProject:
		return encodeRows(s.Projects, encodeProject)
	case SectionSkill:
		return encodeSkills(s.Skills)
	default:
		return encodeItems(s.Other)
	}
}

func encodeRows[T any](rows []T, encode func(T, int) (*tree.Value, error)) ([]*tree.Value, error) {
	var entries []*tree.Value
	for i, row := range rows {
		v, err := encode(row, i)
		if err != nil {
			return nil, err
		}
		entries = append(entries, v)
	}
	return entries, nil
}

func encodeItems(other Other) ([]*tree.Value, error) {
	return encodeRows(other.Items, func(item Item, _ int) (*tree.Value, error) { return encodeItem(other.Kind, item) })
}

func encodeExperience(e Experience, i int) (*tree.Value, error) {
	o := newObject("work entry "+strconv.Itoa(i), e.Details)
	o.text("name", e.CompanyName)
	o.text("position", e.JobTitle)
	location := e.City + ", " + e.Country
	if e.City == "" || e.Country == "" || e.City == e.Country || strings.HasSuffix(e.City, ", "+e.Country) {
		location = cmp.Or(e.City, e.Country)
	}
	o.text("location", location)
	o.text("country", e.Country)
	o.detail("description", "url")
	o.employmentType("employmentType", e.EmploymentType)
	o.dates(e.Duration)
	o.description(e.Description, "summary", "highlights")
	return o.finish()
}

func encodeEducation(e Education, i int) (*tree.Value, error) {
	o := newObject("education entry "+strconv.Itoa(i), e.Details)
	o.text("institution", e.InstitutionName)
	o.detail("url")
	o.text("area", e.FieldOfStudy)
	o.text("studyType", e.Degree)
	o.text("country", e.Country)
	o.dates(e.Duration)
	o.detail("score", "courses")
	o.description(e.Description, "description", "highlights")
	return o.finish()
}

func encodeProject(p Project, i int) (*tree.Value, error) {
	o := newObject("projects entry "+strconv.Itoa(i), p.Details)
	o.text("name", p.Name)
	o.description(p.Description, "description", "highlights")
	o.texts("keywords", p.SkillsUsed)
	o.dates(p.Duration)
	o.links(p)
	roles := p.Details.Strings("roles")
	if _, kept := p.Details["roles"]; !kept || strings.Join(roles, ", ") != p.Role {
		roles = splitRoles(p.Role)
	}
	delete(o.details, "roles")
	o.texts("roles", slices.Clip(roles))
	o.detail("entity")
	o.text("type", p.Category)
	return o.finish()
}

// links writes the URLs of a project. JSON Resume has only url. A second URL is written
// as githubUrl, and so is a single one that would be decoded to another field from url.
func (o *object) links(p Project) {
	mark := o.details.String("githubUrl")
	switch {
	case p.LiveURL != "" && p.GithubURL != "":
		o.text("url", p.LiveURL)
		o.text("githubUrl", p.GithubURL)
	case p.GithubURL != "" && (mark == p.GithubURL || !isGithub(p.GithubURL)):
		o.text("githubUrl", p.GithubURL)
	case p.GithubURL != "":
		o.text("url", p.GithubURL)
	default:
		o.text("url", p.LiveURL)
	}
	if mark != "" {
		delete(o.details, "githubUrl") // stale: the field has changed
	}
}

// employmentType writes the employment type, with the text of the source document if
// that has the same meaning.
func (o *object) employmentType(name string, t EmploymentType) {
	word := o.details.String(name)
	if word != "" {
		delete(o.details, name)
	}
	switch {
	case word == "":
		o.text(name, string(t))
	case employmentTypeOf(word) == t:
		o.text(name, word)
	default:
		o.text(name, string(t))
	}
}
