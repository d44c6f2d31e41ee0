package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

type exportCmd struct {
	Resumes     []string      `arg:"" name:"resume" help:"Resumes to export: ids, or files that are sent. A file is what has a known ending (.json, .yaml, .yml, .zip, .pdf) or a slash in its name; - is standard input."`
	Out         string        `short:"o" required:"" placeholder:"DIR" help:"Directory for the files; created when missing. For one resume, - writes its file to standard output." type:"path"`
	Format      string        `help:"Format: ${enum}." enum:"${formats}" default:"pdf"`
	Template    string        `placeholder:"NAME" help:"Template. Default: the API's."`
	Paper       string        `help:"Paper size: ${enum}." enum:"a4,letter" default:"a4"`
	Lane        string        `help:"Lane: ${enum}. Bulk exports are rendered when no interactive one waits." enum:"interactive,bulk" default:"interactive"`
	JobID       string        `name:"job-id" placeholder:"ID" help:"Job posting the exports are for."`
	Parallel    int           `help:"Exports requested at the same time, 1 to 64." default:"8"`
	Timeout     time.Duration `help:"Maximum time to wait for each export." default:"2m"`
	ATS         bool          `help:"Read each file as applicant tracking systems do, and print what they find. PDF only."`
	jsonFlag    `embed:""`
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
	if x.Out == standardStream && (len(x.Resumes) > 1 || x.JSON) {
		return errors.New("-o - takes one resume, and no --json")
	}
	if x.Timeout <= 0 {
		return errors.New("--timeout must be positive")
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
	if x.Out != standardStream {
		if err := os.MkdirAll(x.Out, 0o755); err != nil {
			return fmt.Errorf("creating the output directory: %w", err)
		}
	}
	asked, err := x.requests(e)
	if err != nil {
		return err
	}
	results := make([]exported, len(asked))
	files := &fileNames{dir: x.Out, taken: map[string]bool{}}
	told := newProgress(e, len(asked), "exports")
	group, ctx := errgroup.WithContext(e.ctx)
	group.SetLimit(x.Parallel)
	for i, ask := range asked {
		group.Go(func() error {
			step := told.begin(x.Resumes[i])
			results[i] = x.one(ctx, e, api, ask, files, step)
			results[i].resume = x.Resumes[i]
			step.finished(results[i].result(), results[i].err)
			return nil // do not cancel the others
		})
	}
	_ = group.Wait() // always nil; the errors are in the results
	told.end()
	return x.print(e, results, told.told())
}

// result returns the result of a successful export for people.
func (r exported) result() string {
	if r.export.Pages > 0 {
		return fmt.Sprintf("ready, pages: %d", r.export.Pages)
	}
	return "ready"
}

// one exports one resume: it requests the export, waits for it and downloads the file.
func (x *exportCmd) one(ctx context.Context, e *env, api *client.Client, ask client.CreateRequest, files *fileNames, told *step) (res exported) {
	ctx, cancel := context.WithTimeout(ctx, x.Timeout)
	defer cancel()
	start := time.Now()
	res.export, res.err = x.wait(ctx, api, ask)
	if res.err == nil && res.export.Status != "ready" {
		res.err = fmt.Errorf("%s: %s", res.export.Status, res.export.Reason())
	}
	if res.err != nil {
		return res
	}
	res.took = time.Since(start)
	told.downloading()
	data, err := api.Download(ctx, res.export)
	if err != nil {
		res.err = fmt.Errorf("%w; letraz-export link %s prints a link to the file", err, res.export.ID)
		return res
	}
	if x.Out == standardStream {
		_, res.err = e.bytes.Write(data)
		return res
	}
	res.file = files.choose(res.export.Filename)
	if err := os.WriteFile(res.file, data, 0o644); err != nil {
		res.err = fmt.Errorf("writing the file: %w", err)
	}
	return res
}

// wait requests an export and waits until its status is final. Its errors say what to do after
// a time-out.
func (x *exportCmd) wait(ctx context.Context, api *client.Client, ask client.CreateRequest) (client.Export, error) {
	a, err := api.Create(ctx, ask)
	if err != nil && ctx.Err() != nil {
		return a, fmt.Errorf("no answer within %s, and the export may have been requested: see letraz-export list (%w)", x.Timeout, err)
	}
	if err != nil {
		return a, err
	}
	a, err = api.Wait(ctx, a)
	var unfinished *client.UnfinishedError
	if errors.As(err, &unfinished) {
		return a, fmt.Errorf("%w; it goes on: letraz-export status %s tells how far it is, and letraz-export link %s prints a link to the file when it is ready", err, a.ID, a.ID)
	}
	return a, err
}

// exportedJSON is a result as --json prints it.
type exportedJSON struct {
	Resume string         `json:"resume"`           // as it was named: an id or a file
	Export *client.Export `json:"export,omitempty"` // as the API represents it
	File   string         `json:"file,omitempty"`
	MS     int64          `json:"ms,omitempty"` // from the request until it is ready
	Error  string         `json:"error,omitempty"`
}

// print prints the results. It fails if an export has failed, and then prints the errors unless
// they were told before.
func (x *exportCmd) print(e *env, results []exported, told bool) error {
	if err := x.printResults(e, results); err != nil {
		return err
	}
	failed := 0
	for _, r := range results {
		if r.err == nil {
			continue
		}
		failed++
		if !told {
			fmt.Fprintf(e.stderr, "%s: %s\n", terminal.Line(r.resume), terminal.Line(r.err.Error()))
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d exports failed", failed, len(results))
	}
	return nil
}

func (x *exportCmd) printResults(e *env, results []exported) error {
	switch {
	case x.Out == standardStream:
		return nil // it has the file
	case x.JSON:
		for _, r := range results {
			line := exportedJSON{Resume: r.resume, File: r.file, MS: r.took.Milliseconds()}
			if r.export.ID != "" {
				line.Export = &r.export
			}
			if r.err != nil {
				line.Error = r.err.Error()
			}
			if err := printLine(e, line); err != nil {
				return err
			}
		}
		return nil
	}
	return printExported(e, results)
}

func printExported(e *env, results []exported) error {
	table := terminal.NewTable("RESUME", "PAGES", "BYTES", "MS", "FILE")
	for _, r := range results {
		if r.err != nil {
			table.Row(r.resume, "-", "-", "-", "FAILED")
			continue
		}
		pages := "-"
		if r.export.Pages > 0 {
			pages = strconv.Itoa(r.export.Pages)
		}
		table.Row(r.resume, pages, strconv.FormatInt(r.export.Size, 10), strconv.FormatInt(r.took.Milliseconds(), 10), terminal.Cut(filepath.Base(r.file), maxFileName))
	}
	if err := table.Print(e.stdout); err != nil {
		return err
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
	return nil
}

// maxFileName is the width at which a table cuts names of files.
const maxFileName = 60
