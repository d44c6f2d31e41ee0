package builders

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// move says which member of an entry becomes which.
type move struct{ to, from string }

// freshKind says how a section of FRESH is converted.
type freshKind struct {
	name  string // the root member of JSON Resume
	moves []move // beside those that all entries share
}

// freshKinds returns how the root members of FRESH are converted, except skills and
// disposition.
func freshKinds() map[string]freshKind {
	other := freshKind{custom, []move{{"name", "organization"}, {"name", "title"}, {"subtitle", "role"}, {"subtitle", "activity"},
		{"subtitle", "event"}, {"subtitle", "author"}, {"date", "date"}}}
	return map[string]freshKind{
		"employment": {"work", []move{{"name", "employer"}, {"position", "position"}}},
		"service":    {"volunteer", []move{{"organization", "organization"}, {"position", "position"}}},
		"education": {"education", []move{{"institution", "institution"}, {"institution", "title"}, {"studyType", "studyType"},
			{"area", "area"}, {"score", "grade"}, {"courses", "curriculum"}}},
		"projects": {"projects", []move{{"name", "title"}, {"type", "category"}, {"description", "description"},
			{"url", "url"}, {"githubUrl", "repo"}}},
		"recognition":     {"awards", []move{{"title", "title"}, {"awarder", "from"}, {"date", "date"}}},
		"writing":         {"publications", []move{{"name", "title"}, {"releaseDate", "date"}}},
		"languages":       {"languages", []move{{"language", "language"}, {"fluency", "level"}}},
		"interests":       {"interests", []move{{"name", "name"}}},
		"references":      {"references", []move{{"name", "name"}, {"position", "role"}, {"reference", "summary"}}},
		"testimonials":    {"references", []move{{"name", "name"}, {"reference", "quote"}}},
		"affiliation":     other,
		"governance":      other,
		"extracurricular": other,
		"samples":         other,
		"reading":         other,
		"speaking":        other,
	}
}

func convertFreshSection(c *conversion, root *source, member string) {
	if member == "skills" {
		freshSkills(c, root)
		return
	}
	kind, ok := freshKinds()[member]
	if !ok {
		return
	}
	list := root.list(member)
	about := root.sub(member)
	if about.value != nil {
		list = about.list("history")
		addText(c.basics, "summary", about.text("summary"))
	}
	title := ""
	if kind.name == custom {
		title = properTitle(member)
	}
	to := c.open(kind.name, title)
	for _, e := range list {
		entry := c.entry(e, "name")
		if entry.flag("private", true) {
			c.note(e.path, note.Dropped, "this entry is marked as private and was left out", "set private to false to have it in the document")
			continue
		}
		if entry.value.Get("private") != nil {
			entry.drop("private")
		}
		if kind.name == "awards" || kind.name == "volunteer" || kind.name == "references" {
			entry.settings("category") // such as "award": the section says the same
		}
		to.add(freshEntry(entry, kind))
	}
	// Such as the highest degree of all education.
	for _, m := range about.left() {
		if !m.Value.Absent() {
			c.note(about.at(m.Name), note.Dropped, "JSON Resume has no place for this member of the whole section", "put it into an entry")
		}
	}
}

// freshEntry converts one entry.
func freshEntry(s *source, kind freshKind) *tree.Value {
	out := tree.NewObject()
	freshPublisher(s, out)
	if authors := s.texts("author"); len(authors) > 0 {
		put(out, "subtitle", strings.Join(authors, ", "))
	}
	for _, m := range kind.moves {
		s.move(out, m.to, m.from)
	}
	s.move(out, "startDate", "start")
	s.move(out, "endDate", "end")
	if role := s.text("role"); role != "" && kind.name == "projects" {
		out.Set("roles", tree.NewTexts([]string{role}))
	} else {
		put(out, "role", role)
	}
	var others []string
	for _, e := range s.list("contact") {
		if other := freshContact(s.c.entry(e, "value"), out); other != "" {
			others = append(others, other)
		}
	}
	put(out, "contact", strings.Join(others, "\n"))
	for _, name := range []string{"url", "location", "summary", "highlights", "keywords"} {
		s.move(out, name, name)
	}
	s.rest(out)
	return out
}

