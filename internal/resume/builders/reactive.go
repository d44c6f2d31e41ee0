package builders

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// Reactive Resume (https://rxresu.me) stores a resume as an object with basics, sections
// and metadata. Version 3 has dates as objects and Markdown, version 4 has the flag
// visible, URLs as {label, href} and HTML, version 5 has the flag hidden, websites as
// {label, url}, the summary and custom sections at the root, and roles. Members have
// other names in each, which do not contradict each other, so one function reads all.

func recognizeReactive(root *tree.Value) string {
	sections := root.Get("sections")
	basics := root.Get("basics")
	if sections == nil || sections.Kind != tree.Object || basics == nil || basics.Kind != tree.Object {
		return ""
	}
	found := false
	for _, m := range sections.Members {
		if m.Value.Kind == tree.Object && (m.Value.Get("items") != nil || m.Value.Get("content") != nil) {
			found = true
		}
	}
	metadata := root.Get("metadata")
	switch {
	case !found && metadata.Absent():
		return ""
	case root.Get("customSections") != nil || root.Get("picture") != nil || root.Get("summary") != nil:
		return "Reactive Resume v5"
	case sections.Get("work") != nil || basics.Get("photo") != nil:
		return "Reactive Resume v3"
	default:
		return "Reactive Resume v4"
	}
}

func convertReactive(c *conversion, root *source) {
	reactiveBasics(c, root)
	if summary := root.sub("summary"); summary.value != nil {
		reactiveSummary(c, summary)
	}
	sections := root.sub("sections")
	if summary := sections.sub("summary"); summary.value != nil {
		reactiveSummary(c, summary)
	}
	metadata := root.sub("metadata")
	reactiveLanguage(c, metadata)

	all := reactiveSections(root, sections)
	rank := reactiveOrder(metadata.value)
	slices.SortStableFunc(all, func(a, b reactiveSection) int { return cmp.Compare(rank.of(a.id), rank.of(b.id)) })
	for _, s := range all {
		convertReactiveSection(c, s)
	}
	if metadata.value != nil {
		root.drop("metadata")
	}
	root.settings("id", "shortId", "slug", "title", "name", "public", "visibility", "locked", "userId", "user",
		"createdAt", "updatedAt", "image", "tags", "isPublic", "isLocked")
	root.rest(c.extra)
}

// reactiveSection is one section of the source.
type reactiveSection struct {
	id   string // in the layout
	kind string // which entries it has
	*source
}

// reactiveSections returns all sections in the order of the source: the usual ones,
// then those that the person added.
func reactiveSections(root, sections *source) []reactiveSection {
	var all []reactiveSection
	for _, m := range sections.left() {
		path := sections.at(m.Name)
		if m.Name == custom && m.Value.Kind == tree.Object && m.Value.Get("items") == nil {
			for _, sub := range sections.c.object(m.Value, path).left() {
				all = append(all, reactiveSection{sub.Name, custom, sections.c.object(sectionObject(sub.Value), tree.MemberPath(path, sub.Name))})
			}
			continue
		}
		s := sections.c.object(sectionObject(m.Value), path)
		kind := m.Name
		if t := s.peek("type"); reactiveName(kind) == "" && isScalar(t) {
			kind = t.Text // a section of version 3 that was added or duplicated
		}
		all = append(all, reactiveSection{m.Name, kind, s})
	}
	for _, e := range root.list("customSections") {
		s := sections.c.entry(e, "content")
		id, kind := e.path, custom
		if v := s.peek("id"); isScalar(v) {
			id = v.Text
		}
		if v := s.peek("type"); isScalar(v) {
			kind = v.Text
		}
		all = append(all, reactiveSection{id, kind, s})
	}
	return all
}

// sectionObject returns a section that is a list or a text as an object.
func sectionObject(v *tree.Value) *tree.Value {
	switch v.Kind {
	case tree.Object:
		return v
	case tree.List:
		return tree.NewObject(tree.Member{Name: "items", Value: v})
	}
	return tree.NewObject(tree.Member{Name: "content", Value: v})
}

// layoutRank is the position of each section in the layout, by its identifier.
type layoutRank map[string]int

// of returns the position of a section. Sections that are not in the layout come last.
func (r layoutRank) of(id string) int {
	if n, ok := r[id]; ok {
		return n
	}
	return math.MaxInt
}

// reactiveOrder returns the order of the sections in the layout: page by page, the main
// column before the sidebar.
func reactiveOrder(metadata *tree.Value) layoutRank {
	rank := layoutRank{}
	var walk func(v *tree.Value, depth int)
	walk = func(v *tree.Value, depth int) {
		switch {
		case v == nil || depth == 0:
		case v.Kind == tree.Text:
			if id := strings.TrimPrefix(v.Text, "custom."); rank.of(id) == math.MaxInt {
				rank[id] = len(rank)
			}
		case v.Kind == tree.List:
			for _, item := range v.Items {
				walk(item, depth-1)
			}
		case v.Kind == tree.Object:
			for _, name := range []string{"pages", "main", "sidebar"} {
				walk(v.Get(name), depth-1)
			}
		}
	}
	walk(metadata.Get("layout"), 6)
	return rank
}

// reactiveLanguage takes the language from the metadata. The value that every new resume
// has says nothing.
func reactiveLanguage(c *conversion, metadata *source) {
	locale := metadata.value.Get("locale")
	if page := metadata.value.Get("page"); page.Get("locale") != nil {
		locale = page.Get("locale")
	}
	if locale != nil && locale.Kind == tree.Text && locale.Text != "en-US" && locale.Text != "en" {
		c.language = locale.Text
	}
}

// hidden reports whether the section or entry is not to be shown, and notes it.
func (s *source) hidden(what string) bool {
	invisible := s.flag("visible", false)
	if !s.flag("hidden", true) && !invisible {
		if s.value != nil {
			s.value.Take("visible")
			s.value.Take("hidden")
		}
		return false
	}
	s.c.note(s.path, note.Dropped, "this "+what+" is hidden in "+s.c.format+" and was left out", "make it visible there to have it in the document")
	return true
}

func reactiveSummary(c *conversion, s *source) {
	s.settings("id", "columns", "icon", "separateLinks", "keepTogether", "startOnNewPage", "type")
	if s.peek("content") != nil && s.hidden("summary") {
		return
	}
	s.settings("visible", "hidden")
	reactiveHeading(c, s, "summary")
	s.dropEmpty("content")
	addText(c.basics, "summary", s.text("content"))
	s.rest(c.basics)
}

// title takes the title of a section of this root member, or "" if it is the usual one.
func (s *source) title(name string) string {
	for _, member := range []string{"title", "name"} {
		if title := s.text(member); title != "" && isUsualTitle(name, title) {
			s.drop(member)
		} else if title != "" {
			return title
		}
	}
	return ""
}

// reactiveHeading takes the title of a section that has no heading of its own choice.
func reactiveHeading(c *conversion, s *source, name string) {
	if title := s.title(name); title != "" {
		c.note(s.path, note.NotShown, "the title "+tree.Quoted(title)+" is not shown: this section has the usual one", "")
	}
}
