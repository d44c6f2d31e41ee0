package builders

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// renderCVSection is one section of the source.
type renderCVSection struct {
	title string
	path  string
	list  *tree.Value
	entry entryType
}

// entryType is what the entries of a section are.
type entryType int

const (
	textEntry entryType = iota
	lineEntry
	bulletEntry
	numberedEntry
	normalEntry
	experienceEntry
	educationEntry
	publicationEntry
)

// entryTypeOf returns the type of an entry, which its members show.
func entryTypeOf(v *tree.Value) entryType {
	for _, sign := range []struct {
		member string
		entry  entryType
	}{
		{"institution", educationEntry}, {"company", experienceEntry}, {"position", experienceEntry},
		{"authors", publicationEntry}, {"journal", publicationEntry}, {"doi", publicationEntry},
		{"bullet", bulletEntry}, {"number", numberedEntry}, {"reversed_number", bulletEntry},
		{"details", lineEntry}, {"label", lineEntry}, {"name", normalEntry}, {"degree", educationEntry}, {"title", publicationEntry},
	} {
		if v.Get(sign.member) != nil {
			return sign.entry
		}
	}
	return textEntry
}

// renderCVSections reads the sections. The oldest versions had them beside the name, and
// their titles in order in a list.
func renderCVSections(c *conversion, cv *source, order []string) {
	var all []renderCVSection
	add := func(m tree.Member, path string) {
		s := renderCVSection{title: m.Name, path: path, list: m.Value}
		if m.Value.Kind != tree.List {
			s.list = tree.NewList(m.Value)
		}
		for _, item := range s.list.Items {
			if !item.Absent() {
				s.entry = entryTypeOf(item)
				break
			}
		}
		all = append(all, s)
	}
	if sections := cv.sub("sections"); sections.value != nil {
		for _, m := range sections.left() {
			if !m.Value.Absent() {
				add(m, sections.at(m.Name))
			}
		}
	}
	for _, m := range cv.left() {
		if m.Value.Kind == tree.List && !m.Value.Absent() {
			cv.take(m.Name)
			add(m, cv.at(m.Name))
		}
	}
	rank := layoutRank{}
	for i, title := range order {
		rank[strings.ToLower(title)] = i
	}
	slices.SortStableFunc(all, func(a, b renderCVSection) int {
		return cmp.Compare(rank.of(strings.ToLower(properTitle(a.title))), rank.of(strings.ToLower(properTitle(b.title))))
	})
	names := renderCVNames(all)
	for i, s := range all {
		convertRenderCVSection(c, s, names[i])
	}
}

// renderCVNames returns the root member of JSON Resume for each section: by title and
// type of the entries, then the first experiences, studies and publications by type
// alone.
func renderCVNames(all []renderCVSection) []string {
	names := make([]string, len(all))
	used := map[string]bool{}
	choose := func(i int, name string) {
		if name != "" && names[i] == "" && !used[name] {
			names[i], used[name] = name, true
		}
	}
	for i, s := range all {
		if name := renderCVName(s); isUsualTitle(name, s.title) {
			choose(i, name)
		}
	}
	for i, s := range all {
		choose(i, renderCVName(s))
	}
	for i, s := range all {
		switch s.entry {
		case experienceEntry:
			choose(i, "work")
		case educationEntry:
			choose(i, "education")
		case publicationEntry:
			choose(i, "publications")
		}
	}
	for i := range names {
		if names[i] == "" {
			names[i] = custom
		}
	}
	return names
}

// renderCVName returns the root member that the title of a section names, if its entries
// fit there.
func renderCVName(s renderCVSection) string {
	switch name := memberOfTitle(s.title); name {
	case "summary":
		if s.entry == textEntry {
			return name
		}
	case "work":
		if s.entry == experienceEntry {
			return name
		}
	case "volunteer":
		if s.entry == experienceEntry || s.entry == normalEntry {
			return name
		}
	case "education":
		if s.entry == educationEntry {
			return name
		}
	case "projects", "awards", "certificates":
		if s.entry == normalEntry {
			return name
		}
	case "publications":
		if s.entry == publicationEntry {
			return name
		}
	case "skills", "languages", "interests":
		if s.entry == lineEntry {
			return name
		}
	}
	return ""
}

func convertRenderCVSection(c *conversion, s renderCVSection, name string) {
	title := properTitle(s.title)
	if name == "summary" {
		var texts []string
		for _, e := range entries(s.list, s.path) {
			if isScalar(e.value) {
				texts = append(texts, e.value.Text)
			} else {
				addTo(c.basics, "summary_2", e.value)
			}
		}
		addText(c.basics, "summary", strings.Join(texts, "\n\n"))
		return
	}
	to := c.section(name, title)
	lines := &lineCollector{to: to}
	for _, e := range entries(s.list, s.path) {
		if isScalar(e.value) {
			lines.texts = append(lines.texts, e.value.Text)
			continue
		}
		entry := c.entry(e, "highlights")
		if lines.add(entry) {
			continue
		}
		lines.flush()
		to.add(renderCVEntry(entry, name))
	}
	lines.flush()
}

// lineCollector joins entries that are a paragraph or a line each into one entry.
type lineCollector struct {
	to      *section
	texts   []string
	bullets []string
	numbers []string
}

// add takes an entry that is nothing but a bullet or a number.
func (l *lineCollector) add(s *source) bool {
	if len(s.left()) != 1 {
		return false
	}
	if text := s.text("number"); text != "" {
		l.numbers = append(l.numbers, strconv.Itoa(len(l.numbers)+1)+". "+text)
		return true
	}
	if text := s.text("bullet", "reversed_number"); text != "" {
		l.bullets = append(l.bullets, nested(text))
		return true
	}
	return false
}

func (l *lineCollector) flush() {
	out := tree.NewObject()
	put(out, "summary", strings.Join(l.texts, "\n\n"))
	addText(out, "summary", strings.Join(l.numbers, "\n"))
	if len(l.bullets) > 0 {
		out.Set("highlights", tree.NewTexts(l.bullets))
	}
	l.to.add(out)
	l.texts, l.bullets, l.numbers = nil, nil, nil
}

// nested returns a highlight with its inner list: RenderCV takes every " - " for the
// start of an inner entry.
func nested(text string) string { return strings.ReplaceAll(text, " - ", "\n- ") }

// properTitle returns a section's title: as it is, or the words of a name such as
// work_experience with capitals.
func properTitle(name string) string {
	if strings.Contains(name, " ") || strings.ContainsFunc(name, unicode.IsUpper) {
		return name
	}
	words := strings.Split(name, "_")
	for i, word := range words {
		switch word {
		case "a", "and", "as", "at", "but", "by", "for", "from", "if", "in", "into", "like", "near", "nor", "of", "off", "on",
			"onto", "or", "over", "so", "than", "that", "to", "upon", "when", "with", "yet":
			continue
		}
		r, n := utf8.DecodeRuneInString(word)
		if n > 0 {
			words[i] = string(unicode.ToUpper(r)) + word[n:]
		}
	}
	return strings.Join(words, " ")
}

func joinNotEmpty(separator string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return strings.TrimSpace(s) == "" }), separator)
}
