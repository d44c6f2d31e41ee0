// Package theme turns a resume into one self-contained HTML page that a
// browser prints to PDF.
//
// There is one skeleton of semantic elements for all looks; a template is a
// stylesheet and a few options over it. A page carries no script, loads
// nothing, and is the same bytes for the same resume. Resume text is hostile:
// everything is escaped, rich text is reduced to a small set of elements, and
// links to a few schemes. Printing, page counts and files are left to others.
package theme

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Default is the template used when none is named.
const Default = "classic"

// ErrUnknownTemplate says that no template has the name asked for.
var ErrUnknownTemplate = errors.New("unknown template")

// Template is a look that a caller can pick.
type Template struct {
	Name        string // what an API caller writes, such as "classic"
	Title       string // for people
	Description string // one sentence, for people

	stylesheet string // a file of the templates directory
	runOn      bool   // employer, place and the like stand beside an entry's title, not below it
}

// Templates lists every template, the default first.
func Templates() []Template {
	return []Template{{
		Name:        Default,
		Title:       "Classic",
		Description: "A single column in serif type with hairline rules and one deep blue accent.",
		stylesheet:  "classic.css",
	}, {
		Name:        "modern",
		Title:       "Modern",
		Description: "A single column in open lines of sans serif type; a short green bar begins each section.",
		stylesheet:  "modern.css",
	}, {
		Name:        "compact",
		Title:       "Compact",
		Description: "As much as fits on a page: small sans serif type, employer and place beside the title, brick red headings.",
		stylesheet:  "compact.css",
		runOn:       true,
	}, {
		Name:        "executive",
		Title:       "Executive",
		Description: "A name in the middle of much white, with fine rules and one burgundy accent, for senior leaders.",
		stylesheet:  "executive.css",
	}, {
		Name:        "academic",
		Title:       "Academic",
		Description: "The typography of a book, in black, for scholars with long lists of publications.",
		stylesheet:  "academic.css",
	}}
}

// Lookup finds a template by name; the empty name is the default's.
func Lookup(name string) (Template, bool) {
	if name == "" {
		name = Default
	}
	for _, t := range Templates() {
		if t.Name == name {
			return t, true
		}
	}
	return Template{}, false
}

// Options say how a resume is to look. The zero value is the default template
// on A4.
type Options struct {
	Template string
	Paper    export.Paper
	// Standalone adds what a page needs that somebody opens by itself: a content
	// security policy, a viewport, and looks on a screen. A page to be printed
	// leaves them out: the browser engine sets a policy of its own, and prints pages
	// without these faster. A screen does not even show it: laying out for one that
	// nobody looks at would take a browser a quarter of its time.
	Standalone bool
	Tight      Tight
}

// Page is a rendered resume: the HTML to print and what the PDF should say
// about itself.
type Page struct {
	HTML     []byte
	Title    string   // "Jane Doe – Resume"; also the HTML's <title>
	Author   string   // the person's name; empty when unknown
	Subject  string   // the person's headline; empty when unknown
	Language string   // BCP 47, also the HTML's lang
	Keywords []string // the resume's skills, without repetition
}

// Render makes the page of a resume. The same resume and options always give
// the same bytes. An error means an unknown template or paper, or that the
// embedded themes are broken; no resume content is an error.
func Render(r resume.Resume, o Options) (Page, error) {
	if o.Paper == "" {
		o.Paper = export.Papers()[0]
	}
	if !o.Paper.Valid() {
		return Page{}, fmt.Errorf("rendering resume: unknown paper %q", o.Paper)
	}
	tmpl, ok := Lookup(o.Template)
	if !ok {
		return Page{}, fmt.Errorf("rendering resume: %w: %q", ErrUnknownTemplate, o.Template)
	}
	s, err := loadSkeleton()
	if err != nil {
		return Page{}, fmt.Errorf("rendering resume: %w", err)
	}
	loc, err := localeOf(r)
	if err != nil {
		return Page{}, fmt.Errorf("rendering resume: %w", err)
	}

	d := newDocument(r, loc)
	d.Standalone, d.Template, d.RunOn = o.Standalone, tmpl.Name, tmpl.runOn
	d.Paper = string(o.Paper)
	d.Sheet = sheetSize(o.Paper)
	d.Style = s.styles[tmpl.Name] + o.Tight.style()

	var b bytes.Buffer
	b.Grow(len(d.Style) + 16<<10)
	if err := s.html.Execute(&b, d); err != nil {
		return Page{}, fmt.Errorf("rendering resume: filling in the skeleton: %w", err)
	}
	return Page{
		HTML:     b.Bytes(),
		Title:    d.Title,
		Author:   d.Author,
		Subject:  d.Subject,
		Language: d.Lang,
		Keywords: d.Keywords,
	}, nil
}

// sheetSize is the paper in the words of CSS's @page rule.
func sheetSize(p export.Paper) template.CSS {
	if p == export.Letter {
		return "letter"
	}
	return "A4"
}
