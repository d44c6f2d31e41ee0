package builders

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// conversion collects the parts of one JSON Resume.
type conversion struct {
	format   string
	basics   *tree.Value
	sections []*section
	extra    *tree.Value // root members without a place
	language string      // BCP 47 tag, or empty
	notes    []note.Note
	settings bool // whether settings of the program were dropped
}

// section is one section of the resume.
type section struct {
	name  string // a root member of JSON Resume, or custom
	title string // empty: the usual one
	items []*tree.Value
}

// custom is the name of a section without a root member in JSON Resume.
const custom = "custom"

func newConversion(format string) *conversion {
	c := &conversion{format: format, basics: tree.NewObject(), extra: tree.NewObject()}
	c.note("", note.Imported, "this is a file of "+format+", and was converted to JSON Resume", "")
	return c
}

func (c *conversion) note(path string, code note.Code, message, hint string) {
	c.notes = append(c.notes, note.Note{Path: path, Code: code, Message: message, Hint: hint})
}

// section adds a section and returns it. The second section with the same root member
// becomes a custom section. The usual English title of a section is dropped: the document
// then has the usual title in its own language.
func (c *conversion) section(name, title string) *section {
	if name != custom && c.has(name) {
		if title == "" {
			title = usualTitle(name)
		}
		name = custom
	}
	if name != custom && isUsualTitle(name, title) {
		title = ""
	}
	s := &section{name: name, title: title}
	c.sections = append(c.sections, s)
	return s
}

// open returns the section of this root member, which is added if there is none.
func (c *conversion) open(name, title string) *section {
	if name != custom {
		for _, s := range c.sections {
			if s.name == name {
				return s
			}
		}
	}
	return c.section(name, title)
}

// has reports whether there is a section of this root member.
func (c *conversion) has(name string) bool {
	for _, s := range c.sections {
		if s.name == name {
			return true
		}
	}
	return false
}

// add adds an entry to the section. An entry without content is left out, one for a
// custom section gets the member names of such.
func (s *section) add(item *tree.Value) {
	if item.Absent() {
		return
	}
	if s.name == custom {
		item = customItem(item)
	}
	s.items = append(s.items, item)
}

// customItem converts an entry of any section to an entry of a custom section. Its main
// members become name and subtitle; the others keep their names.
func customItem(item *tree.Value) *tree.Value {
	out := tree.NewObject()
	rename := func(to string, names ...string) {
		for _, name := range names {
			if v := item.Get(name); isScalar(v) && v.Text != "" && out.Get(to).Absent() {
				out.Set(to, item.Take(name))
			}
		}
	}
	rename("name", "name", "title", "institution", "organization", "language", "network")
	rename("subtitle", "subtitle", "studyType", "position", "issuer", "awarder", "publisher", "username", "event")
	if area := item.Get("area"); isScalar(area) && !out.Get("subtitle").Absent() {
		item.Take("area")
		out.Set("subtitle", tree.NewText(out.Get("subtitle").Text+", "+area.Text))
	}
	rename("subtitle", "area")
	rename("level", "level", "fluency")
	rename("date", "date", "releaseDate")
	rename("summary", "summary", "reference", "description")
	adopt(out, item.Members)
	return out
}

// finish returns the JSON Resume.
func (c *conversion) finish() *tree.Value {
	root := tree.NewObject(tree.Member{Name: "basics", Value: c.basics})
	customs := &tree.Value{Kind: tree.List}
	plan := &tree.Value{Kind: tree.List}
	needed := false
	for _, s := range c.sections {
		if len(s.items) == 0 {
			continue
		}
		heading := tree.NewObject(tree.Member{Name: "type", Value: tree.NewText(s.name)})
		if s.name == custom {
			customs.Items = append(customs.Items, tree.NewObject(
				tree.Member{Name: "title", Value: tree.NewText(s.title)},
				tree.Member{Name: "items", Value: tree.NewList(s.items...)}))
			needed = true
		} else {
			root.Set(s.name, tree.NewList(s.items...))
			if s.title != "" {
				heading.Set("title", tree.NewText(s.title))
				needed = true
			}
		}
		plan.Items = append(plan.Items, heading)
	}
	if meta := c.extra.Take("meta"); meta != nil {
		c.extra.Set("x-meta", meta)
	}
	adopt(root, c.extra.Members)
	letraz := tree.NewObject()
	if len(customs.Items) > 0 {
		letraz.Set("custom", customs)
	}
	if needed {
		letraz.Set("sections", plan)
	}
	meta := tree.NewObject()
	if c.language != "" {
		meta.Set("language", tree.NewText(c.language))
	}
	if !letraz.Absent() {
		meta.Set("letraz", letraz)
	}
	if !meta.Absent() {
		root.Set("meta", meta)
	}
	if c.settings {
		c.notes[0].Message += "; what is not part of the resume, such as settings and identifiers, was left out"
	}
	return root
}

// put sets a text member, unless it is empty. A member that is there is kept, and the text
// gets a name with a number.
func put(out *tree.Value, name, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	m := tree.Member{Name: name, Value: tree.NewText(text)}
	if out.Get(name) == nil {
		out.Members = append(out.Members, m)
		return
	}
	adopt(out, []tree.Member{m})
}

// addText adds a paragraph to a text member.
func addText(out *tree.Value, name, text string) {
	if old := out.Get(name); isScalar(old) && strings.TrimSpace(text) != "" {
		out.Set(name, tree.NewText(old.Text+"\n\n"+text))
		return
	}
	put(out, name, text)
}

// addTo adds an object to a list member.
func addTo(out *tree.Value, name string, item *tree.Value) {
	if item.Absent() {
		return
	}
	list := out.Get(name)
	if list == nil {
		list = &tree.Value{Kind: tree.List}
		out.Set(name, list)
	}
	list.Items = append(list.Items, item)
}
