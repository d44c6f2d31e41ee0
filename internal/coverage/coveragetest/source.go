// Package coveragetest makes arbitrary source files for tests that check that a document
// shows all of its source.
package coveragetest

import (
	"encoding/json"
	"fmt"
	"regexp"

	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/note"
)

// Source returns a JSON Resume file with members of the format and others. Every word in
// it, see Words, is there once.
func Source(t *rapid.T) []byte {
	m := sourceMaker{T: t}
	source, err := json.Marshal(m.source())
	if err != nil {
		t.Fatal(err)
	}
	return source
}

var aWord = regexp.MustCompile(`w\d+z|9\d{5}`)

// Words returns the words of Source in a text.
func Words(text string) []string { return aWord.FindAllString(text, -1) }

// Noted reports whether a note is on a value, or on something around it that is left out.
func Noted(notes []note.Note, path string) bool {
	codes := map[string]note.Code{}
	for _, n := range notes {
		codes[n.Path] = n.Code
	}
	if _, ok := codes[path]; ok {
		return true
	}
	for i := range path {
		if code := codes[path[:i]]; (path[i] == '.' || path[i] == '[') && i > 0 && (code == note.NotShown || code == note.Dropped) {
			return true
		}
	}
	return false
}

// sourceMaker makes JSON Resume documents in which every word is there once, so that
// none can be taken for another.
type sourceMaker struct {
	*rapid.T
	words int
}

func (m *sourceMaker) word() string {
	m.words++
	return fmt.Sprintf("w%dz", m.words)
}

// text is a text as people write them: words, paragraphs, lists, markup.
func (m *sourceMaker) text() string {
	switch a, b, c := m.word(), m.word(), m.word(); rapid.IntRange(0, 8).Draw(m.T, "shape") {
	case 0, 1, 2:
		return a
	case 3:
		return a + " " + b + ", " + c + "."
	case 4:
		return "**" + a + "** and " + b + " & <" + c
	case 5:
		return "<p>" + a + " <b>" + b + "</b></p><ul><li>" + c + "</li></ul>"
	case 6:
		return a + "\n\n- " + b + "\n- " + c
	case 7:
		return a + "<br>" + b + " (" + c + ")"
	default:
		return "[" + a + "](https://example.org/x) " + b + "_" + c
	}
}

// any is a value of any kind.
func (m *sourceMaker) any(depth int) any {
	kind := rapid.IntRange(0, 9).Draw(m.T, "kind")
	switch {
	case kind == 0:
		return 900000 + m.words
	case kind == 1 && depth > 0:
		return map[string]any{m.name(): m.any(depth - 1), m.name(): m.any(depth - 1)}
	case kind == 2 && depth > 0:
		return []any{map[string]any{m.name(): m.any(depth - 1)}}
	case kind <= 4:
		return []any{m.text(), m.text()}
	default:
		return m.text()
	}
}

func (m *sourceMaker) name() string {
	return rapid.SampledFrom([]string{"x-own", "own", "name", "title", "position", "label", "summary", "description", "highlights", "keywords", "technologies", "stack",
		"roles", "positions", "authors", "doi", "isbn", "gpa", "score", "specialization", "honors", "level", "fluency", "location", "identifier", "email", "phone",
		"department", "industry", "note", "courses", "type", "entity", "category", "awarder", "issuer", "publisher", "organization", "studyType", "area", "reference", "items"}).Draw(m.T, "name")
}

// entry is an entry of a section with some of the members that it should have, and others.
func (m *sourceMaker) entry(members ...string) map[string]any {
	e := map[string]any{}
	for _, name := range members {
		if rapid.IntRange(0, 3).Draw(m.T, "there") > 0 {
			e[name] = m.text()
		}
	}
	for range rapid.IntRange(0, 3).Draw(m.T, "others") {
		e[m.name()] = m.any(2)
	}
	return e
}

func (m *sourceMaker) source() map[string]any {
	root := map[string]any{"basics": m.entry("name", "label", "summary", "email", "phone"), "meta": map[string]any{"language": "en"}}
	for _, members := range [][]string{
		{"work", "name", "position", "summary"}, {"education", "institution", "studyType", "area"}, {"projects", "name", "description"}, {"skills", "name", "level"},
		{"volunteer", "organization", "position"}, {"awards", "title", "awarder"}, {"certificates", "name", "issuer"}, {"publications", "name", "publisher"},
		{"languages", "language", "fluency"}, {"interests", "name"}, {"references", "name", "reference"},
	} {
		section := members[0]
		n := rapid.IntRange(0, 2).Draw(m.T, section)
		var entries []any
		for range n {
			entries = append(entries, m.entry(members[1:]...))
		}
		if n > 0 {
			root[section] = entries
		}
	}
	if rapid.Bool().Draw(m.T, "own section") {
		root["x-section"] = m.any(3)
	}
	return root
}
