package chrome

import (
	"cmp"
	"fmt"
	"math"
)

// Document is one thing to print. The zero Paper is A4.
type Document struct {
	// HTML is the whole document, in UTF-8. It is self-contained: pictures and fonts
	// are data: URLs, and nothing else it refers to is loaded. Resetting the tab takes
	// some 5 ms longer after a document with a <link>, a <script>, a <meta> other than
	// charset, author, description, generator and keywords, or an unusual attribute of
	// <html>, <body> or <style>.
	HTML   []byte
	Paper  Paper
	Margin Margin
	// Scale scales the content of the page, from 0.1 to 2; paper and margins do not
	// change. 0 means 1.
	Scale float64
	// MaxPages is the largest number of pages printed; the rest is left out, which
	// also saves most of the time it would take. To learn whether a document is longer
	// than n pages, print n+1. 0 means all.
	MaxPages int
	// PreferCSSPageSize lets an @page size in the HTML win over Paper. The @page
	// margins win over Margin in either case.
	PreferCSSPageSize bool
	// Tagged adds the structure that screen readers and text extractors use; it
	// costs about a fifth of the time.
	Tagged bool
	// Outline adds bookmarks made from the headings.
	Outline bool
	// Header and Footer are HTML printed in the margin of every page; elements of
	// class pageNumber, totalPages and title are filled in. Styles
	// of HTML do not apply to them; they must set a font-size. Empty means none.
	Header, Footer string
	// PictureWidth asks for a picture instead of a PDF, and is its width in pixels. The
	// picture is a PNG of the document in print media in a window of the size of Paper;
	// the other options of printing are ignored. 0 means a PDF.
	PictureWidth int
	// Fresh asks for a browser that has printed no document yet, and waits for one.
	Fresh bool
}

// Paper is a paper size in inches.
type Paper struct{ Width, Height float64 }

// A4 is ISO 216 A4, 210 × 297 mm.
func A4() Paper { return Paper{Width: 210 / mmPerInch, Height: 297 / mmPerInch} }

// Letter is North American letter paper.
func Letter() Paper { return Paper{Width: 8.5, Height: 11} }

// Margin is the white border of every page in inches.
type Margin struct{ Top, Right, Bottom, Left float64 }

const (
	mmPerInch = 25.4
	// maxPaper is the largest page PDF 1.7 allows, in inches.
	maxPaper = 200
	// The limits of Chrome.
	minScale, maxScale = .1, 2.
)

// check returns an [ErrInvalid] or [ErrTooLarge] when the document cannot be printed.
func (d *Document) check(maxHTML int) error {
	if len(d.HTML)+len(d.Header)+len(d.Footer) > maxHTML {
		return &TooLargeError{What: "html", Limit: maxHTML}
	}
	if d.Paper == (Paper{}) {
		d.Paper = A4()
	}
	p, m := d.Paper, d.Margin
	for _, v := range []float64{p.Width, p.Height, m.Top, m.Right, m.Bottom, m.Left} {
		if math.IsNaN(v) || v < 0 || v > maxPaper {
			return fmt.Errorf("%w: paper and margins must be between 0 and %d inches", ErrInvalid, maxPaper)
		}
	}
	if p.Width-m.Left-m.Right <= 0 || p.Height-m.Top-m.Bottom <= 0 {
		return fmt.Errorf("%w: the margins leave no room on the paper", ErrInvalid)
	}
	if s := d.Scale; s != 0 && !(s >= minScale && s <= maxScale) {
		return fmt.Errorf("%w: the scale must be between %g and %g", ErrInvalid, minScale, maxScale)
	}
	if d.MaxPages < 0 {
		return fmt.Errorf("%w: the number of pages cannot be negative", ErrInvalid)
	}
	return d.checkPicture()
}

// printParams are the parameters of Page.printToPDF. The type of the protocol bindings
// is not used because it omits false values, and an omitted generateTaggedPDF means
// true.
type printParams struct {
	PaperWidth              float64 `json:"paperWidth"`
	PaperHeight             float64 `json:"paperHeight"`
	MarginTop               float64 `json:"marginTop"`
	MarginBottom            float64 `json:"marginBottom"`
	MarginLeft              float64 `json:"marginLeft"`
	MarginRight             float64 `json:"marginRight"`
	Scale                   float64 `json:"scale"`
	PrintBackground         bool    `json:"printBackground"`
	PreferCSSPageSize       bool    `json:"preferCSSPageSize"`
	GenerateTaggedPDF       bool    `json:"generateTaggedPDF"`
	GenerateDocumentOutline bool    `json:"generateDocumentOutline"`
	DisplayHeaderFooter     bool    `json:"displayHeaderFooter"`
	HeaderTemplate          string  `json:"headerTemplate"`
	FooterTemplate          string  `json:"footerTemplate"`
	PageRanges              string  `json:"pageRanges"`
}

func (d *Document) printParams() printParams {
	p := printParams{
		PaperWidth:              d.Paper.Width,
		PaperHeight:             d.Paper.Height,
		MarginTop:               d.Margin.Top,
		MarginBottom:            d.Margin.Bottom,
		MarginLeft:              d.Margin.Left,
		MarginRight:             d.Margin.Right,
		Scale:                   cmp.Or(d.Scale, 1),
		PrintBackground:         true,
		PreferCSSPageSize:       d.PreferCSSPageSize,
		GenerateTaggedPDF:       d.Tagged,
		GenerateDocumentOutline: d.Outline,
	}
	if d.MaxPages > 0 {
		// Chrome ends a range that goes beyond the last page at the last page.
		p.PageRanges = fmt.Sprintf("1-%d", d.MaxPages)
	}
	if d.Header != "" || d.Footer != "" {
		// For an empty template Chrome prints date, title and URL.
		const none = "<span></span>"
		p.DisplayHeaderFooter = true
		p.HeaderTemplate, p.FooterTemplate = none, none
		setNonEmpty(&p.HeaderTemplate, d.Header)
		setNonEmpty(&p.FooterTemplate, d.Footer)
	}
	return p
}

func setNonEmpty(field *string, value string) {
	if value != "" {
		*field = value
	}
}
