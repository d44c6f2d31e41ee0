package chrome

import (
	"cmp"
	"fmt"
	"math"
)

// Document is one thing to print. The zero Paper is A4.
type Document struct {
	// HTML is the whole document, in UTF-8. It is on its own: pictures and fonts
	// inside it are data: URLs, anything else it refers to is not loaded. A <meta>
	// other than charset, author, description, generator and keywords, a <link> or
	// a <script>, an unusual attribute of <html>, <body> or <style>: they make the
	// tab be replaced after the document, which costs some 5 ms.
	HTML   []byte
	Paper  Paper
	Margin Margin
	// Scale makes everything on the page smaller or larger, from 0.1 to 2; sheet
	// and margins stay as they are. 0: 1.
	Scale float64
	// MaxPages is how many pages are printed at most; what follows is left out, which
	// also saves most of its time. A caller who wants to know whether there is more
	// asks for one more. 0: all.
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
	// class pageNumber, totalPages and title are filled in. They take no styles
	// from HTML and need a font-size of their own. Empty: none.
	Header, Footer string
	// PictureWidth asks for a picture instead of a PDF: a PNG, so many pixels wide, of
	// what the document shows in print media in a window of the size of Paper. The
	// options of printing mean nothing to it. 0: a PDF.
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
	// Chrome's own bounds.
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

// printParams are the parameters of Page.printToPDF. They are spelled out here
// because the protocol bindings leave false out, and for generateTaggedPDF
// leaving it out means true.
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
		// Chrome takes a range that ends after the last page for one that ends there.
		p.PageRanges = fmt.Sprintf("1-%d", d.MaxPages)
	}
	if d.Header != "" || d.Footer != "" {
		// An empty template stands for Chrome's own: date, title and address.
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
