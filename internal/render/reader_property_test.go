package render

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/coverage"
	"github.com/letrazapp/letraz-export/internal/coverage/coveragetest"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/pdf"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// printedSources is the number of arbitrary sources that TestReaders_ArbitrarySource
// prints.
const printedSources = 15

// TestReaders_ArbitrarySource prints arbitrary sources: every word of theirs is in the
// text of the file, as this program and poppler read it, or a note is on its value. The
// sources are others in each run; their numbers are in the messages.
func TestReaders_ArbitrarySource(t *testing.T) {
	t.Parallel()
	sources := rapid.Custom(coveragetest.Source)
	words := 0
	for i := range printedSources {
		number := rand.IntN(1 << 30)
		template := html.Templates()[i%len(html.Templates())].Name
		n, fault := checkSourceWords(t, sources.Example(number), template)
		words += n
		if fault != "" {
			t.Errorf("source %d in %s: %s", number, template, fault)
		}
	}
	if words < 10*printedSources {
		t.Errorf("the sources have only %d words that are shown", words)
	}
}

// checkSourceWords prints a source and looks for its words. It returns how many it found, and
// what is missing.
func checkSourceWords(t *testing.T, source []byte, template string) (words int, fault string) {
	t.Helper()
	r, err := resume.Read(source, resume.ReadOptions{})
	if err != nil {
		return 0, fmt.Sprintf("%v in %s", err, source)
	}
	leaves, err := resume.Leaves(source)
	if err != nil {
		t.Fatal(err)
	}
	a := renderAnew(t, r, template, export.A4)
	notes := append(r.Notes[:len(r.Notes):len(r.Notes)], Notes(a.Document)...)
	notes = append(notes, coverage.Missing(leaves, a.Document, notes)...)
	path := filepath.Join(t.TempDir(), "arbitrary.pdf")
	if err := os.WriteFile(path, a.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{"this program": ownText(t, a.Data), "poppler": tool(t, "pdftotext", "-enc", "UTF-8", path, "-")}
	for _, leaf := range leaves {
		if coveragetest.Noted(notes, leaf.Path) {
			continue
		}
		for _, word := range coveragetest.Words(leaf.Text) {
			words++
			for reader, text := range texts {
				if !strings.Contains(text, word) {
					return words, fmt.Sprintf("%s does not find %q of %s in\n%s", reader, word, leaf.Path, source)
				}
			}
		}
	}
	return words, ""
}

// ownText returns the text of a PDF as package pdf reads it, by lines.
func ownText(t *testing.T, data []byte) string {
	t.Helper()
	file, err := pdf.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	text, err := file.Text()
	if err != nil {
		t.Fatal(err)
	}
	structure, err := file.Structure()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, line := range pdf.Lines(structure.Logical(text, nil)) {
		b.WriteString(line.Text + "\n")
	}
	return b.String()
}
