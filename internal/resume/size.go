package resume

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// Limits of a resume, far above the usual size: an academic one of 40 pages has 150 kB
// of text, 1,500 entries and 2,000 tags. A resume within the limits is converted to any
// format in about a second and some ten megabytes of memory.
const (
	// MaxText bounds the bytes of all texts together, without the portrait.
	MaxText = 1 << 20
	// MaxImage bounds the bytes of the portrait as a data: URI.
	MaxImage = 12 << 20
	// MaxSections bounds the sections.
	MaxSections = 500
	// MaxEntries bounds the entries of all sections and the values of their lists.
	MaxEntries = 10_000
	// MaxMarks bounds the tags, line breaks and changes of script in all texts, which
	// divide them into paragraphs, list items and text runs.
	MaxMarks = 25_000
)

// TooLargeError means that a resume exceeds a limit. It has no content of the resume.
type TooLargeError struct {
	What  string // "bytes", "bytes of text", "bytes of the portrait", "sections", "entries", "tags, line breaks and changes of script", "levels of nested values"
	Limit int
}

// Error names the limit.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the resume has more than %d %s", e.Limit, e.What)
}

// Message describes the limit for users.
func (e *TooLargeError) Message() string {
	return fmt.Sprintf("This resume has more than %d %s, which is too much to be exported. Shorten it and export it again.", e.Limit, e.What)
}

// CheckSize returns a [*TooLargeError] if the resume exceeds a limit. It is much faster
// than any other processing of a resume.
func (r Resume) CheckSize() error {
	var n size
	n.person(r.Person)
	n.job(r.Job)
	n.text(r.Title, r.Language)
	n.details(r.Details)
	for _, s := range r.Sections {
		n.section(s)
	}
	for _, limit := range []struct {
		count int
		TooLargeError
	}{
		{n.bytes, TooLargeError{"bytes of text", MaxText}},
		{len(r.Person.Image), TooLargeError{"bytes of the portrait", MaxImage}},
		{len(r.Sections), TooLargeError{"sections", MaxSections}},
		{n.entries, TooLargeError{"entries", MaxEntries}},
		{n.marks, TooLargeError{"tags, line breaks and changes of script", MaxMarks}},
		{n.depth, TooLargeError{"levels of nested values", tree.MaxDepth}},
	} {
		if limit.count > limit.Limit {
			return &limit.TooLargeError
		}
	}
	return nil
}

// size is the size of a resume as counted against the limits.
type size struct{ bytes, entries, marks, depth int }

func (n *size) text(texts ...string) {
	for _, s := range texts {
		n.bytes += len(s)
		n.marks += strings.Count(s, "<") + strings.Count(s, "\n") + scriptChanges(s)
	}
}

// scriptChanges returns approximately how often the script changes in s. White space,
// punctuation and accented Latin letters belong to every script.
func scriptChanges(s string) int {
	changes, script := 0, 0
	for i := range len(s) {
		next := 0
		switch c := s[i]; {
		case c < 0x80:
			if c |= 0x20; c < 'a' || c > 'z' {
				continue
			}
		case c < 0xcd || c == 0xe2: // the middle of a character, Latin, or punctuation
			continue
		case c == 0xe0 || c == 0xe1: // the alphabets of Asia, 128 characters each
			next = int(c)<<8 | int(s[min(i+1, len(s)-1)]>>1)
		case c == 0xef || 0xe3 <= c && c <= 0xed: // Chinese, Japanese, Korean
			next = 0xe3
		default:
			next = int(c >> 2) // Cyrillic has four of these bytes, Arabic too
		}
		if next != script {
			changes++
			script = next
		}
	}
	return changes
}

// list adds a list of texts.
func (n *size) list(texts []string) {
	n.entries += len(texts)
	n.text(texts...)
}

// details adds raw members. Their values are counted by their separators.
func (n *size) details(d Details) {
	for name, raw := range d {
		n.text(name)
		n.raw(raw)
	}
}

// raw adds a JSON value, which must be valid.
func (n *size) raw(raw json.RawMessage) {
	n.bytes += len(raw)
	n.marks += scriptChanges(string(raw))
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
			if i < len(raw) && raw[i] == 'n' {
				n.marks++
			}
		case c == '"':
			quoted = !quoted
		case quoted && c == '<':
			n.marks++
		case quoted:
		case c == '{' || c == '[':
			depth++
			n.depth = max(n.depth, depth)
			n.entries++
		case c == '}' || c == ']':
			depth--
		case c == ',':
			n.entries++
		}
	}
}

func (n *size) person(p Person) {
	n.text(p.Title, p.FirstName, p.LastName, p.Headline, p.Email, p.Phone, p.Nationality, p.Address, p.City, p.Region,
		p.Postal, p.Country, p.Website, string(p.ProfileText))
	n.details(p.Details)
	n.entries += len(p.Profiles)
	for _, profile := range p.Profiles {
		n.text(profile.Network, profile.Username, profile.URL)
		n.details(profile.Details)
	}
}

func (n *size) job(j *Job) {
	if j == nil {
		return
	}
	n.text(j.Title, j.CompanyName, j.Location, string(j.EmploymentType), j.Salary.Currency, j.Description, j.JobURL)
	n.list(j.Requirements)
	n.list(j.Responsibilities)
	n.list(j.Benefits)
}

func (n *size) section(s Section) {
	n.text(string(s.Type), s.Title, s.Other.Kind)
	n.entries += len(s.Experience) + len(s.Education) + len(s.Projects) + len(s.Skills) + len(s.Strengths) + len(s.Other.Items)
	for _, e := range s.Experience {
		n.text(e.CompanyName, e.JobTitle, string(e.EmploymentType), e.City, e.Country, string(e.Description))
		n.details(e.Details)
	}
	for _, e := range s.Education {
		n.text(e.InstitutionName, e.Degree, e.FieldOfStudy, e.Country, string(e.Description))
		n.details(e.Details)
	}
	for _, p := range s.Projects {
		n.text(p.Name, p.Category, p.Role, string(p.Description), p.GithubURL, p.LiveURL)
		n.list(p.SkillsUsed)
		n.details(p.Details)
	}
	for _, k := range s.Skills {
		n.text(k.Name, k.Category, string(k.Proficiency))
		n.details(k.Details)
	}
	for _, q := range s.Strengths {
		n.text(q.Name, string(q.Description))
		n.details(q.Details)
	}
	for _, item := range s.Other.Items {
		n.text(item.Name, item.Subtitle, item.Level, item.URL, string(item.Summary))
		n.list(item.Keywords)
		n.details(item.Raw) // the other fields are read from it and would count twice
	}
}
