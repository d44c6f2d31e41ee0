package document_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// marker fills every field of a resume with a text of its own, so that a field
// added to the domain and forgotten here shows up as a failure.
type marker struct {
	n     int
	marks map[string]string // marker → the field it stands in
}

// hidden are the fields that are not meant to be printed, or that other tests
// cover because they hold no free text.
var hidden = map[string]bool{
	"Section.Type": true, "Other.Kind": true, "Item.Raw": true, "Person.Image": true,
	"Experience.EmploymentType": true, "Skill.Proficiency": true, "Skill.Categorised": true,
	"Duration.Current": true, "Date.Month": true, "Date.Day": true,
	"Person.Details": true, "Profile.Details": true, "Strength.Details": true,
}

func (m *marker) next(field string) string {
	m.n++
	s := fmt.Sprintf("mark%04dx", m.n)
	m.marks[s] = field
	return s
}

func (m *marker) fill(v reflect.Value, field string) {
	if hidden[field] {
		return
	}
	switch v.Kind() {
	case reflect.String:
		switch s := m.next(field); {
		case strings.HasSuffix(field, "URL"), strings.HasSuffix(field, "Website"):
			v.SetString("https://" + s + ".example/")
		case strings.HasSuffix(field, "Email"):
			v.SetString(s + "@example.com")
		default:
			v.SetString(s)
		}
	case reflect.Int: // Date.Year
		m.n++
		v.SetInt(int64(1000 + m.n))
		m.marks[fmt.Sprint(1000+m.n)] = field
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			m.fill(v.Index(i), field)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			m.fill(v.Field(i), v.Type().Name()+"."+v.Type().Field(i).Name)
		}
	}
}

// details makes the members a row may carry besides its columns.
func (m *marker) details(row string, lists bool, names ...string) resume.Details {
	d := resume.Details{}
	for _, name := range names {
		value := m.next(row + " " + name)
		if name == "url" {
			value = "https://" + value + ".example/"
		}
		d[name], _ = json.Marshal(value)
		if lists && (name == "courses" || name == "roles") {
			d[name], _ = json.Marshal([]string{value})
		}
	}
	return d
}

func TestWriters_ShowEveryField(t *testing.T) {
	m := &marker{marks: map[string]string{}}
	r := resume.Resume{Language: "en"}
	m.fill(reflect.ValueOf(&r.Person).Elem(), "")

	section := func(kind resume.SectionType) *resume.Section {
		r.Sections = append(r.Sections, resume.Section{Type: kind, Title: m.next("Section.Title")})
		return &r.Sections[len(r.Sections)-1]
	}
	s := section(resume.SectionExperience)
	m.fill(reflect.ValueOf(&s.Experience).Elem(), "Experience")
	s.Experience[0].Details = m.details("Experience", true, "url", "description")
	s = section(resume.SectionEducation)
	m.fill(reflect.ValueOf(&s.Education).Elem(), "Education")
	s.Education[0].Details = m.details("Education", true, "url", "score", "courses")
	s = section(resume.SectionProject)
	m.fill(reflect.ValueOf(&s.Projects).Elem(), "Projects")
	s.Projects[0].Details = m.details("Project", true, "entity", "roles")
	s = section(resume.SectionSkill)
	m.fill(reflect.ValueOf(&s.Skills).Elem(), "Skills")
	s.Skills[0].Details = m.details("Skill", false, "level")
	s = section(resume.SectionStrength)
	m.fill(reflect.ValueOf(&s.Strengths).Elem(), "Strengths")
	for _, kind := range []string{"volunteer", "awards", "certificates", "publications", "languages", "interests", "references", "custom", "unheard-of"} {
		s = section(resume.SectionOther)
		s.Other.Kind = kind
		m.fill(reflect.ValueOf(&s.Other.Items).Elem(), "Items")
	}

	all := written(t, r)
	page, err := html.Write(documenttest.New(t, r), html.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, all["html"], _ = strings.Cut(string(page), "<body")
	for format, text := range all {
		for mark, field := range m.marks {
			if !strings.Contains(text, mark) {
				t.Errorf("%s: %s is not shown (%s)", format, field, mark)
			}
		}
	}
}
