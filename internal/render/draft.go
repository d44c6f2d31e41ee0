package render

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/theme"
)

// Draft is an artifact up to the point where a browser is needed.
type Draft struct {
	file     Artifact // without Data if it has yet to be printed
	toPrint  bool
	document chrome.Document
	info     info
	maxPages int
}

// Prepare does what needs no browser. Its error is an *export.Error.
func Prepare(r resume.Resume, o Options) (Draft, error) {
	d := Draft{file: Artifact{ContentType: o.Format.ContentType(), Filename: theme.FileName(r) + "." + string(o.Format)}}
	if o.Format == export.JSON {
		data, err := resume.MarshalJSONResume(r)
		if err != nil {
			return d, export.Fail(export.InvalidResume, "writing JSON Resume: %w", err)
		}
		d.file.Data = data
		return d, nil
	}
	if !o.Format.Valid() {
		return d, export.Fail(export.InvalidRequest, "the format %q is unknown", o.Format)
	}
	if !o.Paper.Valid() {
		return d, export.Fail(export.InvalidRequest, "the paper %q is unknown", o.Paper)
	}
	looks := theme.Options{Template: o.Template, Paper: o.Paper, Standalone: o.Format == export.HTML}
	if o.Format == export.DOCX {
		data, err := theme.DOCX(r, looks)
		if err != nil {
			return d, unrendered("writing a Word document", err)
		}
		d.file.Data = data
		return d, nil
	}
	page, err := theme.Render(r, looks)
	if err != nil {
		return d, unrendered("rendering HTML", err)
	}
	if o.Format == export.HTML {
		d.file.Data = page.HTML
		return d, nil
	}
	width, height := o.Paper.Size()
	d.toPrint = true
	d.document = chrome.Document{
		HTML:              page.HTML,
		Paper:             chrome.Paper{Width: width, Height: height},
		PreferCSSPageSize: true, // themes set the sheet and its margins in CSS
		Tagged:            true,
		Outline:           true,
	}
	if o.MaxPages > 0 {
		d.maxPages = o.MaxPages
		d.document.MaxPages = o.MaxPages + 1 // tells that there are more
	}
	d.info = info{Title: page.Title, Author: page.Author, Subject: page.Subject, Keywords: page.Keywords, Date: r.UpdatedAt}
	return d, nil
}

// unrendered gives the errors of package theme their codes. No resume makes it
// fail: unless the template is unknown, what is wrong is this program.
func unrendered(doing string, err error) error {
	if errors.Is(err, theme.ErrUnknownTemplate) {
		return export.Fail(export.InvalidRequest, "%s: %w", doing, err)
	}
	return export.Fail(export.Internal, "%s: %w", doing, err)
}

// Filename is what people would call the file, with extension.
func (d Draft) Filename() string { return d.file.Filename }

// printing is the part of what decides about a PDF's bytes that shows neither in
// the page nor in the browser's version: how internal/chrome has it printed
// (flags, policies), and how this package finishes it. Whoever changes that
// counts up, so that no file made the old way stands in for a new one.
const printing = 1

// Content stands for everything the bytes of a PDF are made from: the page
// itself, and so the resume, its template, language and paper, and all code that
// makes pages; what the PDF says about itself; the browser, given with its
// version; and how it is used. Drafts of the same content give the same file.
// What is shown nowhere, such as the resume's own title, has no part in it. It
// is zero for a file that needs no printing, which is as soon made as found.
func (d Draft) Content(browser string) [32]byte {
	if !d.toPrint {
		return [32]byte{}
	}
	settings := d.document
	settings.HTML = nil
	info := d.info
	info.Date = info.Date.UTC()
	// JSON keeps the parts apart, whatever they hold.
	head, err := json.Marshal([]any{printing, browser, settings, info})
	if err != nil {
		return [32]byte{} // a number without a value, or a year past 9999: made anew
	}
	h := sha256.New()
	h.Write(head) // a hash takes everything
	h.Write(d.document.HTML)
	return [32]byte(h.Sum(nil))
}

// Finish makes the artifact. Its errors are *export.Error, or the context's.
func (d Draft) Finish(ctx context.Context, p Printer) (Artifact, error) {
	a := d.file
	if !d.toPrint {
		return a, nil
	}
	data, err := p.Print(ctx, d.document)
	if err != nil {
		return a, failure(ctx, err)
	}
	// A browser that writes PDFs in another way is for its operator to replace: what
	// is wrong here is not the resume.
	file, err := parsePDF(data)
	if err != nil {
		return a, export.Fail(export.Internal, "checking the printed PDF: %w", err)
	}
	if a.Pages, err = file.pageCount(); err != nil {
		return a, export.Fail(export.Internal, "checking the printed PDF: %w", err)
	}
	if d.maxPages > 0 && a.Pages > d.maxPages {
		return d.file, export.TooManyPages(d.maxPages)
	}
	a.Data = file.withInfo(d.info)
	return a, nil
}
