package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

type renderCmd struct {
	File        string `arg:"" help:"${files}"`
	Output      string `short:"o" required:"" placeholder:"FILE" help:"File to write; its ending selects the format: ${endings}." type:"path"`
	Template    string `help:"Template." default:"classic"`
	Paper       string `help:"Paper size: ${enum}." enum:"a4,letter" default:"a4"`
	optionFlags `embed:""`
	checkFlags  `embed:""`
	strictFlag  `embed:""`
	chromeFlags `embed:""`
}

// Run renders one file as a worker does.
func (r *renderCmd) Run(e *env) error {
	format, ok := export.FormatOf(strings.ToLower(filepath.Ext(r.Output)))
	if !ok {
		return fmt.Errorf("%s: the ending must be one of %s", terminal.Line(r.Output), formatEndings())
	}
	options, err := r.optionFlags.options(format)
	if err != nil {
		return err
	}
	if err := r.checkFlags.validate(format); err != nil {
		return err
	}
	if _, ok := html.Lookup(r.Template); !ok {
		return fmt.Errorf("there is no template %q; there is: %s", r.Template, templateNames())
	}
	src, err := readSource(r.File, options.Language)
	if err != nil {
		return err
	}
	if err := r.strictFlag.print(e, src); err != nil {
		return err
	}
	doc := src.resume
	stat, err := os.Stat(r.File)
	if err != nil {
		return fmt.Errorf("reading %s: %w", terminal.Line(r.File), err)
	}
	doc.UpdatedAt = stat.ModTime()
	var printer render.Printer = noBrowser{}
	if format.Printed() {
		o := r.chromeFlags.options()
		o.Slots, o.NoStandby, o.Logger = 1, true, e.log
		engine, err := chrome.Start(e.ctx, o)
		if err != nil {
			return err
		}
		defer func() {
			if err := engine.Close(); err != nil {
				e.log.Warn("stopping the browser failed", "error", err)
			}
		}()
		if err := checkFonts(e.ctx, engine, r.RequireFonts, e.log); err != nil {
			return err
		}
		printer = engine
	}
	artifact, err := render.Render(e.ctx, printer, doc, render.Options{Format: format, Template: r.Template, Paper: export.Paper(r.Paper), Options: options})
	if err != nil {
		return fmt.Errorf("rendering %s: %w", terminal.Line(r.File), err)
	}
	if file := artifact.Uncompacted; file != nil {
		e.log.Warn("the PDF is larger than necessary: this version of the browser writes a form that is not known", "producer", file.Producer, "error", file.Err)
	}
	if err := os.WriteFile(r.Output, artifact.Data, 0o644); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	told, output := e.stdout, terminal.Line(r.Output)
	if r.JSON { // the report is the only output
		told = e.stderr
	}
	if artifact.Pages > 0 {
		fmt.Fprintf(told, "%s: %d bytes, pages: %d\n", output, len(artifact.Data), artifact.Pages)
	} else {
		fmt.Fprintf(told, "%s: %d bytes\n", output, len(artifact.Data))
	}
	if fit := artifact.Report.Fit; fit != nil {
		fmt.Fprintf(told, "%s %s\n", output, fit.Sentence(options.Fit))
	}
	if r.Check {
		return r.checkFlags.run(e, output, artifact, src.leaves, r.Template)
	}
	return nil
}

// noBrowser is the printer for formats that need no browser.
type noBrowser struct{}

// Print is never called.
func (noBrowser) Print(context.Context, chrome.Document) ([]byte, error) {
	return nil, errors.New("no browser was started")
}

// formatNames returns the names of the formats.
func formatNames() string {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ",")
}

// formatEndings returns the file endings of the formats.
func formatEndings() string {
	var endings []string
	for _, f := range export.FormatTable() {
		endings = append(endings, f.Ending)
	}
	return strings.Join(endings, ", ")
}

func templateNames() string {
	var names []string
	for _, t := range html.Templates() {
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}
