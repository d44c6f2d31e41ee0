package builders

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/locales"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// pickValues returns a copy of a resume in which texts stand in several languages, such as
// "label": {"en": "Cook", "fr": "Cuisinier"}, with those of the language that is asked for,
// or else the first. It returns nil for any other resume.
func pickValues(root *tree.Value, language string) (*tree.Value, []note.Note) {
	p := valuePicker{languages: map[string]bool{}}
	p.find(root)
	if len(p.order) < 2 || p.found < 2 {
		return nil, nil
	}
	p.pick = p.order[0]
	for _, exact := range []bool{false, true} {
		for _, name := range p.order {
			if language != "" && sameLanguage(name, language, exact) {
				p.pick = name
				break
			}
		}
	}
	chosen := p.copy(root, "")
	var others []string
	for _, name := range p.order {
		if name != p.pick {
			others = append(others, name)
		}
	}
	notes := append([]note.Note{{Code: note.Imported, Message: fmt.Sprintf("texts stand in several languages in this file; %s was read", tree.Quoted(p.pick)),
		Hint: "ask for another language: " + strings.Join(others, ", ")}}, p.notes...)
	return withLanguage(chosen, p.pick), notes
}

type valuePicker struct {
	languages map[string]bool
	order     []string // of the languages, as they occur
	found     int      // values in several languages
	pick      string
	notes     []note.Note
}

// find collects the languages that values are in.
func (p *valuePicker) find(v *tree.Value) {
	if isTranslated(v) {
		p.found++
		for _, m := range v.Members {
			if !p.languages[m.Name] {
				p.languages[m.Name] = true
				p.order = append(p.order, m.Name)
			}
		}
		return
	}
	for _, item := range v.Items {
		p.find(item)
	}
	for _, m := range v.Members {
		p.find(m.Value)
	}
}

// isTranslated reports whether v is an object with a text, or a list of texts, for each of
// several languages.
func isTranslated(v *tree.Value) bool {
	if v.Kind != tree.Object || len(v.Members) < 2 {
		return false
	}
	for _, m := range v.Members {
		base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(m.Name), "_", "-"), "-")
		if !isLanguageTag(m.Name) || !hasWords(base) || m.Value.Kind != tree.Text && (m.Value.Kind != tree.List || holdsObjects(m.Value)) {
			return false
		}
	}
	return true
}

// hasWords reports whether a language is one of those that documents can be in.
func hasWords(tag string) bool {
	all, err := locales.All()
	return err == nil && all[tag] != nil
}

func holdsObjects(list *tree.Value) bool {
	for _, item := range list.Items {
		if item.Kind == tree.Object {
			return true
		}
	}
	return false
}

// copy returns v with the chosen texts. A value that is not in the language is in its first.
func (p *valuePicker) copy(v *tree.Value, path string) *tree.Value {
	out := *v
	switch {
	case isTranslated(v):
		at := 0
		for i, m := range v.Members {
			if m.Name == p.pick {
				at = i
			}
		}
		for i, m := range v.Members {
			if i != at && !m.Value.Absent() {
				p.notes = append(p.notes, note.Note{Path: tree.MemberPath(path, m.Name), Code: note.Dropped,
					Message: fmt.Sprintf("the text in %s was read, not this one", tree.Quoted(v.Members[at].Name))})
			}
		}
		return v.Members[at].Value
	case v.Kind == tree.List:
		out.Items = nil
		for i, item := range v.Items {
			out.Items = append(out.Items, p.copy(item, tree.ItemPath(path, i)))
		}
	case v.Kind == tree.Object:
		out.Members = nil
		for _, m := range v.Members {
			out.Members = append(out.Members, tree.Member{Name: m.Name, Value: p.copy(m.Value, tree.MemberPath(path, m.Name))})
		}
	}
	return &out
}
