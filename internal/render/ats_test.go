package render

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/letrazapp/letraz-export/internal/ats"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
	"github.com/letrazapp/letraz-export/internal/theme"
)

// Every field of every sample is read from every template on every paper, with no
// word broken; -v prints the table.
func TestExtractionFindsEveryFieldOfEverySampleInEveryTemplate(t *testing.T) {
	t.Parallel()
	type row struct {
		name   string
		pages  int
		report export.ATSReport
	}
	var mu sync.Mutex
	var rows []row
	t.Cleanup(func() {
		slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.name, b.name) })
		var table strings.Builder
		w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(w, "document\tpages\tfields\tfound\twords\tbroken\tjoined\tlinks\tfound\theadings\tbookmarks\t")
		for _, r := range rows {
			c := r.report
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", r.name, r.pages, c.Fields, c.Found, c.Words, c.BrokenWords,
				c.JoinedWords, c.Links, c.LinksFound, c.Headings, c.Bookmarks)
		}
		_ = w.Flush()
		t.Log("\n" + table.String())
	})
	for _, s := range allSamples(t) {
		for _, tmpl := range theme.Templates() {
			for _, paper := range export.Papers() {
				name := s.Slug + "/" + tmpl.Name + "/" + string(paper)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					r := sampleResume(t, s)
					a, err := Render(t.Context(), testenv.Engine(t), r, Options{Format: export.PDF, Template: tmpl.Name, Paper: paper})
					if err != nil {
						t.Fatal(err)
					}
					report, err := ats.Check(a.Data, r, tmpl.Name)
					if err != nil {
						t.Fatal(err)
					}
					if problems := report.Problems(); len(problems) > 0 {
						t.Errorf("%q\n%+v", problems, report)
					}
					mu.Lock()
					defer mu.Unlock()
					rows = append(rows, row{name, a.Pages, report})
				})
			}
		}
	}
}
