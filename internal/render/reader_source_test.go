package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/letrazapp/letraz-export/internal/coverage"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// TestReaders_Source looks for each word of each value of a sample's JSON in what each
// reader reads, except values that the document shows in another form, such as dates.
// It does not use what was understood of the file. With -v it prints a table.
func TestReaders_Source(t *testing.T) {
	t.Parallel()
	checkSource(t, readSamples(t))
}

func checkSource(t *testing.T, files []readFile) {
	t.Helper()
	type count struct{ words, missing int }
	total := map[string]*count{} // by reader
	samples := map[string]*count{}
	for _, f := range files {
		leaves, err := resume.Leaves(f.source)
		if err != nil {
			t.Fatal(err)
		}
		values := coverage.InOwnWords(leaves, f.document)
		if len(values) < len(leaves)/3 {
			t.Errorf("of %d values of %s only %d are shown in their own words", len(leaves), f, len(values))
		}
		for _, reader := range readerNames {
			missing, words := missingWords(values, f.texts[reader])
			if len(missing) > misreads[f.sample+" "+reader].source {
				t.Errorf("%s does not find in %s %q", reader, f, missing)
			}
			for _, c := range []*count{at(total, reader), at(samples, f.sample+"\t"+reader)} {
				c.words += words
				c.missing += len(missing)
			}
		}
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, key := range slices.Sorted(maps.Keys(samples)) {
		if c := samples[key]; c.missing > 0 {
			fmt.Fprintf(w, "SOURCE\t%s\t%d of %d\n", key, c.missing, c.words)
		}
	}
	for _, reader := range readerNames {
		fmt.Fprintf(w, "SOURCE TOTAL\t%s\t%d of %d\n", reader, total[reader].missing, total[reader].words)
	}
	if err := w.Flush(); err != nil {
		t.Error(err)
	}
	t.Log("\n" + table.String())
}

// at returns the entry of a key, a new one if there is none.
func at[T any](m map[string]*T, key string) *T {
	c, ok := m[key]
	if !ok {
		c = new(T)
		m[key] = c
	}
	return c
}

// missingWords returns the words of some values that a text does not contain, and how
// many words they have. A word longer than a line may be cut.
func missingWords(values []coverage.Shown, text string) (missing []string, words int) {
	there := map[string]bool{}
	list := coverage.Words(text)
	for _, w := range list {
		there[w] = true
	}
	joined := strings.Join(list, "")
	for _, v := range values {
		for _, w := range v.Words {
			words++
			if !there[w] && (len([]rune(w)) < longWord || !strings.Contains(joined, w)) {
				missing = append(missing, v.Path+": "+w)
			}
		}
	}
	return missing, words
}
