package repair

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

const unknownHint = "JSON Resume has no member of this name"

// unknown reads a member of the root that is not in JSON Resume as a section of its own, if
// it has something to show. Otherwise it is kept.
func (r *rootReader) unknown(m tree.Member) {
	path := tree.MemberPath("", m.Name)
	if folded := fold(m.Name); folded == "language" || folded == "lang" || folded == "locale" {
		if v := m.Value; v.Kind == tree.Text && len(v.Text) <= 8 && (r.meta == nil || r.meta.Get("language").Absent()) {
			if r.meta == nil {
				r.meta = tree.NewObject()
			}
			r.meta.Set("language", v)
			r.repaired(path, "read as meta.language", "call it meta.language")
			return
		}
	}
	if !settings()[fold(m.Name)] && !strings.HasPrefix(m.Name, "$") && !strings.HasPrefix(m.Name, "_") && showable(m.Value) {
		if items := r.customItems(m.Value, path); len(items) > 0 {
			section := tree.NewObject(
				tree.Member{Name: "title", Value: tree.NewText(readable(m.Name))},
				tree.Member{Name: "items", Value: tree.NewList(items...)})
			r.custom = append(r.custom, placed{len(r.order), section})
			r.repaired(path, "shown as a section of its own", unknownHint)
			return
		}
	}
	name := m.Name
	for i := 2; taken(r.others, name) || r.reserved(name); i++ {
		name = fmt.Sprintf("%s_%d", m.Name, i)
	}
	r.others = append(r.others, tree.Member{Name: name, Value: m.Value})
	r.notes.Add(path, note.NotShown, "kept, but not shown", unknownHint)
}

// reserved reports whether the reader uses the name itself.
func (r *rootReader) reserved(name string) bool {
	return name == "$schema" || name == "basics" || name == "meta"
}

func taken(members []tree.Member, name string) bool {
	for _, m := range members {
		if m.Name == name {
			return true
		}
	}
	return false
}

// showable reports whether v has a text with letters.
func showable(v *tree.Value) bool {
	switch v.Kind {
	case tree.Text:
		return strings.TrimSpace(v.Text) != ""
	case tree.List:
		for _, item := range v.Items {
			if showable(item) || item.Kind == tree.Number {
				return true
			}
		}
	case tree.Object:
		for _, m := range v.Members {
			if showable(m.Value) {
				return true
			}
		}
	}
	return false
}

// customItems returns the items of a section of another name.
func (r *rootReader) customItems(v *tree.Value, path string) []*tree.Value {
	if v.Kind == tree.Text {
		return []*tree.Value{tree.NewObject(tree.Member{Name: "summary", Value: v})}
	}
	var items []*tree.Value
	for _, e := range r.quiet().entries("custom", v, path) {
		r.entry("custom", e)
		describe(e)
		if !e.Absent() {
			items = append(items, e.Value)
		}
	}
	return items
}

// describe adds the members of an item that have no place in it to its summary, with their
// names.
func describe(e entry) {
	var lines []string
	var rest []tree.Member
	for _, m := range e.Members {
		texts := leaves(nil, m.Value)
		_, known := specs()["custom"].index[fold(m.Name)]
		switch fold(m.Name) {
		case "id", "_id", "uuid", "order", "visible", "hidden", "enabled":
			known = true // of the program that wrote the file
		}
		if known || len(texts) == 0 || m.Value.Kind == tree.Bool {
			rest = append(rest, m)
			continue
		}
		lines = append(lines, readable(m.Name)+": "+strings.Join(texts, ", "))
	}
	if len(lines) == 0 {
		return
	}
	e.Members = rest
	added := tree.NewText(strings.Join(lines, "\n"))
	switch summary := e.member("summary"); {
	case summary == nil:
		e.Set("summary", added)
	case summary.Kind == tree.Text:
		join(paragraphs, summary, added)
	}
}

// addCustom adds the sections of other names to meta.letraz.custom, and says in
// meta.letraz.sections where they stand.
func (r *rootReader) addCustom() {
	if len(r.custom) == 0 {
		r.addTitles()
		return
	}
	letraz := r.letrazObject()
	custom := letraz.Get("custom")
	if letraz == nil || !custom.Absent() && custom.Kind != tree.List {
		for _, c := range r.custom {
			r.others = append(r.others, tree.Member{Name: c.section.Get("title").Text, Value: c.section.Get("items")})
		}
		return
	}
	first := custom.Absent()
	if first {
		custom = &tree.Value{Kind: tree.List}
		letraz.Set("custom", custom)
	}
	between := false
	for _, c := range r.custom {
		custom.Items = append(custom.Items, c.section)
		between = between || c.after < len(r.order)
	}
	between = between || len(r.titles) > 0
	if !first || !between || !letraz.Get("sections").Absent() || !letraz.Get("strengths").Absent() {
		return // at the end, or where the document says
	}
	plan := &tree.Value{Kind: tree.List}
	heading := func(name string) { plan.Items = append(plan.Items, r.heading(name)) }
	next := 0
	for i := 0; i <= len(r.order); i++ {
		for ; next < len(r.custom) && r.custom[next].after == i; next++ {
			heading("custom")
		}
		if i < len(r.order) {
			heading(r.order[i])
		}
	}
	letraz.Set("sections", plan)
}

// heading returns an entry of a plan of sections.
func (r *rootReader) heading(name string) *tree.Value {
	h := tree.NewObject(tree.Member{Name: "type", Value: tree.NewText(name)})
	if title := r.titles[name]; title != "" {
		h.Set("title", tree.NewText(title))
	}
	return h
}

// addTitles keeps the titles of sections that have a name in another language, unless the
// document says how its sections are called.
func (r *rootReader) addTitles() {
	if len(r.titles) == 0 {
		return
	}
	letraz := r.letrazObject()
	if letraz == nil || !letraz.Get("sections").Absent() || !letraz.Get("custom").Absent() || !letraz.Get("strengths").Absent() {
		return
	}
	plan := &tree.Value{Kind: tree.List}
	for _, name := range r.order {
		plan.Items = append(plan.Items, r.heading(name))
	}
	letraz.Set("sections", plan)
}

// letraz rewrites the items of custom sections.
func (r *rootReader) letraz() {
	custom := r.meta.Get("letraz").Get("custom")
	if custom == nil || custom.Kind != tree.List {
		return
	}
	for i, section := range custom.Items {
		if title := section.Get("title"); !title.Absent() {
			section.Set("title", r.text(title, tree.ItemPath("meta.letraz.custom", i)+".title", ", "))
		}
		items := section.Get("items")
		if items == nil || items.Kind != tree.List {
			continue
		}
		path := tree.ItemPath("meta.letraz.custom", i) + ".items"
		for j, item := range items.Items {
			if item.Kind == tree.Object {
				r.entry("custom", newEntry(tree.ItemPath(path, j), item))
			}
		}
	}
}
