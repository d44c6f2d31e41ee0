package render

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/letrazapp/letraz-export/internal/document/html"
)

// allowance is how much a reader may misread of a sample in one template: words, fields of
// the naive parser, words of the source.
type allowance struct{ words, fields, source int }

// misreads lists what readers misread, by sample and reader. docs/pdf.md says why.
var misreads = map[string]allowance{
	// These know no text from right to left, or only with words of another kind than the browser writes.
	"arabic mupdf": {358, 37, 306}, "arabic pdfminer": {349, 37, 305}, "hebrew mupdf": {220, 24, 180}, "hebrew pdfminer": {214, 24, 180},
	// These take a text by itself for a line, or do not know where a line with two directions begins.
	"arabic pdfbox": {45, 3, 1}, "arabic poppler": {50, 12, 37}, "arabic poppler-raw": {88, 30, 33}, "arabic pypdf": {70, 26, 3}, "arabic pdfjs": {89, 25, 22},
	"hebrew pdfbox": {22, 0, 2}, "hebrew poppler": {36, 6, 21}, "hebrew poppler-raw": {47, 17, 10}, "hebrew pypdf": {60, 15, 8}, "hebrew pdfjs": {66, 15, 14},
	// Dates of titles that have two lines.
	"academic pdfminer": {0, 2, 0}, "german pdfminer": {0, 1, 0},
	// A mark that another one follows.
	"hindi pdfbox": {1, 0, 1},
	// Pictures of several characters, and addresses longer than a line.
	"emoji-longwords mupdf": {18, 0, 0}, "emoji-longwords pdfjs": {4, 0, 0}, "emoji-longwords pdfminer": {0, 1, 0},
	"emoji-longwords poppler": {2, 1, 4}, "emoji-longwords pypdf": {2, 0, 0},
}

// byPlace reports the readers that sort text by where it stands. Fields that are on one
// line may come out in another order.
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
			if faults > misreads[f.sample+" "+reader].words {
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
