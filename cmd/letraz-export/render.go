package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

type renderCmd struct {
	File        string `arg:"" help:"${files}"`
	Output      string `short:"o" required:"" placeholder:"FILE" help:"File to write; its ending selects the format: ${endings}. With --format also -, which is standard output." type:"path"`
	Format      string `placeholder:"FORMAT" help:"Format, instead of the one that the ending of the file selects: ${formats}." enum:",${formats}" default:""`
	Template    string `help:"Template." default:"classic"`
	Paper       string `help:"Paper size: ${enum}." enum:"a4,letter" default:"a4"`
	optionFlags `embed:""`
	checkFlags  `embed:""`
	strictFlag  `embed:""`
	chromeFlags `embed:""`
}

// Run renders one file as a worker does.
func (r *renderCmd) Run(e *env) error {
	format, err := r.format()
	if err != nil {
		return err
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
	src, err := readSource(e, r.File, options.Language)
	if err != nil {
		return err
	}
	if err := r.strictFlag.print(e, src); err != nil {
		return err
	}
	doc := src.resume
	if doc.UpdatedAt, err = modified(r.File); err != nil {
		return err
	}
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
	if err := r.write(e, artifact.Data); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	told, output := e.stdout, terminal.Line(r.Output)
	if r.JSON || r.Output == standardStream { // the report or the file is the only output
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

// format returns the format that is asked for.
func (r *renderCmd) format() (export.Format, error) {
	if r.Output == standardStream && (r.Format == "" || r.Check) {
		return "", errors.New("-o - needs --format, and goes without --check")
	}
	if r.Format != "" {
		return export.Format(r.Format), nil
	}
	format, ok := export.FormatOf(strings.ToLower(filepath.Ext(r.Output)))
	if !ok {
		return "", fmt.Errorf("%s: the ending must be one of %s, or --format given", terminal.Line(r.Output), formatEndings())
	}
	return format, nil
}

// modified returns when a file was changed, which is now for standard input.
func modified(name string) (time.Time, error) {
	if name == standardStream {
		return time.Now(), nil
	}
	stat, err := os.Stat(name)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading %s: %w", terminal.Line(name), err)
	}
	return stat.ModTime(), nil
}

// write writes the rendered file.
func (r *renderCmd) write(e *env, data []byte) error {
	if r.Output == standardStream {
		_, err := e.bytes.Write(data)
		return err
	}
	return os.WriteFile(r.Output, data, 0o644)
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
