package render

import (
	"context"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/pdf/pdfwrite"
)

// printout is a PDF as the browser wrote it.
type printout struct {
	file  *pdfwrite.File
	pages int
	text  textLook // after measure
}

// print prints the document and checks the result. Its errors are those of Finish.
func (d Draft) print(ctx context.Context, p Printer, document chrome.Document) (printout, error) {
	data, err := p.Print(ctx, document)
	if err != nil {
		return printout{}, failure(ctx, err)
	}
	// A PDF that cannot be read is a fault of the browser, not of the resume.
	at := printout{}
	if at.file, err = pdfwrite.Parse(data); err != nil {
		return printout{}, export.Fail(export.Internal, "checking the printed PDF: %w", err)
	}
	at.pages = at.file.Pages()
	if d.maxPages > 0 && at.pages > d.maxPages {
		return printout{}, export.TooManyPages(d.maxPages)
	}
	return at, nil
}

// measure reads the size of the text and where it ends.
func (at *printout) measure() (err error) {
	if at.text, err = lookAtText(at.file.Data(), at.pages); err != nil {
		return export.Fail(export.Internal, "measuring the printed text: %w", err)
	}
	return nil
}

// height returns how many pages the document fills. The height of a page is that of
// the text on the first page of whole, a print with several pages.
func (at printout) height(whole printout) float64 {
	area := max(whole.text.top-whole.text.bottom, 1)
	return float64(at.pages-1) + (whole.text.top-at.text.end)/area
}
