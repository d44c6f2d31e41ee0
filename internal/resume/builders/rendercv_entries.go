package builders

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// renderCVEntry converts an entry of a section of this root member.
func renderCVEntry(s *source, name string) *tree.Value {
	out := tree.NewObject()
	switch name {
	case "work":
		s.move(out, "name", "company")
		s.move(out, "position", "position")
	case "volunteer":
		s.move(out, "organization", "company", "name")
		s.move(out, "position", "position")
	case "education":
		s.move(out, "institution", "institution")
		s.move(out, "area", "area")
		s.move(out, "studyType", "degree", "study_type")
		s.move(out, "score", "gpa")
	case "publications":
		s.move(out, "name", "title")
		s.move(out, "authors", "authors")
		s.move(out, "publisher", "journal")
		s.move(out, "releaseDate", "date")
	case "awards":
		s.move(out, "title", "name")
	case "skills":
		s.move(out, "name", "label", "name")
		if details := s.text("details"); details != "" {
			out.Set("keywords", tree.NewTexts(splitList(details)))
		}
	case "languages":
		s.move(out, "language", "label", "name")
		s.move(out, "fluency", "details")
	case "interests":
		s.move(out, "name", "label", "name")
		if details := s.text("details"); details != "" {
			out.Set("keywords", tree.NewTexts(splitList(details)))
		}
	default:
		renderCVOther(s, out)
	}
	renderCVDates(s, out, name)
	s.move(out, "location", "location")
	linkOf(s, out)
	s.move(out, "summary", "summary")
	var highlights []string
	for _, text := range s.texts("highlights") {
		highlights = append(highlights, nested(text))
	}
	if len(highlights) > 0 {
		out.Set("highlights", tree.NewTexts(highlights))
	}
	s.rest(out)
	return out
}

// renderCVOther reads the names of an entry of any type.
func renderCVOther(s *source, out *tree.Value) {
	switch {
	case s.peek("company") != nil:
		s.move(out, "name", "company")
		s.move(out, "subtitle", "position")
	case s.peek("institution") != nil:
		s.move(out, "name", "institution")
		put(out, "subtitle", joinNotEmpty(", ", s.text("degree", "study_type"), s.text("area")))
	case s.peek("label") != nil:
		s.move(out, "name", "label")
		s.move(out, "summary", "details")
	case s.peek("authors") != nil || s.peek("journal") != nil:
		s.move(out, "name", "title")
		s.move(out, "subtitle", "journal")
		if authors := s.texts("authors"); len(authors) > 0 {
			put(out, "authors", strings.Join(authors, ", "))
		}
	default:
		s.move(out, "name", "name", "title")
		s.move(out, "summary", "details")
	}
}

// renderCVDates reads date, which counts alone, or start_date and end_date.
func renderCVDates(s *source, out *tree.Value, name string) {
	single := name == custom || name == "awards" || name == "certificates"
	if isScalar(s.peek("date")) {
		member := "endDate"
		if single {
			member = "date"
		}
		s.period(out, member, "date")
		return
	}
	s.move(out, "startDate", "start_date")
	if single && out.Get("startDate").Absent() {
		s.move(out, "date", "end_date")
	}
	s.move(out, "endDate", "end_date")
}

// linkOf takes the address of an entry. A name that is a Markdown link is one, too.
func linkOf(s *source, out *tree.Value) {
	s.move(out, "url", "url")
	for _, name := range []string{"name", "title", "organization"} {
		text := out.Get(name)
		if !isScalar(text) || !out.Get("url").Absent() {
			continue
		}
		words, address, ok := markdownLink(text.Text)
		if ok {
			out.Set(name, tree.NewText(words))
			put(out, "url", address)
		}
	}
}

// markdownLink splits a text that is one Markdown link and nothing else.
func markdownLink(text string) (words, address string, ok bool) {
	text = strings.TrimSpace(text)
	inner, found := strings.CutPrefix(text, "[")
	if !found || !strings.HasSuffix(inner, ")") {
		return "", "", false
	}
	words, address, ok = strings.Cut(strings.TrimSuffix(inner, ")"), "](")
	if !ok || strings.ContainsAny(words, "[]") || strings.ContainsAny(address, "()[] ") {
		return "", "", false
	}
	return words, address, true
}

// splitList splits "Go, SQL (Postgres, SQLite), C" at the commas outside brackets.
func splitList(text string) []string {
	var list []string
	depth, start := 0, 0
	for i, c := range text {
		switch c {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',', ';', '、', '，', '；':
			if depth <= 0 {
				list = append(list, strings.TrimSpace(text[start:i]))
				start = i + utf8.RuneLen(c)
			}
		}
	}
	list = append(list, strings.TrimSpace(text[start:]))
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}
