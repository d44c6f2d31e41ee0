package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/ats"
	"github.com/letrazapp/letraz-export/internal/coverage"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

// checkFlags are the flags of checking that software can read the rendered file.
type checkFlags struct {
	Check bool `help:"Read the PDF as applicant tracking systems do, compare the document with its source, and print what is found. The exit status is 1 when something is missing, broken or out of order."`
	JSON  bool `name:"json" help:"Print what --check finds as JSON."`
}

func (f checkFlags) validate(format export.Format) error {
	if f.Check && format != export.PDF {
		return errors.New("--check goes with the format pdf only")
	}
	if f.JSON && !f.Check {
		return errors.New("--json goes with --check only")
	}
	return nil
}

// run checks a file, also against the leaves of its source, and prints the report. Its
// error lists what is wrong with the file.
func (f checkFlags) run(e *env, name string, file render.Artifact, leaves []resume.Leaf, template string) error {
	report, err := ats.Check(file.Data, file.Document, template)
	if err != nil {
		return fmt.Errorf("checking %s: %w", name, err)
	}
	coverage.Compare(leaves, file.Document, file.Notes).Report(&report)
	if f.JSON {
		out := json.NewEncoder(e.stdout)
		out.SetIndent("", "  ")
		err = out.Encode(api.ATS(report))
	} else {
		err = printReport(e.stdout, report)
	}
	if err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	if problems := report.Problems(); len(problems) > 0 {
		return fmt.Errorf("%s: %s", name, strings.Join(problems, "; "))
	}
	return nil
}

func printReport(w io.Writer, r export.ATSReport) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	count := func(n int) string { return fmt.Sprint(n) }
	yes := map[bool]string{true: "yes", false: "no"}
	for _, row := range [][2]string{
		{"fields found", fmt.Sprintf("%d of %d", r.Found, r.Fields)},
		{"missing", strings.Join(r.Missing, ", ")},
		{"values of the source shown", fmt.Sprintf("%d of %d", r.SourceFound, r.SourceValues)},
		{"not shown", strings.Join(r.SourceMissing, ", ")},
		{"out of order", strings.Join(r.OutOfOrder, ", ")},
		{"words", count(r.Words)},
		{"broken words", count(r.BrokenWords)},
		{"words without a blank", count(r.JoinedWords)},
		{"in", strings.Join(r.Broken, ", ")},
		{"ligatures", count(r.Ligatures)},
		{"unreadable characters", count(r.Unreadable)},
		{"other letters", count(r.StrayLetters)},
		{"links found", fmt.Sprintf("%d of %d", r.LinksFound, r.Links)},
		{"other links", count(r.StrayLinks)},
		{"structure", yes[r.Tagged]},
		{"language", r.Language},
		{"title shown", yes[r.Titled]},
		{"headings", fmt.Sprintf("%d, in order: %s", r.Headings, yes[r.HeadingsInOrder])},
		{"bookmarks", count(r.Bookmarks)},
	} {
		if row[1] != "" {
			fmt.Fprintf(table, "  %s\t%s\n", row[0], terminal.Line(row[1]))
		}
	}
	return table.Flush()
}
