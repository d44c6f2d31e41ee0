package coverage_test

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/coverage"
	"github.com/letrazapp/letraz-export/internal/coverage/coveragetest"
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/docx"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/document/markdown"
	"github.com/letrazapp/letraz-export/internal/document/tex"
	"github.com/letrazapp/letraz-export/internal/document/text"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
)

var tags = regexp.MustCompile(`<[^>]*>`)

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
		source := coveragetest.Source(t)
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
		texts := written(t, d)
		for _, leaf := range leaves {
			if coveragetest.Noted(notes, leaf.Path) {
				continue
			}
			for _, word := range coveragetest.Words(leaf.Text) {
				for format, text := range texts {
					if !strings.Contains(text, word) {
						t.Fatalf("%s is not in %s: %q of\n%s", leaf.Path, format, word, source)
					}
				}
			}
		}
	})
}
