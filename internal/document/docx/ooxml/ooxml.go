// Package ooxml writes Word documents: Office Open XML (ISO/IEC 29500, the
// transitional form that Word and LibreOffice read and write) in one column of
// styled paragraphs and real lists. There are no tables, text boxes or headers,
// which applicant tracking systems skip or read out of order.
//
// It knows styles, runs, scripts and writing directions. What a document contains, and
// in which order, is decided by package docx. Any text gives a file that opens:
// characters that XML cannot contain are left out.
package ooxml

import (
	"archive/zip"
	"bytes"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Document is a Word document. The zero value is an empty one on A4.
type Document struct {
	Template string       // name of a template; an unknown one looks like classic
	Paper    export.Paper // "": A4
	Lang     string       // BCP 47
	RTL      bool         // written from right to left

	Title, Author, Subject string // the file's properties
	Keywords               []string
	Date                   time.Time // of the last change; zero: unknown

	Running  string // in the footer of every page but the first
	Portrait *Picture
	Body     []Paragraph
}

// Style is the style of a paragraph.
type Style string

// The paragraph styles. The values are their ids in the file.
const (
	Title      Style = "Title"      // the name
	Subtitle   Style = "Subtitle"   // the headline
	Contact    Style = "Contact"    // contact details
	Section    Style = "Heading1"   // the heading of a section
	Entry      Style = "Heading2"   // the title of an entry, and its date
	EntryMeta  Style = "EntryMeta"  // employer, place, …
	EntryNote  Style = "EntryNote"  // what the employer does
	EntryBrief Style = "EntryBrief" // an entry on one line
	Values     Style = "Values"     // a label and short values
	Details    Style = "Details"    // like Values, below an entry
	Text       Style = "BodyText"
	Bullet     Style = "ListBullet"
	Number     Style = "ListNumber"
	Continue   Style = "ListContinue" // another paragraph of a list item
	Rule       Style = "Rule"         // a line across the page; it has no runs
)

// Paragraph is a paragraph of the body.
type Paragraph struct {
	Style Style
	RTL   bool
	// Level is the number of lists the paragraph is in. Number is its number in the
	// innermost list if the style is Number. First begins a list, at Number.
	Level, Number int
	First         bool
	KeepNext      bool // on the same page as the next paragraph
	Runs          []Run
}

// CharStyle is the style of a run.
type CharStyle string

// The character styles. The values are their ids in the file.
const (
	Plain     CharStyle = ""
	Strong    CharStyle = "Strong"
	Emphasis  CharStyle = "Emphasis"
	Hyperlink CharStyle = "Hyperlink"
	Date      CharStyle = "EntryDate"
	Employer  CharStyle = "EntryEmployer" // the employer or institution of an entry
	Label     CharStyle = "Label"
	code      CharStyle = "HTMLCode"
	plainLink CharStyle = "PlainLink" // a link that looks like the text around it
	Soft      CharStyle = "Soft"      // less important than the text around it
)

// Run is a piece of text with one formatting.
type Run struct {
	Text                    string
	Style                   CharStyle
	Bold, Italic, Underline bool
	Code                    bool
	URL                     string // the target of a link; one that is not a valid address is left out
	Break                   bool   // a line break precedes it
	Tab                     bool   // at the end of the line, after a tab
	Dir                     Direction
}

// Direction says where a run's writing direction comes from.
type Direction int8

// The directions, as HTML has them.
const (
	Around Direction = iota // from the paragraph
	Auto                    // from its own first letter, as <bdi>
	LTR                     // left to right, for addresses and numbers
)

// part is a file in the ZIP package.
type part struct {
	name string
	data []byte
}

// Encode returns the bytes of the file. The same document always gives the same bytes.
func (d Document) Encode() ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range d.parts() {
		// No time, which means the earliest of the format. Word does the same.
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err == nil {
			_, err = w.Write(p.data)
		}
		if err != nil {
			return nil, fmt.Errorf("writing %s of a Word document: %w", p.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("ending a Word document: %w", err)
	}
	return b.Bytes(), nil
}

// parts returns the files in the order in which they are written. Word, and programs that
// detect file types, expect the first one at the beginning.
func (d Document) parts() []part {
	s := newSheet(d)
	body := s.document(d) // first: it numbers the lists and collects the links that other parts list
	parts := []part{
		{"[Content_Types].xml", s.contentTypes(d)},
		{"_rels/.rels", packageRels()},
		{"docProps/app.xml", appProperties()},
		{"docProps/core.xml", coreProperties(d)},
		{"word/document.xml", body},
		{"word/_rels/document.xml.rels", s.documentRels()},
		{"word/styles.xml", s.styles()},
		{"word/numbering.xml", s.numbering()},
		{"word/settings.xml", s.settings()},
		{"word/fontTable.xml", s.fontTable()},
		{"word/footer1.xml", s.footer(d)},
	}
	if d.Portrait != nil {
		parts = append(parts, part{"word/" + d.Portrait.file(), d.Portrait.Data})
	}
	return parts
}
