package render

import (
	"fmt"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/docx"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/document/markdown"
	"github.com/letrazapp/letraz-export/internal/document/tex"
	"github.com/letrazapp/letraz-export/internal/document/text"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// unprinted makes the formats that need no browser. It reports whether the format is
// one of them.
func unprinted(d *document.Document, r resume.Resume, o Options) (data []byte, ok bool, err error) {
	switch o.Format {
	case export.HTML, export.DOCX, export.TeX, export.PDF, export.PNG:
		if !o.Paper.Valid() {
			return nil, true, export.Fail(export.InvalidRequest, "the paper %q is unknown", o.Paper)
		}
	}
	switch o.Format {
	case export.HTML:
		if data, err = html.Write(d, html.Options{Template: o.Template, Paper: o.Paper, Standalone: true}); err != nil {
			err = unwritten("rendering HTML", err)
		}
	case export.DOCX:
		tmpl, known := html.Lookup(o.Template)
		if !known {
			return nil, true, unwritten("writing a Word document", fmt.Errorf("%w: %q", html.ErrUnknownTemplate, o.Template))
		}
		if data, err = docx.Write(d, tmpl.Name, o.Paper); err != nil {
			err = unwritten("writing a Word document", err)
		}
	case export.JSON:
		if data, err = resume.MarshalJSONResume(r); err != nil {
			err = export.Fail(export.InvalidResume, "writing JSON Resume: %w", err)
		}
	case export.Text:
		data = text.Write(d)
	case export.Markdown:
		data = markdown.Write(d)
	case export.TeX:
		data = tex.Write(d, o.Paper)
	default:
		return nil, false, nil
	}
	return data, true, err
}
