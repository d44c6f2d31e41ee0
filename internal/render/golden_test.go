package render

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
)

var updateGolden = flag.Bool("update", false, "write the golden files anew")

// The golden files hold what every sample is in every template on every paper:
//
//	SAMPLE.html              the page that is printed, without what templates and papers change
//	SAMPLE.TEMPLATE.html     the same in a template that orders it in another way
//	TEMPLATE.css             the stylesheet in it
//	SAMPLE.txt               its text, as pdftotext reads it from the file
//	SAMPLE.TEMPLATE.PAPER.txt  the same where a file reads otherwise
//	pages.txt                how many pages there are
//	TEMPLATE/SAMPLE.png      what the pages look like, small
//	machine.txt              the programs and fonts they were made with
const goldenDir = "testdata/golden"

// howToUpdate ends every failure message.
const howToUpdate = "\nIf this is meant: go test ./internal/render -run Golden -update, then look at what git shows."

func goldenFile(name ...string) string { return filepath.Join(append([]string{goldenDir}, name...)...) }

// TestGoldenHTML compares pages byte for byte. The parts that differ between templates
// and papers are separated, so that one file serves for all pages of a sample and a
// change is a readable diff.
func TestGoldenHTML(t *testing.T) {
	for _, s := range allSamples(t) {
		usual := ""
		for _, template := range html.Templates() {
			for _, paper := range export.Papers() {
				name := s.Slug + " in " + template.Name + " on " + string(paper)
				page := pageIn(t, sampleResume(t, s), template.Name, paper)
				shared, style, err := unlike(string(page.HTML), template.Name, paper)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				first := paper == export.Papers()[0]
				if usual == "" {
					usual = shared
				}
				if shared == usual {
					checkGolden(t, name, goldenFile(s.Slug+".html"), shared, first && template.Name == html.Default)
				} else {
					checkGolden(t, name, goldenFile(s.Slug+"."+template.Name+".html"), shared, first)
				}
				checkGolden(t, name, goldenFile(template.Name+".css"), style, first)
			}
		}
	}
	checkUnused(t, "*.html", "*.css")
}

// unlike splits a page into the part common to all templates and papers, and the
// stylesheet with one rule per line.
func unlike(page, template string, paper export.Paper) (shared, style string, err error) {
	before, rest, ok := strings.Cut(page, "<style>\n")
	style, after, ok2 := strings.Cut(rest, "\n@page { size: ")
	if !ok || !ok2 {
		return "", "", errors.New("the page's stylesheet is not where it was")
	}
	after = "\n@page { size: " + after
	// Pages that need the rules for rare elements have them; they are the page's own.
	style, rare, _ := strings.Cut(style, " .text hr {")
	sheet := map[export.Paper]string{export.A4: "A4", export.Letter: "letter"}[paper]
	for old, new := range map[string]string{
		"@page { size: " + sheet + ";":                             "@page { size: PAPER;",
		fmt.Sprintf("<body class=%q>", template+" "+string(paper)): `<body class="TEMPLATE PAPER">`,
	} {
		if strings.Count(after, old) != 1 {
			return "", "", fmt.Errorf("the page has %d times %s", strings.Count(after, old), old)
		}
		after = strings.Replace(after, old, new, 1)
	}
	if rare != "" {
		after = " .text hr {" + rare + after
	}
	return before + "<style>\nSTYLESHEET" + after, strings.ReplaceAll(style, "} ", "}\n") + "\n", nil
}

// checkGolden compares a text with its golden file, or writes the file when updating.
func checkGolden(t *testing.T, name, file, got string, first bool) {
	t.Helper()
	if *updateGolden && first {
		writeGolden(t, file, []byte(got))
	}
	want, err := readGolden(file)
	if err != nil {
		t.Errorf("%s: %v%s", name, err, howToUpdate)
		return
	}
	if got != string(want) {
		t.Errorf("%s is not what %s has:\n%s%s", name, file, firstDifference(strings.Split(string(want), "\n"), strings.Split(got, "\n")), howToUpdate)
	}
}

// goldenUsed has the golden files that this run has read or written.
var goldenUsed sync.Map

func readGolden(file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err == nil {
		goldenUsed.Store(file, true)
	}
	return data, err
}

func writeGolden(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	goldenUsed.Store(file, true)
}

// checkUnused finds files of samples and templates that are no more, and of
// what is read like all others by now.
func checkUnused(t *testing.T, patterns ...string) {
	t.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(goldenDir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if _, used := goldenUsed.Load(file); used {
				continue
			}
			if !*updateGolden {
				t.Errorf("%s belongs to nothing%s", file, howToUpdate)
			} else if err := os.Remove(file); err != nil {
				t.Error(err)
			}
		}
	}
}

// firstDifference shows the first difference of two lists of lines or words, with its
// context.
func firstDifference(want, got []string) string {
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	around := func(list []string) string {
		return strings.Join(list[max(0, min(len(list), at)-3):min(len(list), at+4)], "\n\t\t")
	}
	return fmt.Sprintf("\tgolden:\n\t\t%s\n\tnow:\n\t\t%s", around(want), around(got))
}