// freshPublisher reads a publisher that is an object with name and url.
func freshPublisher(s *source, out *tree.Value) {
	p := s.sub("publisher")
	if p.value == nil {
		s.move(out, "publisher", "publisher")
		return
	}
	p.move(out, "publisher", "name")
	p.move(out, "publisherUrl", "url")
	p.rest(out)
}

// freshContact reads one contact of a reference. An e-mail address, telephone number or URL
// becomes a member; any other contact is returned as text with its label.
func freshContact(s *source, out *tree.Value) (other string) {
	label, category, value := s.text("label"), s.text("category"), s.text("value")
	name := strings.ToLower(category)
	if name == "" {
		name = strings.ToLower(label)
	}
	switch {
	case strings.Contains(name, "mail") && out.Get("email").Absent():
		put(out, "email", value)
		s.dropAll("category", "label")
	case (strings.Contains(name, "phone") || strings.Contains(name, "mobile")) && out.Get("phone").Absent():
		put(out, "phone", value)
		s.dropAll("category", "label")
	case strings.Contains(value, "://") && out.Get("url").Absent():
		put(out, "url", value)
		s.dropAll("category", "label")
	default:
		other = joinNotEmpty(": ", label, category, value)
	}
	left := tree.NewObject()
	s.rest(left)
	addTo(out, "contacts", left)
	return other
}

// freshSkills reads sets of skills, then single skills. A single skill that only repeats a
// name from a set is left out.
func freshSkills(c *conversion, root *source) {
	to := c.section("skills", "")
	all := root.sub("skills")
	if all.value == nil {
		for _, e := range root.list("skills") {
			to.add(freshSkill(c, e))
		}
		return
	}
	inSet := map[string]bool{}
	for _, e := range all.list("sets") {
		s := c.entry(e, "name")
		out := tree.NewObject()
		s.move(out, "name", "name")
		s.move(out, "level", "level")
		if keywords := s.texts("skills"); len(keywords) > 0 {
			out.Set("keywords", tree.NewTexts(keywords))
			for _, k := range keywords {
				inSet[k] = true
			}
		}
		s.rest(out)
		to.add(out)
	}
	for _, e := range all.list("list") {
		skill := freshSkill(c, e)
		if name := skill.Get("name"); len(skill.Members) == 1 && isScalar(name) && inSet[name.Text] {
			continue
		}
		to.add(skill)
	}
	addText(c.basics, "summary", all.text("summary"))
	rest := tree.NewObject()
	all.rest(rest)
	to.add(rest)
}

func freshSkill(c *conversion, e entry) *tree.Value {
	s := c.entry(e, "name")
	out := tree.NewObject()
	for _, name := range []string{"name", "level", "summary", "years"} {
		s.move(out, name, name)
	}
	s.rest(out)
	return out
}

// freshDisposition reads what kind of employment the person looks for, as a list.
func freshDisposition(c *conversion, root *source) {
	about := root.sub("disposition")
	if about.value == nil {
		return
	}
	var lines []string
	add := func(s *source, prefix string) {
		for _, m := range s.left() {
			switch {
			case m.Value.Absent():
			case isScalar(m.Value):
				text := words(s.text(m.Name))
				lines = append(lines, prefix+properTitle(m.Name)+": "+text)
				s.value.Set(m.Name, tree.NewText(text))
			case m.Value.Kind == tree.List:
				if texts := s.texts(m.Name); len(texts) > 0 {
					lines = append(lines, prefix+properTitle(m.Name)+": "+strings.Join(texts, ", "))
				}
			}
		}
	}
	relocation := about.sub("relocation")
	add(about, "")
	add(relocation, "Relocation, ")
	out := tree.NewObject()
	if len(lines) > 0 {
		out.Set("highlights", tree.NewTexts(lines))
	}
	about.rest(out)
	relocation.rest(out)
	c.section(custom, properTitle("disposition")).add(out)
}

// words returns a boolean as yes or no, and another text as it is.
func words(text string) string {
	switch text {
	case "true":
		return "yes"
	case "false":
		return "no"
	}
	return text
}
