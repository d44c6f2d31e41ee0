// Package html writes a document as one self-contained HTML page, which a browser
// prints to PDF or takes a picture of.
//
// There is one skeleton of semantic elements for all looks. A template is a
// stylesheet and a few options over it. A page carries no script, loads nothing,
// and is the same bytes for the same document.
package html

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/filename"
)

// Options determine the looks of a document. The zero value is the default template on A4.
type Options struct {
	Template string
	Paper    export.Paper
	// Standalone adds what a page needs in a browser of a user: a content security policy, a
	// viewport, and a layout for screens. A page to be printed has none of these: the engine
	// sets its own policy, and laying the page out for paper only takes a quarter less time.
	Standalone bool
	Tight      Tight
}

// page is the data of the skeleton.
type page struct {
	*document.Document
	Standalone bool
	Template   string
	Centered   bool // the lines of the contact data are
	RunOn      bool // parts are beside the title even if an entry is not Brief
	Paper      string
	Sheet      template.CSS // the paper's size in @page
	Style      template.CSS
	Running    template.CSS // the name at the top of every page but the first
	Unkerned   bool         // the heading contains a pair of letters that kerning would separate
	Image      template.URL
}

// Write returns the page of a document. The same document and options always give
// the same bytes. An error means an unknown template or paper, or that the
// embedded files are broken.
func Write(d *document.Document, o Options) ([]byte, error) {
	if o.Paper == "" {
		o.Paper = export.Papers()[0]
	}
	if !o.Paper.Valid() {
		return nil, fmt.Errorf("writing HTML: unknown paper %q", o.Paper)
	}
	tmpl, ok := Lookup(o.Template)
	if !ok {
		return nil, fmt.Errorf("writing HTML: %w: %q", ErrUnknownTemplate, o.Template)
	}
	s, err := loadSkeleton()
	if err != nil {
		return nil, fmt.Errorf("writing HTML: %w", err)
	}
	p := page{
		Document:   d,
		Standalone: o.Standalone,
		Template:   tmpl.Name,
		Centered:   tmpl.centered,
		RunOn:      tmpl.RunOn,
		Paper:      string(o.Paper),
		Sheet:      sheetSize(o.Paper),
		Style:      s.styles[tmpl.Name] + richStyle(d) + o.Tight.style(),
		Running:    cssString(d.Heading),
		Unkerned:   parted(d.Heading),
		Image:      template.URL(d.Portrait().URI()),
	}
	var b bytes.Buffer
	b.Grow(len(p.Style) + 16<<10)
	if err := s.html.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("writing HTML: filling in the skeleton: %w", err)
	}
	return b.Bytes(), nil
}

// sheetSize returns the paper as the size of a CSS @page rule.
func sheetSize(p export.Paper) template.CSS {
	if p == export.Letter {
		return "letter"
	}
	return "A4"
}

// parted reports whether kerning would separate a pair of letters so far that text extraction
// reads two words: "Pf luger".
func parted(text string) bool {
	for _, pair := range []string{"fb", "fh", "fk", "fl", "f'", `f"`, "f’", "f”"} {
		if strings.Contains(text, pair) {
			return true
		}
	}
	return false
}

// cssString returns a text as a quoted CSS string. html/template would treat a string
// in a stylesheet as an address, and drop a name with a colon.
func cssString(s string) template.CSS {
	if short := filename.Cut(s, document.MaxRunning); short != s {
		s = short + "…"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if r >= 0x80 || r == ' ' || r == '-' || r == '.' || r == ',' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\%x `, r)
		}
	}
	b.WriteByte('"')
	return template.CSS(b.String())
}

// href marks an address of a document as safe: its scheme has been checked.
func href(address string) template.URL { return template.URL(address) }

// breakable returns the text of a link as HTML, with line break opportunities in a
// long address.
func breakable(k document.Link) template.HTML {
	safe := template.HTMLEscapeString(k.Text)
	if k.Kind == "web" && len(k.Text) > document.LongAddress {
		safe = breaks.Replace(safe)
	}
	return template.HTML(safe)
}

// last reports whether the index is that of the last one.
func last(i int, list []document.Contact) bool { return i == len(list)-1 }

// breaks is applied to escaped text, in which "&" is an entity.
var breaks = strings.NewReplacer("/", "/<wbr>", "?", "?<wbr>", "=", "=<wbr>", "&amp;", "&amp;<wbr>")
