package render

import (
	"errors"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/docx"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/document/markdown"
	"github.com/letrazapp/letraz-export/internal/document/tex"
	"github.com/letrazapp/letraz-export/internal/document/text"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// input has everything that a file is made from.
type input struct {
	resume   resume.Resume
	document *document.Document
	options  Options
}

// writer makes the files of a format. It has either write, which returns the finished file, or
// prepare, which completes a draft with the page that a browser prints.
type writer struct {
	write   func(in input) ([]byte, error)
	prepare func(d *Draft, in input) error
}

// writers returns the writer of every format.
func writers() map[export.Format]writer {
	return map[export.Format]writer{
		export.PDF:      {prepare: preparePDF},
		export.PNG:      {prepare: preparePicture},
		export.HTML:     {write: writeHTML},
		export.DOCX:     {write: writeDOCX},
		export.JSON:     {write: func(in input) ([]byte, error) { return marshal(in.resume) }},
		export.Text:     {write: func(in input) ([]byte, error) { return text.Write(in.document, in.options.Wrap), nil }},
		export.Markdown: {write: func(in input) ([]byte, error) { return markdown.Write(in.document), nil }},
		export.TeX:      {write: func(in input) ([]byte, error) { return tex.Write(in.document, in.options.Paper), nil }},
	}
}

// CheckFormats compares the table of formats with the writers. An error means that
// a format cannot be made.
func CheckFormats() error {
	all := writers()
	for _, f := range export.FormatTable() {
		w, ok := all[f.Name]
		switch {
		case !ok:
			return fmt.Errorf("the format %s has no writer; add one to writers in internal/render", f.Name)
		case (w.prepare != nil) != f.Browser || (w.write != nil) == f.Browser:
			return fmt.Errorf("the writer of the format %s does not agree with the table of formats about whether a browser makes it", f.Name)
		}
		delete(all, f.Name)
	}
	for name := range all {
		return fmt.Errorf("there is a writer for %s, which is not in the table of formats", name)
	}
	return nil
}

func writeHTML(in input) ([]byte, error) {
	data, err := html.Write(in.document, html.Options{Template: in.options.Template, Paper: in.options.Paper, Standalone: true})
	if err != nil {
		return nil, writerFailure("rendering HTML", err)
	}
	return data, nil
}

func writeDOCX(in input) ([]byte, error) {
	tmpl, known := html.Lookup(in.options.Template)
	if !known {
		return nil, writerFailure("writing a Word document", fmt.Errorf("%w: %q", html.ErrUnknownTemplate, in.options.Template))
	}
	data, err := docx.Write(in.document, tmpl.Name, in.options.Paper)
	if err != nil {
		return nil, writerFailure("writing a Word document", err)
	}
	return data, nil
}

// marshal returns the resume as JSON Resume.
func marshal(r resume.Resume) ([]byte, error) {
	data, err := resume.MarshalJSONResume(r)
	if err != nil {
		return nil, export.Fail(export.InvalidResume, "writing JSON Resume: %w", err)
	}
	return data, nil
}

// preparePDF sets the page that the browser prints, and the PDF's information.
func preparePDF(d *Draft, in input) error {
	o := in.options
	looks := html.Options{Template: o.Template, Paper: o.Paper}
	page, err := html.Write(in.document, looks)
	if err != nil {
		return writerFailure("rendering HTML", err)
	}
	work := workloadOf(page)
	if err := work.tooLarge(o.MaxPages); err != nil {
		return err
	}
	d.tries = work.tries()
	d.tighter = func(space, leading float64) ([]byte, error) {
		looks.Tight = html.Tight{Space: space, Leading: leading}
		return html.Write(in.document, looks)
	}
	width, height := o.Paper.Size()
	d.document = chrome.Document{
		HTML:              page,
		Paper:             chrome.Paper{Width: width, Height: height},
		PreferCSSPageSize: true, // templates set the sheet and its margins in CSS
		Tagged:            true,
		Outline:           true,
	}
	if o.MaxPages > 0 {
		d.maxPages = o.MaxPages
		d.document.MaxPages = o.MaxPages + 1 // one more, to find out whether there are too many
	}
	d.info = info{
		Title: in.document.Title, Author: in.document.Author, Subject: in.document.Subject, Keywords: in.document.Keywords, Language: in.document.Lang,
		Date: in.document.Updated, Producer: producer(),
	}
	if o.EmbedSource {
		d.info.Source, err = marshal(in.resume)
	}
	return err
}

// preparePicture sets the page that the browser takes a picture of.
func preparePicture(d *Draft, in input) error {
	o := in.options
	page, err := html.Write(in.document, html.Options{Template: o.Template, Paper: o.Paper})
	if err != nil {
		return writerFailure("rendering HTML", err)
	}
	if err := workloadOf(page).tooLarge(0); err != nil {
		return err
	}
	d.document, err = pictureDocument(page, o)
	return err
}

// writerFailure returns a writer's error with its failure code. No resume is an error,
// so all but an unknown template is a fault of this program.
func writerFailure(doing string, err error) error {
	if errors.Is(err, html.ErrUnknownTemplate) {
		return export.Fail(export.InvalidRequest, "%s: %w", doing, err)
	}
	return export.Fail(export.Internal, "%s: %w", doing, err)
}
