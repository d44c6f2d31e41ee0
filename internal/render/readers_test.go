package render

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/letrazapp/letraz-export/internal/document/html"
)

// unreadable lists the samples whose script a reader cannot read in any file, with the
// reason.
var unreadable = map[string]string{}

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
			if c.faults() > 0 {
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
