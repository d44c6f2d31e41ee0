package resume

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// MarshalJSONResume returns a resume as an indented JSON Resume 1.0.0 document. The
// members of its root are in the order of r.Sections. Several sections of one type are
// merged to one root member, with the first title among them.
//
// Fields take precedence over Details. Formatting in rich text is dropped. Data without
// a member in JSON Resume goes into meta.letraz (see letraz.go). The IDs, the owner and
// the title of the resume are not included.
//
// It returns an error if Details are not valid JSON.
func MarshalJSONResume(r Resume) ([]byte, error) {
	sections := mergeSections(r.Sections)
	root := newObject("the resume", r.Details)
	root.detail("$schema")
	basics, err := encodePerson(r.Person)
	if err != nil {
		return nil, err
	}
	root.put("basics", basics)
	for _, s := range sections {
		if name := s.memberName(); name != kindCustom && name != nameStrengths {
			entries, err := encodeSection(s)
			if err != nil {
				return nil, err
			}
			root.put(name, &tree.Value{Kind: tree.List, Items: entries})
		}
	}
	meta, err := encodeMeta(r, sections, root.takeDetail("meta"))
	if err != nil {
		return nil, err
	}
	root.put("meta", meta)
	if _, err := root.finish(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, root.value.Append(nil), "", "  "); err != nil {
		return nil, fmt.Errorf("indenting a JSON Resume: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// mergeSections merges the sections that share a root member and drops empty ones.
func mergeSections(sections []Section) []Section {
	var merged []Section
	first := map[string]int{}
	for _, s := range sections {
		name := s.memberName()
		if s.Empty() && s.Other.Kind != kindCustom {
			continue
		}
		i, ok := first[name]
		if !ok || name == kindCustom {
			first[name] = len(merged)
			merged = append(merged, s)
			continue
		}
		m := &merged[i]
		if m.Title == "" {
			m.Title = s.Title
		}
		m.Experience = concat(m.Experience, s.Experience)
		m.Education = concat(m.Education, s.Education)
		m.Projects = concat(m.Projects, s.Projects)
		m.Skills = concat(m.Skills, s.Skills)
		m.Strengths = concat(m.Strengths, s.Strengths)
		m.Other.Items = concat(m.Other.Items, s.Other.Items)
	}
	return merged
}

// concat appends b to a copy of a.
func concat[T any](a, b []T) []T { return append(a[:len(a):len(a)], b...) }

func encodePerson(p Person) (*tree.Value, error) {
	o := newObject("basics", p.Details)
	location := newObject("basics.location", o.takeObject("location"))
	location.text("address", p.Address)
	location.text("postalCode", p.Postal)
	location.text("city", p.City)
	location.text("countryCode", p.Country)
	location.text("region", p.Region)
	where, err := location.finish()
	if err != nil {
		return nil, err
	}
	o.text("name", p.FullName())
	o.text("label", p.Headline)
	o.text("image", p.Image)
	o.text("email", p.Email)
	o.text("phone", p.Phone)
	o.text("url", p.Website)
	summary, _, ok := o.sourceOf(p.ProfileText, "summary", "")
	if !ok {
		summary = p.ProfileText.asPlain()
	}
	o.text("summary", summary)
	o.put("location", where)
	profiles := &tree.Value{Kind: tree.List}
	for i, profile := range p.Profiles {
		po := newObject("basics.profiles entry "+strconv.Itoa(i), profile.Details)
		po.text("network", profile.Network)
		po.text("username", profile.Username)
		po.text("url", profile.URL)
		v, err := po.finish()
		if err != nil {
			return nil, err
		}
		profiles.Items = append(profiles.Items, v)
	}
	o.put("profiles", profiles)
	return o.finish()
}

// asPlain returns the text for a member that has no separate list of highlights.
func (t RichText) asPlain() string {
	summary, highlights := t.Split()
	if len(highlights) > 0 {
		return t.Plain()
	}
	return summary
}
