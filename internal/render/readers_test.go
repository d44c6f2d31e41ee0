package render

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/letrazapp/letraz-export/internal/document/html"
)

// misreadScripts lists the samples that no file lets all readers read, with the reason.
var misreadScripts = map[string]string{
	"arabic":          "most readers return letters from right to left in the order in which they are seen",
	"hebrew":          "most readers return letters from right to left in the order in which they are seen",
	"hindi":           "most readers ignore ActualText and return vowels in the order in which they are seen",
	"thai":            "most readers ignore ActualText and return a vowel of two parts as two",
	"emoji-longwords": "most readers ignore ActualText and return pictures of several parts as their first part, or not at all",
}

// misreadFiles lists how many words or fields a reader may misread in a sample.
var misreadFiles = map[string]int{
	// Greek and Cyrillic titles in a template whose face lacks some of their letters.
	"greek-cyrillic pypdf": 7, "greek-cyrillic pdfminer": 1, "greek-cyrillic poppler": 1,
	// An expression with subscripts and superscripts.
	"academic pypdf": 2,
}

// byPlace reports the readers that sort text by where it stands. They may take dates at
// the end of their lines for a column of its own.
func byPlace(reader string) bool { return reader == "poppler" || reader == "pdfminer" }

// TestReaders_SameWords compares what other software reads in each sample in each
// template with the document. With -v it prints a table.
func TestReaders_SameWords(t *testing.T) {
	t.Parallel()
	compareFiles(t, readSamples(t))
}

func compareFiles(t *testing.T, files []readFile) {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "sample\treader\ttemplate: broken joined missing moved")
	total := map[string]*wordCount{}
	for _, f := range files {
		fields, _ := f.document.Fields(f.runOn)
		for _, reader := range readerNames {
			c := compareWords(fields, f.texts[reader])
			key := f.template + "\t" + reader
			if total[key] == nil {
				total[key] = &wordCount{}
			}
			total[key].add(c)
			faults := c.broken + c.joined + c.missing
			if !byPlace(reader) {
				faults += c.moved
			}
			if misreadScripts[f.sample] == "" && faults > misreadFiles[f.sample+" "+reader] {
				t.Errorf("%s misreads %d words of %s: %q", reader, faults, f, c.examples)
			}
			if faults+c.moved > 0 {
				fmt.Fprintf(w, "%s\t%s\t%s: %d %d %d %d of %d\n", f.sample, reader, f.template, c.broken, c.joined, c.missing, c.moved, c.words)
				for _, e := range c.examples[:min(len(c.examples), 4)] {
					fmt.Fprintf(w, "\t\t%s\n", e)
				}
			}
		}
	}
	for _, tm := range html.Templates() {
		for _, reader := range readerNames {
			c := total[tm.Name+"\t"+reader]
			if c == nil {
				continue
			}
			fmt.Fprintf(w, "TOTAL\t%s\t%s: %d %d %d %d of %d\n", reader, tm.Name, c.broken, c.joined, c.missing, c.moved, c.words)
		}
	}
	if err := w.Flush(); err != nil {
		t.Error(err)
	}
	t.Log("\n" + table.String())
}
