package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

type exportCmd struct {
	Resumes     []string      `arg:"" name:"resume" help:"Resumes to export: ids, or files that are sent. A file is what has a known ending (.json, .yaml, .yml, .zip, .pdf) or a slash in its name."`
	Out         string        `short:"o" required:"" placeholder:"DIR" help:"Directory for the files; created when missing." type:"path"`
	Format      string        `help:"Format: ${enum}." enum:"${formats}" default:"pdf"`
	Template    string        `placeholder:"NAME" help:"Template. Default: the API's."`
	Paper       string        `help:"Paper size: ${enum}." enum:"a4,letter" default:"a4"`
	Lane        string        `help:"Lane: ${enum}. Bulk exports are rendered when no interactive one waits." enum:"interactive,bulk" default:"interactive"`
	JobID       string        `name:"job-id" placeholder:"ID" help:"Job posting the exports are for."`
	Parallel    int           `help:"Exports requested at the same time, 1 to 64." default:"8"`
	Timeout     time.Duration `help:"Maximum time to wait for each export." default:"2m"`
	ATS         bool          `help:"Read each file as applicant tracking systems do, and print what they find. PDF only."`
	optionFlags `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (x *exportCmd) Validate() error {
	if x.Parallel < 1 || x.Parallel > 64 {
		return errors.New("--parallel must be between 1 and 64")
	}
	if _, err := x.options(export.Format(x.Format)); err != nil {
		return err
	}
	if x.ATS && x.Format != string(export.PDF) {
		return errors.New("--ats goes with the format pdf only")
	}
	return x.check()
}

// exported is the result for one resume.
type exported struct {
	resume string // as it was named: an id or a file
	export client.Export
	took   time.Duration // from the request until it is ready
	file   string
	err    error
}

// Run requests every export, waits for them, downloads the files and prints a table. It fails
// if one of them fails.
func (x *exportCmd) Run(e *env) error {
	api, err := x.connect()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(x.Out, 0o755); err != nil {
		return fmt.Errorf("creating the output directory: %w", err)
	}
	asked, err := x.requests()
	if err != nil {
		return err
	}
	results := make([]exported, len(asked))
	files := &fileNames{dir: x.Out, taken: map[string]bool{}}
	group, ctx := errgroup.WithContext(e.ctx)
	group.SetLimit(x.Parallel)
	for i, ask := range asked {
		group.Go(func() error {
			results[i] = x.one(ctx, api, ask, files)
			results[i].resume = x.Resumes[i]
			return nil // do not cancel the others
		})
	}
	_ = group.Wait() // always nil; the errors are in the results
	return printExported(e, results)
}

// one exports one resume: it requests the export, waits for it and downloads the file.
func (x *exportCmd) one(ctx context.Context, api *client.Client, ask client.CreateRequest, files *fileNames) (res exported) {
	ctx, cancel := context.WithTimeout(ctx, x.Timeout)
	defer cancel()
	start := time.Now()
	if res.export, res.err = api.Create(ctx, ask); res.err != nil {
		return res
	}
	if res.export, res.err = api.Wait(ctx, res.export); res.err != nil {
		return res
	}
	res.took = time.Since(start)
	if res.export.Status != "ready" {
		res.err = fmt.Errorf("%s: %s", res.export.Status, res.export.Reason())
		return res
	}
	data, err := api.Download(ctx, res.export)
	if err != nil {
		res.err = err
		return res
	}
	res.file = files.choose(res.export.Filename)
	if err := os.WriteFile(res.file, data, 0o644); err != nil {
		res.err = fmt.Errorf("writing the file: %w", err)
	}
	return res
}

func printExported(e *env, results []exported) error {
	table := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RESUME\tPAGES\tBYTES\tMS\tFILE")
	failed := 0
	for _, r := range results {
		if r.err != nil {
			failed++
			fmt.Fprintf(table, "%s\t-\t-\t-\tFAILED\n", terminal.Line(r.resume))
			continue
		}
		pages := "-"
		if r.export.Pages > 0 {
			pages = strconv.Itoa(r.export.Pages)
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\n", terminal.Line(r.resume), pages, r.export.Size, r.took.Milliseconds(), terminal.Line(filepath.Base(r.file)))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing the table: %w", err)
	}
	for _, r := range results {
		if a := r.export.ATS; r.err == nil && a != nil {
			fmt.Fprintf(e.stdout, "%s: %d of %d fields found, broken words: %d, values of the resume shown: %d of %d\n",
				terminal.Line(filepath.Base(r.file)), a.Found, a.Fields, a.BrokenWords, a.SourceFound, a.SourceValues)
		}
		if r.err == nil && r.export.Fit != nil {
			fmt.Fprintf(e.stdout, "%s %s\n", terminal.Line(filepath.Base(r.file)), terminal.Line(fitSentence(r.export)))
		}
	}
	for _, r := range results {
		if r.err != nil {
			continue
		}
		if err := printNotes(e.stderr, filepath.Base(r.file), r.export.Notes); err != nil {
			return err
		}
	}
	if failed == 0 {
		return nil
	}
	for _, r := range results {
		if r.err != nil {
			fmt.Fprintf(e.stderr, "%s: %s\n", terminal.Line(r.resume), terminal.Line(r.err.Error()))
		}
	}
	return fmt.Errorf("%d of %d exports failed", failed, len(results))
}
