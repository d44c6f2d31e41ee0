// Package render turns a resume and a few choices into an artifact: the bytes
// of a file with what is known about them. It ties themes to the browser and
// finishes the PDF; requests, rows and storage are others' business.
package render

import (
	"context"
	"errors"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/theme"
)

// Printer prints HTML: a slot of the browser engine, or the engine itself.
type Printer interface {
	Print(ctx context.Context, d chrome.Document) ([]byte, error)
}

// Options are the choices.
type Options struct {
	Format   export.Format
	Template string
	Paper    export.Paper
}

// Artifact is a finished file.
type Artifact struct {
	Data        []byte
	ContentType string
	Pages       int    // 0 for formats without pages
	Filename    string // for people, with extension
}

// Render makes the artifact. The same resume and options give the same bytes on
// the same machine. Its errors are *export.Error, or the context's.
func Render(ctx context.Context, p Printer, r resume.Resume, o Options) (Artifact, error) {
	a := Artifact{ContentType: o.Format.ContentType(), Filename: theme.FileName(r) + "." + string(o.Format)}
	if o.Format == export.JSON {
		data, err := resume.MarshalJSONResume(r)
		if err != nil {
			return a, export.Fail(export.InvalidResume, "writing JSON Resume: %w", err)
		}
		a.Data = data
		return a, nil
	}
	if !o.Format.Valid() {
		return a, export.Fail(export.InvalidRequest, "the format %q is unknown", o.Format)
	}
	if !o.Paper.Valid() {
		return a, export.Fail(export.InvalidRequest, "the paper %q is unknown", o.Paper)
	}
	page, err := theme.Render(r, theme.Options{Template: o.Template, Paper: o.Paper, Standalone: o.Format == export.HTML})
	if errors.Is(err, theme.ErrUnknownTemplate) {
		return a, export.Fail(export.InvalidRequest, "rendering HTML: %w", err)
	}
	if err != nil {
		// No resume makes it fail: what is wrong is this program.
		return a, export.Fail(export.Internal, "rendering HTML: %w", err)
	}
	if o.Format == export.HTML {
		a.Data = page.HTML
		return a, nil
	}
	return printPDF(ctx, p, r, o, page, a)
}

func printPDF(ctx context.Context, p Printer, r resume.Resume, o Options, page theme.Page, a Artifact) (Artifact, error) {
	width, height := o.Paper.Size()
	data, err := p.Print(ctx, chrome.Document{
		HTML:              page.HTML,
		Paper:             chrome.Paper{Width: width, Height: height},
		PreferCSSPageSize: true, // themes set the sheet and its margins in CSS
		Tagged:            true,
		Outline:           true,
	})
	if err != nil {
		return a, failure(ctx, err)
	}
	file, err := parsePDF(data)
	if err != nil {
		return a, export.Fail(export.RenderCrashed, "checking the printed PDF: %w", err)
	}
	if a.Pages, err = file.pageCount(); err != nil {
		return a, export.Fail(export.RenderCrashed, "checking the printed PDF: %w", err)
	}
	a.Data = file.withInfo(info{
		Title: page.Title, Author: page.Author, Subject: page.Subject, Keywords: page.Keywords, Date: r.UpdatedAt,
	})
	return a, nil
}

// failure gives the browser's errors their codes.
func failure(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("printing: %w", context.Cause(ctx))
	case errors.Is(err, chrome.ErrTimeout):
		return export.Fail(export.RenderTimeout, "printing: %w", err)
	case errors.Is(err, chrome.ErrTooLarge):
		return export.Fail(export.DocumentTooLarge, "printing: %w", err)
	case errors.Is(err, chrome.ErrCrashed):
		return export.Fail(export.RenderCrashed, "printing: %w", err)
	case errors.Is(err, chrome.ErrStart), errors.Is(err, chrome.ErrClosed):
		return export.Fail(export.RenderUnavailable, "printing: %w", err)
	default:
		return export.Fail(export.Internal, "printing: %w", err)
	}
}
