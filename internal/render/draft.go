package render

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Making an artifact has three steps: Prepare makes a Draft from the resume, Draft.PrintWith
// a Printed with the browser's output, Printed.Artifact the finished file. A worker needs a
// browser for the second step only. Render and Draft.Render do the steps in one call.

// Draft is the result of Prepare. Its file is finished if the format needs no browser;
// otherwise it has the page to be printed.
type Draft struct {
	file     Artifact // without Data until it is printed
	toPrint  bool
	document chrome.Document
	info     info
	maxPages int
	tries    int // how often a fit may print again
	options  export.Options
	tighter  func(space, leading float64) ([]byte, error) // returns the page with a tighter setting
}

// Prepare does all work that precedes printing. Its error is an *export.Error.
func Prepare(r resume.Resume, o Options) (Draft, error) {
	if o.Format == export.PNG {
		o.Width = cmp.Or(o.Width, export.DefaultWidth)
	}
	d := Draft{options: o.Options, file: Artifact{ContentType: o.Format.ContentType()}}
	if err := o.Check(o.Format); err != nil {
		return d, export.Fail(export.InvalidRequest, "checking the options: %w", err)
	}
	if !o.Format.Valid() {
		return d, export.Fail(export.InvalidRequest, "the format %q is unknown", o.Format)
	}
	if o.Format.Takes(export.TakesPaper) && !o.Paper.Valid() {
		return d, export.Fail(export.InvalidRequest, "the paper %q is unknown", o.Paper)
	}
	if err := checkSize(r); err != nil {
		return d, err
	}
	r.Language = cmp.Or(o.Language, r.Language)
	shown, err := document.New(r)
	if err != nil {
		return d, export.Fail(export.Internal, "preparing the resume: %w", err) // a fault of this program, not of the resume
	}
	d.file.Document, d.file.Filename = shown, shown.FileName+o.Format.Ending()
	d.file.Notes = notes(r, shown, o.Format)
	in := input{resume: r, document: shown, options: o}
	switch w := writers()[o.Format]; {
	case w.write != nil:
		d.file.Data, err = w.write(in)
	case w.prepare != nil:
		d.toPrint = true
		err = w.prepare(&d, in)
	default: // CheckFormats prevents this at the start
		err = export.Fail(export.Internal, "the format %s has no writer", o.Format)
	}
	return d, err
}

// Notes returns the remarks on the resume and on the making of its document.
func (d Draft) Notes() []note.Note { return d.file.Notes }

// Document returns what the file shows.
func (d Draft) Document() *document.Document { return d.file.Document }

// Filename returns the file name for people, with its ending.
func (d Draft) Filename() string { return d.file.Filename }

// printing is the version of everything else that affects a file's bytes besides the page
// and the browser: how internal/chrome prints (flags, policies) and how internal/pdf/pdfwrite
// finishes the file. It must be incremented when these change, so that older files are not
// reused.
const printing = 5

// ContentHash returns a hash of everything that determines the bytes of a PDF or picture:
// the page (and so the resume, template, language, paper and code), the options, the
// metadata, the browser with its version, and how it is used. Drafts with the same
// hash give the same file. What is not shown, such as the resume's own title, is not
// included. The hash is zero for files that need no browser: making them is as fast
// as looking for a copy.
func (d Draft) ContentHash(browser string) [32]byte {
	if !d.toPrint {
		return [32]byte{}
	}
	settings := d.document
	settings.HTML = nil
	info := d.info
	info.Date = info.Date.UTC()
	// JSON delimits the parts unambiguously.
	options := d.options
	options.Language = "" // the page says all of it
	head, err := json.Marshal([]any{printing, browser, settings, info, options})
	if err != nil {
		return [32]byte{} // NaN, or a year after 9999: such files are not reused
	}
	h := sha256.New()
	h.Write(head) // never fails
	h.Write(d.document.HTML)
	return [32]byte(h.Sum(nil))
}

// Printed is a draft with the output of the browser, if it needs one.
type Printed struct {
	file       Artifact
	info       info
	pdf        printedPDF // zero for other formats
	screenshot screenshot // zero for other formats
}

// PrintWith does the work that needs the browser, which is free for another document
// afterwards. Without such work it does nothing. Errors are of type *export.Error, or
// those of the context.
func (d Draft) PrintWith(ctx context.Context, p Printer) (Printed, error) {
	out := Printed{file: d.file, info: d.info}
	if !d.toPrint {
		return out, nil
	}
	var err error
	if d.document.PictureWidth > 0 {
		out.screenshot, err = d.takeScreenshot(ctx, p)
		return out, err
	}
	out.pdf, err = d.printPDF(ctx, p, d.document)
	if err == nil && d.options.Fit.MaxPages > 0 {
		out.file.Report.Fit = &export.FitReport{}
		out.pdf, *out.file.Report.Fit, err = d.fit(ctx, p, out.pdf)
	}
	out.file.Pages = out.pdf.pages
	return out, err
}

// Artifact returns the finished file. It must be called once only. Its error is an
// *export.Error.
func (p Printed) Artifact() (Artifact, error) {
	a := p.file
	if p.screenshot.document.PictureWidth > 0 {
		return p.screenshot.artifact(a)
	}
	if p.pdf.file == nil {
		return a, nil
	}
	written, err := p.pdf.file.Write(p.info.pdfInfo())
	if err != nil {
		return a, export.Fail(export.Internal, "finishing the printed PDF: %w", err)
	}
	a.Data, a.Uncompacted = written.Data, written.Uncompacted
	return a, nil
}

// Render prints the draft and returns the artifact: PrintWith and Artifact in one. Its errors
// are those of PrintWith.
func (d Draft) Render(ctx context.Context, p Printer) (Artifact, error) {
	printed, err := d.PrintWith(ctx, p)
	if err != nil {
		return d.file, err
	}
	return printed.Artifact()
}
