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
		f.hoist(name, e)
		roles := []entry{e}
		switch name {
		case "work":
			roles = f.roles(e)
		case "skills":
			roles = f.skillsOf(e)
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
	f.links(section, e)
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
			for _, m := range slices.Clone(v.Members) {
				t, ok := specs()["projects"].index[fold(m.Name)]
				if ok && (specs()["projects"].members[t.member].name == "url" || specs()["projects"].members[t.member].name == "githubUrl") && e.Get(m.Name) == nil {
					e.keep(m.Name, m.Value)
					v.Take(m.Name)
				}
			}
		}
	}
}

// skillsOf returns the entries for a group of skills, some of which have a level or years of
// their own: one for each of these, all with the name of the group.
func (f *fixer) skillsOf(e entry) []entry {
	s := specs()["skills"]
	at := slices.IndexFunc(e.Members, func(m tree.Member) bool {
		t, ok := s.index[fold(m.Name)]
		return ok && s.members[t.member].name == "keywords" && m.Value.Kind == tree.List && slices.ContainsFunc(m.Value.Items, isRatedSkill)
	})
	if at < 0 || hasAny(e, "level", "years", "rating", "proficiency", "experience") || e.text("name") == "" && e.text("category") == "" && e.text("title") == "" {
		return []entry{e}
	}
	list, path := e.Members[at].Value, e.at(e.Members[at].Name)
	f.repaired(path, "skills with a level of their own were read as entries of their own", "write an entry of skills for each level")
	var out []entry
	plain := false // the last entry takes further names
	for _, item := range list.Items {
		if plain && !isRatedSkill(item) {
			last := out[len(out)-1].Get("keywords")
			last.Items = append(last.Items, item)
			continue
		}
		one := newEntry(e.path, tree.NewObject())
		for i, m := range e.Members {
			t, known := s.index[fold(m.Name)]
			isName := known && s.members[t.member].name == "name" || fold(m.Name) == "category" || fold(m.Name) == "group"
			if i != at && (isName || len(out) == 0) {
				one.keep(m.Name, m.Value)
			}
		}
		if plain = !isRatedSkill(item); plain {
			one.keep("keywords", tree.NewList(item))
		} else {
			for _, m := range item.Members {
				if fold(m.Name) == "name" || fold(m.Name) == "skill" {
					one.keep("keywords", tree.NewList(m.Value))
				} else {
					one.keep(m.Name, m.Value)
				}
			}
		}
		out = append(out, one)
	}
	return out
}

// isRatedSkill reports whether a keyword is an object with a name, and a level or years.
func isRatedSkill(v *tree.Value) bool {
	if v.Kind != tree.Object || len(v.Members) < 2 {
		return false
	}
	named, rated := false, true
	for _, m := range v.Members {
		t, ok := specs()["skills"].find(m)
		name := ""
		if ok {
			name = specs()["skills"].members[t.member].name
		}
		switch {
		case (fold(m.Name) == "name" || fold(m.Name) == "skill") && m.Value.Kind == tree.Text && m.Value.Text != "":
			named = true
		case name != "level" && name != "years":
			rated = false
		}
	}
	return named && rated
}

// prepareSkill reads a category beside a name as the name of a group.
func prepareSkill(e entry) {
	for _, name := range []string{"percentage", "percent"} {
		if v := e.member(name); v != nil && v.Kind == tree.Number {
			e.Set(name, tree.NewText(v.Text+"%"))
		}
	}
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
