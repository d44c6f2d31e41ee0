package coverage_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/coverage"
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/docx"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/document/markdown"
	"github.com/letrazapp/letraz-export/internal/document/tex"
	"github.com/letrazapp/letraz-export/internal/document/text"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
)

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

var (
	aWord = regexp.MustCompile(`w\d+z|9\d{5}`)
	tags  = regexp.MustCompile(`<[^>]*>`)
)

// written returns the text of a document in every format that needs no browser.
func written(t *rapid.T, d *document.Document) map[string]string {
	page, err := html.Write(d, html.Options{})
	if err != nil {
		t.Fatal(err)
	}
	word, err := docx.Write(d, html.Default, export.A4)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"html": tags.ReplaceAllString(string(page), ""), "docx": tags.ReplaceAllString(wordXML(t, word), ""),
		"txt": string(text.Write(d, 0)), "md": string(markdown.Write(d)), "tex": string(tex.Write(d, export.A4)),
	}
}

func wordXML(t *rapid.T, data []byte) string {
	file, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := file.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = part.Close() }() // it is only read
	xml, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return string(xml)
}

// Every word of a source is in the file of every format, or a note is on its value.
func TestMissing_EveryWordIsShownOrNoted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := &sourceMaker{T: t}
		source, err := json.Marshal(m.source())
		if err != nil {
			t.Fatal(err)
		}
		r, err := resume.Read(source, resume.ReadOptions{})
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		leaves, err := resume.Leaves(source)
		if err != nil {
			t.Fatal(err)
		}
		d, err := document.New(r)
		if err != nil {
			t.Fatal(err)
		}
		notes := append(r.Notes[:len(r.Notes):len(r.Notes)], render.Notes(d)...)
		notes = append(notes, coverage.Missing(leaves, d, notes)...)
		noted := map[string]note.Code{}
		for _, n := range notes {
			noted[n.Path] = n.Code
		}
		texts := written(t, d)
		for _, leaf := range leaves {
			if isNoted(noted, leaf.Path) {
				continue
			}
			for _, word := range aWord.FindAllString(leaf.Text, -1) {
				for format, text := range texts {
					if !strings.Contains(text, word) {
						t.Fatalf("%s is not in %s: %q of\n%s", leaf.Path, format, word, source)
					}
				}
			}
		}
	})
}

// isNoted reports whether a note is on a value, or on something around it that is left out.
func isNoted(noted map[string]note.Code, path string) bool {
	if _, ok := noted[path]; ok {
		return true
	}
	for i := range path {
		if code := noted[path[:i]]; (path[i] == '.' || path[i] == '[') && i > 0 && (code == note.NotShown || code == note.Dropped) {
			return true
		}
	}
	return false
}
