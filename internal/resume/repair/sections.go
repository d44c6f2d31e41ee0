package repair

import (
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// section returns the entries of a section as they should be.
func (f *fixer) section(name string, v *tree.Value, path string) []*tree.Value {
	var out []*tree.Value
	for _, e := range f.entries(name, v, path) {
		roles := []entry{e}
		if name == "work" {
			roles = f.roles(e)
		}
		for _, e := range roles {
			f.entry(name, e)
			out = append(out, e.Value)
		}
	}
	return out
}

// entry rewrites one entry of a section.
func (f *fixer) entry(section string, e entry) {
	s := specs()[section]
	prepare(section, e)
	if _, ok := s.index["enddate"]; ok && section != "certificates" {
		f.period(section, e)
	}
	f.canonical(e, s)
	if _, ok := s.index["location"]; ok {
		location(section, e)
	}
	f.checkOrder(e)
}

// prepare gives members their names whose meaning depends on their values or on each other.
func prepare(section string, e entry) {
	switch section {
	case "work", "volunteer", "projects":
		// A description of the position is a text; a list are its highlights.
		if v := e.member("description"); v != nil && v.Kind == tree.List && e.member("highlights") == nil {
			rename(e, "description", "highlights")
		}
		if v := e.member("summary"); v != nil && v.Kind == tree.List && e.member("highlights") == nil {
			rename(e, "summary", "highlights")
		}
	case "skills":
		prepareSkill(e)
	case "education":
		if v := e.member("gpa"); v != nil && v.Kind == tree.Object && e.member("score") == nil {
			if score, scale := v.Get("value"), v.Get("scale"); len(v.Members) == 2 && !score.Absent() && !scale.Absent() {
				rename(e, "gpa", "score")
				e.Set("score", tree.NewText(score.Text+"/"+scale.Text))
			}
		}
		if v := e.member("thesis"); v != nil && v.Kind == tree.Object && e.member("description") == nil {
			rename(e, "thesis", "description")
		}
	case "certificates":
		if v := e.member("id"); v != nil && isIdentifier(v) && e.member("identifier") == nil {
			rename(e, "id", "identifier")
		}
	case "references":
		for _, name := range []string{"contact", "contactInfo", "contactInformation"} {
			switch v := e.member(name); {
			case v == nil:
			case v.Kind == tree.Object:
				e.Take(name)
				for _, m := range v.Members {
					e.keep(m.Name, m.Value)
				}
			case v.Kind == tree.Text && strings.Contains(v.Text, "@") && e.member("email") == nil:
				rename(e, name, "email")
			case v.Kind == tree.Text && e.member("phone") == nil:
				rename(e, name, "phone")
			}
		}
	}
	if section == "work" {
		if v := e.member("type"); v != nil && v.Kind == tree.Text && isEmployment(v.Text) && e.member("employmentType") == nil {
			rename(e, "type", "employmentType")
		}
	}
	if section == "projects" {
		if v := e.member("links"); v != nil && v.Kind == tree.Object {
			e.Take("links")
			for _, m := range v.Members {
				e.keep(m.Name, m.Value)
			}
		}
	}
}

// prepareSkill reads a category beside a name as the name of a group.
func prepareSkill(e entry) {
	category := "category"
	if e.member(category) == nil {
		category = "group"
	}
	v := e.member(category)
	if v == nil || v.Kind != tree.Text {
		return
	}
	switch name := e.member("name"); {
	case name == nil:
		rename(e, category, "name")
	case name.Kind == tree.Text && e.member("keywords") == nil && e.member("items") == nil && e.member("skills") == nil:
		e.Take(category)
		e.Set("keywords", tree.NewTexts([]string{name.Text}))
		e.Set("name", v)
	}
}

// rename renames a member. There must be none of the new name that is not empty.
func rename(e entry, old, name string) {
	e.Take(name)
	source := old
	if first, ok := e.names[old]; ok {
		source = first
	}
	e.names[name] = source
	for i := range e.Members {
		if e.Members[i].Name == old {
			e.Members[i].Name = name
		}
	}
}

// isIdentifier reports whether the id of a certificate is one that its issuer gave, rather
// than one of a database.
func isIdentifier(v *tree.Value) bool {
	if v.Kind == tree.Number {
		return len(v.Text) > 4 && isNumber(v.Text)
	}
	return v.Kind == tree.Text && strings.ContainsAny(v.Text, "0123456789") && len(v.Text) != 36 && len(v.Text) > 3
}

func isEmployment(text string) bool {
	switch fold(text) {
	case "fulltime", "parttime", "contract", "internship", "freelance", "selfemployed", "volunteer", "trainee":
		return true
	}
	return false
}

// location adds the city and region beside the location to it, and in work the country.
func location(section string, e entry) {
	var parts []string
	for _, name := range []string{"city", "town", "state", "region", "province"} {
		if v := e.member(name); v != nil && v.Kind == tree.Text {
			parts = append(parts, v.Text)
			e.Take(name)
		}
	}
	country := ""
	if section == "work" {
		country = e.text("country")
	}
	text := e.text("location")
	if e.member("location") != nil && text == "" {
		return
	}
	if len(parts) == 0 && (text == "" || country == "") {
		return
	}
	for _, part := range append(parts, country) {
		switch {
		case part == "" || contains(text, part):
		case text == "":
			text = part
		default:
			text += ", " + part
		}
	}
	e.Set("location", tree.NewText(text))
}

// contains reports whether part is one of the parts of a text between commas.
func contains(text, part string) bool {
	return text == part || slices.ContainsFunc(strings.Split(text, ","), func(s string) bool { return strings.TrimSpace(s) == part }) ||
		strings.HasSuffix(text, ", "+part)
}
