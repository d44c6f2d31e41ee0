package resume

import (
	"net/url"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// sectionKind returns name if the root member of that name is a section, otherwise "".
func sectionKind(name string) string {
	switch name {
	case "work", "education", "projects", "skills":
		return name
	}
	if len(itemMembers(name)) > 0 && name != kindCustom {
		return name
	}
	return ""
}

// decodeSection reads the entries of one root member.
func decodeSection(kind string, entries []entry, r *reading) Section {
	var s Section
	for i, e := range entries {
		f := objectFields(e.value, e.path, r)
		switch kind {
		case "work":
			s.Type = SectionExperience
			s.Experience = append(s.Experience, decodeExperience(f))
		case "education":
			s.Type = SectionEducation
			s.Education = append(s.Education, decodeEducation(f))
		case "projects":
			s.Type = SectionProject
			s.Projects = append(s.Projects, decodeProject(f))
		case "skills":
			s.Type = SectionSkill
			s.Skills = append(s.Skills, decodeSkills(f, i+1)...)
		default:
			s.Type = SectionOther
			s.Other.Kind = kind
			s.Other.Items = append(s.Other.Items, decodeItem(kind, f))
		}
	}
	return s
}

func decodeExperience(f *fields) Experience {
	e := Experience{
		CompanyName: f.text("name"),
		JobTitle:    f.text("position"),
		Duration:    f.duration(),
		Description: f.description("summary", "highlights"),
	}
	e.City, e.Country = splitLocation(f.text("location"), f.extensionText("country"))
	word := f.extensionText("employmentType")
	e.EmploymentType = employmentTypeOf(word)
	if word != string(e.EmploymentType) {
		f.keep("employmentType", tree.NewText(word))
	}
	e.Details = f.rest()
	return e
}

// splitLocation returns the city and country of a position. JSON Resume has one text for
// both, and its last part may be a country or a state ("San Francisco, CA"), so the country
// is only known if a member of its own names it.
func splitLocation(location, country string) (string, string) {
	switch city, ok := strings.CutSuffix(location, ", "+country); {
	case country == "":
		return location, ""
	case location == country || location == "":
		return "", country
	case ok:
		return city, country
	}
	return location, country
}

func decodeEducation(f *fields) Education {
	f.withoutNulls("courses", "honors", "keywords")
	return Education{
		InstitutionName: f.text("institution"),
		Degree:          f.text("studyType"),
		FieldOfStudy:    f.text("area"),
		Country:         f.extensionText("country"),
		Duration:        f.duration(),
		Description:     f.extensionDescription("description", "highlights"),
		Details:         f.rest(),
	}
}

func decodeProject(f *fields) Project {
	p := Project{
		Name:        f.text("name"),
		Category:    f.text("type"),
		Description: f.description("description", "highlights"),
		Duration:    f.duration(),
		SkillsUsed:  f.texts("keywords"),
	}
	roles := f.texts("roles")
	p.Role = strings.Join(roles, ", ")
	if !slices.Equal(roles, splitRoles(p.Role)) {
		f.keep("roles", tree.NewTexts(roles))
	}
	link, github := f.text("url"), f.extensionText("githubUrl")
	switch {
	case link != "" && github != "":
		p.LiveURL, p.GithubURL = link, github
	case github != "":
		p.GithubURL = github
		// Records that the source had this link as githubUrl, not as url.
		f.keep("githubUrl", tree.NewText(github))
	case isGithub(link):
		p.GithubURL = link
	default:
		p.LiveURL = link
	}
	p.Details = f.rest()
	return p
}

func splitRoles(role string) []string {
	if role == "" {
		return nil
	}
	return strings.Split(role, ", ")
}

func isGithub(link string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return host == "github.com" || host == "www.github.com"
}

// employmentTypeOf returns the employment type for a text such as "Full-time", or "" if
// it is unknown.
func employmentTypeOf(word string) EmploymentType {
	word = strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(word))
	if t := EmploymentType(word); slices.Contains(EmploymentTypes(), t) {
		return t
	}
	return ""
}
