package render

import (
	"context"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/pdf/pdfwrite"
)

// printedPDF is a PDF as the browser wrote it.
type printedPDF struct {
	file  *pdfwrite.File
	pages int
	text  textMetrics // set by measure
}

// printPDF prints the document and checks the result. Its errors are those of PrintWith.
func (d Draft) printPDF(ctx context.Context, p Printer, document chrome.Document) (printedPDF, error) {
	data, err := p.Print(ctx, document)
	if err != nil {
		return printedPDF{}, failure(ctx, err)
	}
	// A PDF that cannot be read is a fault of the browser, not of the resume.
	file, err := pdfwrite.Parse(data)
	if err != nil {
		return printedPDF{}, export.Fail(export.Internal, "checking the printed PDF: %w", err)
	}
	if d.maxPages > 0 && file.Pages() > d.maxPages {
		return printedPDF{}, export.TooManyPages(d.maxPages)
	}
	return printedPDF{file: file, pages: file.Pages()}, nil
}

// measure sets text.
func (p *printedPDF) measure() (err error) {
	if p.text, err = measureText(p.file.Data(), p.pages); err != nil {
		return export.Fail(export.Internal, "measuring the printed text: %w", err)
	}
	return nil
}

// height returns how many pages the document fills, as a fraction. The height of a page is
// that of the text on the first page of whole, a print with several pages.
func (p printedPDF) height(whole printedPDF) float64 {
	page := max(whole.text.top-whole.text.bottom, 1)
	return float64(p.pages-1) + (whole.text.top-p.text.end)/page
}
