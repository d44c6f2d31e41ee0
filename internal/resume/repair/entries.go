package repair

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/dates"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// naming says which members of an entry hold what is given without an object.
type naming struct {
	name string // the text of the entry
	text string // a text beside the name
	list string // texts beside the name
}

var namings = map[string]naming{
	"work":         {"position", "summary", "highlights"},
	"volunteer":    {"organization", "summary", "highlights"},
	"education":    {"institution", "description", "highlights"},
	"projects":     {"name", "description", "highlights"},
	"skills":       {"name", "level", "keywords"},
	"awards":       {"title", "summary", "summary"},
	"certificates": {"name", "summary", "highlights"},
	"publications": {"name", "summary", "authors"},
	"languages":    {"language", "fluency", "summary"},
	"interests":    {"name", "summary", "keywords"},
	"references":   {"name", "reference", "reference"},
	"profiles":     {"network", "url", "url"},
	"custom":       {"name", "summary", "highlights"},
}

// entries returns the entries of a section as objects: those of a list; the parts of a
// text; the members of an object, if that is not an entry itself.
func (f *fixer) entries(section string, v *tree.Value, path string) []entry {
	switch {
	case v.Absent():
		return nil
	case v.Kind == tree.List:
		var out []entry
		noted := false
		for i, item := range v.Items {
			at := tree.ItemPath(path, i)
			switch item.Kind {
			case tree.Null:
			case tree.Object:
				if isPair(section, item) {
					m := item.Members[0]
					f.repaired(at, "read as an entry with the name "+tree.Quoted(m.Name), "write an object with the members of an entry")
					out = append(out, f.fromMember(section, m, tree.MemberPath(at, m.Name))...)
					continue
				}
				out = append(out, newEntry(at, item))
			case tree.List:
				out = append(out, f.entries(section, item, at)...)
			default:
				if !noted {
					f.wrongType(at, item, "an object", "read as the name of an entry")
					noted = true
				}
				out = append(out, named(section, item, at))
			}
		}
		return out
	case v.Kind == tree.Object && isEntry(section, v):
		f.wrongType(path, v, "a list", "read as a list of one")
		return []entry{newEntry(path, v)}
	case v.Kind == tree.Object:
		f.wrongType(path, v, "a list", "each member was read as an entry")
		var out []entry
		for _, m := range v.Members {
			if !m.Value.Absent() {
				out = append(out, f.fromMember(section, m, tree.MemberPath(path, m.Name))...)
			}
		}
		return out
	}
	split := lines
	switch section {
	case "skills", "languages", "interests":
		split = names
	case "certificates", "awards", "publications", "volunteer":
		if strings.Contains(v.Text, ";") && !strings.Contains(v.Text, "\n") {
			split = func(text string) []string { return strings.FieldsFunc(text, func(r rune) bool { return r == ';' }) }
		}
	}
	parts := split(v.Text)
	f.wrongType(path, v, "a list", listOf(len(parts)))
	var out []entry
	for _, part := range parts {
		out = append(out, named(section, tree.NewText(strings.TrimSpace(part)), path))
	}
	return out
}

// named returns the entry that a text stands for.
func named(section string, v *tree.Value, path string) entry {
	text := tree.NewText(v.Text)
	e := newEntry(path, tree.NewObject())
	name := namings[section].name
	switch {
	case section == "profiles" && strings.ContainsAny(v.Text, "/."):
		name = "url"
	case section == "skills":
		// "Languages: Go, SQL"
		label, rest, ok := strings.Cut(v.Text, ": ")
		if keywords := names(rest); ok && len(label) <= 40 && len(keywords) > 1 && !strings.ContainsAny(label, ",;") {
			e.Set("name", tree.NewText(label))
			e.Set("keywords", tree.NewTexts(keywords))
			return e
		}
	}
	e.Set(name, text)
	return e
}

