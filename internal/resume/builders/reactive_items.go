package builders

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// reactiveName returns the root member of JSON Resume for a section, profiles for
// accounts, or "" if there is none.
func reactiveName(kind string) string {
	switch kind {
	case "work", "experience":
		return "work"
	case "certifications", "certificates":
		return "certificates"
	case "education", "awards", "publications", "volunteer", "interests", "languages", "projects", "references", "skills", "profiles":
		return kind
	}
	return ""
}

func convertReactiveSection(c *conversion, s reactiveSection) {
	list := s.list("items")
	s.settings("id", "columns", "icon", "separateLinks", "keepTogether", "startOnNewPage", "type", "isDuplicated")
	if s.value == nil || s.value.Kind != tree.Object {
		return
	}
	if len(list) > 0 && s.hidden("section") {
		return
	}
	if s.kind == "cover-letter" {
		c.note(s.path, note.Dropped, "a cover letter is not part of the resume and was left out", "")
		return
	}
	s.settings("visible", "hidden")
	name := reactiveName(s.kind)
	added := strings.HasPrefix(s.path, "customSections")
	if name == "profiles" && !added {
		if len(list) > 0 {
			reactiveHeading(c, s.source, "profiles")
		}
		for _, e := range list {
			if p := c.entry(e, "username"); !p.hidden("profile") {
				addTo(c.basics, "profiles", reactiveProfile(p))
			}
		}
		s.rest(c.basics)
		return
	}
	kind := name
	if name == "" || added {
		name = custom
	}
	to := c.section(name, s.title(name))
	for _, e := range list {
		item := c.entry(e, "summary")
		if item.hidden("entry") {
			continue
		}
		to.add(reactiveItem(item, kind))
	}
	// What else stands at the section, such as the text of a summary.
	left := tree.NewObject()
	s.moveHTML(left, "summary", "content")
	s.rest(left)
	to.add(left)
	if len(to.items) == 0 {
		s.dropAll("title", "name") // a heading over nothing
	}
}

// reactiveItem converts an entry of a section of this root member, or of an added one.
func reactiveItem(s *source, kind string) *tree.Value {
	s.settings("id", "icon", "iconColor", "visible", "hidden", "columns")
	out := tree.NewObject()
	level := reactiveLevel(s)
	// Version 5 calls the text of an entry description. Before, that was a short text
	// beside the summary.
	if s.value.Get("summary") == nil && kind != "skills" && kind != "languages" {
		s.moveHTML(out, "summary", "description", "content")
	}
	switch kind {
	case "work":
		s.move(out, "name", "company", "name")
		s.move(out, "position", "position")
		reactiveRoles(s, out)
	case "education":
		s.move(out, "institution", "institution", "school")
		s.move(out, "studyType", "studyType", "degree")
		s.move(out, "area", "area")
		s.move(out, "score", "score", "grade")
	case "awards":
		s.move(out, "title", "title")
		s.move(out, "awarder", "awarder")
	case "certificates":
		s.move(out, "name", "name", "title")
		s.move(out, "issuer", "issuer")
	case "publications":
		s.move(out, "name", "name", "title")
		s.move(out, "publisher", "publisher")
		s.move(out, "releaseDate", "date")
	case "volunteer":
		s.move(out, "organization", "organization")
		s.move(out, "position", "position")
	case "languages":
		s.move(out, "language", "language", "name")
		s.move(out, "fluency", "description", "fluency", "level")
		putLevel(s, out, "fluency", level)
	case "skills":
		s.move(out, "name", "name")
		s.move(out, "level", "description", "proficiency", "level")
		putLevel(s, out, "level", level)
	case "references":
		s.move(out, "name", "name")
		s.move(out, "position", "position", "description", "relationship")
		s.moveHTML(out, "reference", "summary")
		if text := out.Take("summary"); text != nil {
			out.Set("reference", text)
		}
	case "interests", "projects", "profiles":
		s.move(out, "name", "name", "network")
		s.move(out, "description", "description")
	default:
		s.move(out, "name", "name", "title")
		s.move(out, "subtitle", "description", "subtitle")
		s.move(out, "level", "level")
		putLevel(s, out, "level", level)
	}
	reactiveDates(s, out, kind)
	s.move(out, "location", "location")
	reactiveLink(s, out, "url", "website")
	s.moveHTML(out, "summary", "summary")
	if list := s.texts("keywords"); len(list) > 0 {
		out.Set("keywords", tree.NewTexts(list))
	}
	s.rest(out)
	return out
}

// moveHTML moves a text of the editor, unless it is empty.
func (s *source) moveHTML(out *tree.Value, to string, names ...string) {
	for _, name := range names {
		s.dropEmpty(name)
	}
	s.move(out, to, names...)
}

// dropEmpty drops a text of the editor that holds only empty elements.
func (s *source) dropEmpty(name string) {
	if v := s.peek(name); v != nil && v.Kind == tree.Text && !visibleHTML(v.Text) {
		s.settings(name)
	}
}

// reactiveDates reads the date or period of an entry: a text, or {start, end}.
func reactiveDates(s *source, out *tree.Value, kind string) {
	if d := s.sub("date"); d.value != nil {
		d.move(out, "startDate", "start")
		d.move(out, "endDate", "end")
		d.rest(out)
		return
	}
	switch kind {
	case "awards", "certificates":
		s.move(out, "date", "date")
	case "":
		s.period(out, "date", "date", "period")
	default:
		s.period(out, "endDate", "period", "date")
	}
}

// reactiveRoles reads the positions held one after the other at one employer.
func reactiveRoles(s *source, out *tree.Value) {
	for _, e := range s.list("roles") {
		role := s.c.entry(e, "position")
		role.settings("id")
		entry := tree.NewObject()
		role.move(entry, "position", "position")
		role.period(entry, "endDate", "period")
		role.moveHTML(entry, "summary", "description")
		role.rest(entry)
		addTo(out, "roles", entry)
	}
}

// marks is the number of marks, such as stars, that show how well something is mastered.
type marks struct {
	member string // where it stands
	text   string // as a share of all marks; "" if there are none
}

// reactiveLevel takes the number of marks.
func reactiveLevel(s *source) marks {
	for _, name := range []string{"level", "levelNum"} {
		v := s.peek(name)
		if v == nil || v.Kind != tree.Number {
			continue
		}
		s.take(name)
		switch {
		case v.Text == "0":
			s.drop(name)
			return marks{}
		case name == "levelNum" || len(v.Text) > 1 || v.Text > "5":
			return marks{name, v.Text + "/10"} // version 3, and 4 for a while
		default:
			return marks{name, v.Text + "/5"}
		}
	}
	return marks{}
}

// putLevel writes the number of marks where no words say the same.
func putLevel(s *source, out *tree.Value, name string, level marks) {
	switch {
	case level.text == "":
	case out.Get(name).Absent():
		put(out, name, level.text)
	default:
		s.drop(level.member)
	}
}
