package pdfwrite

import (
	"fmt"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// Glyph 0 is the box for a missing character. No sample shows it.
func TestSamples_NoMissingGlyphs(t *testing.T) {
	t.Parallel()
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		for _, template := range html.Templates() {
			t.Run(s.Slug+"/"+template.Name, func(t *testing.T) {
				t.Parallel()
				r, err := resume.ParseJSONResume(s.JSON)
				if err != nil {
					t.Fatal(err)
				}
				d, err := document.New(r)
				if err != nil {
					t.Fatal(err)
				}
				page, err := html.Write(d, html.Options{Template: template.Name})
				if err != nil {
					t.Fatal(err)
				}
				f, err := parsed(printed(t, string(page)))
				if err != nil {
					t.Fatal(err)
				}
				if boxes, glyphs := shownBoxes(t, f); boxes > 0 || glyphs < 20 {
					t.Errorf("of %d glyphs %d are boxes", glyphs, boxes)
				}
			})
		}
	}
}

func TestShownBoxes(t *testing.T) {
	t.Parallel()
	for _, family := range []string{"Vollkorn", "Noto Serif CJK JP"} { // with two-byte codes, with one-byte codes
		f, err := parsed(printed(t, fmt.Sprintf("<!doctype html><p style='font-family:%q'>日 \U000F1234", family)))
		if err != nil {
			t.Fatal(err)
		}
		if boxes, glyphs := shownBoxes(t, f); boxes != 1 {
			t.Errorf("%s: of %d glyphs %d are boxes", family, glyphs, boxes)
		}
	}
}

// shownBoxes counts the glyphs that the text shows, and glyph 0 among them.
func shownBoxes(t *testing.T, f *parsedFile) (boxes, glyphs int) {
	t.Helper()
	for _, n := range f.contents() {
		content := f.inflate(f.get(n))
		width := 0 // hexadecimal digits of a code
		ok := textOperands(content, func(s operand) {
			text := content[s.from:s.to]
			if s.font {
				width = 2
				if string(entry(f.get(fontNumber(text)).body, "Subtype")) == "/Type0" {
					width = 4
				}
				return
			}
			for ; len(text) >= width; text = text[width:] {
				glyphs++
				if code, _ := hexNumber(fmt.Appendf(nil, "<%s>", text[:width])); code == 0 {
					boxes++
				}
			}
		})
		if !ok {
			t.Fatalf("unexpected form of content stream %d", n)
		}
	}
	return boxes, glyphs
}