// isPair reports an entry that is only a name and its value, such as {"Dutch": "A2"}. Names
// of members begin with small letters.
func isPair(section string, v *tree.Value) bool {
	switch section {
	case "skills", "languages", "interests":
	default:
		return false
	}
	if len(v.Members) != 1 || v.Members[0].Value.Absent() {
		return false
	}
	m := v.Members[0]
	if first, _ := utf8.DecodeRuneInString(m.Name); unicode.IsLower(first) || !unicode.IsLetter(first) {
		return false
	}
	_, known := specs()[section].index[fold(m.Name)]
	return !known && fold(m.Name) != "category" && fold(m.Name) != "group" && (m.Value.Kind == tree.Text || m.Value.Kind == tree.List)
}

// isEntry reports whether an object is an entry rather than a group of entries by name.
func isEntry(section string, v *tree.Value) bool {
	s, naming := specs()[section], namings[section]
	for _, m := range v.Members {
		t, ok := s.find(m)
		if !ok || m.Value.Absent() {
			continue
		}
		if t.rank == 0 || s.members[t.member].name == naming.name && m.Value.Kind == tree.Text {
			return true
		}
		switch s.members[t.member].form {
		case date, endDate:
			return true
		}
	}
	return false
}

// groupMembers are what entries are grouped by that have a name of their own.
var groupMembers = map[string]string{"work": "name", "education": "studyType", "awards": "category", "publications": "category", "certificates": "issuer", "references": "company"}

// yearMembers are the members for a year that entries are grouped by.
var yearMembers = map[string]string{
	"work": "startDate", "education": "endDate", "awards": "date", "certificates": "date", "publications": "releaseDate", "custom": "date",
}

// fromMember returns the entries for a member of an object where a list is expected: its
// name is the name of the entry or a number.
func (f *fixer) fromMember(section string, m tree.Member, path string) []entry {
	if isNumber(m.Name) {
		list := f.quiet().entries(section, tree.NewList(m.Value), path)
		if name := yearMembers[section]; name != "" && len(m.Name) == 4 && dates.IsCanonical(m.Name) {
			for _, e := range list {
				if e.member(name) == nil {
					e.Set(name, tree.NewText(m.Name))
				}
			}
		}
		return list
	}
	naming, label := namings[section], readable(m.Name)
	if section == "profiles" {
		if network := networks[fold(m.Name)]; network != "" {
			label = network
		}
	}
	e := newEntry(path, tree.NewObject())
	e.Set(naming.name, tree.NewText(label))
	v := m.Value
	switch v.Kind {
	case tree.Object:
		s := specs()[section]
		if (section == "skills" || section == "interests") && !slices.ContainsFunc(v.Members, func(m tree.Member) bool { _, ok := s.index[fold(m.Name)]; return ok }) {
			e.Set("keywords", labelled(v))
			return []entry{e}
		}
		for _, member := range v.Members {
			if t, ok := s.find(member); ok && s.members[t.member].name == naming.name && !member.Value.Absent() {
				e.Members = nil // it has a name of its own
				if group := groupMembers[section]; group != "" && !slices.ContainsFunc(v.Members, func(m tree.Member) bool {
					t, ok := s.find(m)
					return ok && s.members[t.member].name == group
				}) {
					e.keep(group, tree.NewText(label))
				} else {
					e.keep("group", tree.NewText(label))
				}
				break
			}
		}
		for _, member := range v.Members {
			e.keep(member.Name, member.Value)
		}
	case tree.List:
		if section == "work" && len(v.Items) > 0 && v.Items[0].Kind == tree.Object {
			return []entry{newEntry(path, tree.NewObject(tree.Member{Name: "name", Value: tree.NewText(label)}, tree.Member{Name: "roles", Value: v}))}
		}
		e.Set(naming.list, v)
	case tree.Bool:
		if v.Text != "true" {
			e.keep("value", v)
		}
	default:
		e.Set(f.memberOf(section, v.Text), v)
	}
	return []entry{e}
}

// memberOf returns the member for a text beside the name of an entry.
func (f *fixer) memberOf(section, text string) string {
	switch section {
	case "skills", "interests":
		if len(names(text)) > 1 {
			return "keywords"
		}
	case "profiles":
		if !strings.ContainsAny(text, "/") {
			return "username"
		}
	}
	return namings[section].text
}

// quiet returns a fixer whose notes are not kept, for repairs that are part of another.
func (f *fixer) quiet() *fixer { return &fixer{notes: &note.List{}} }
