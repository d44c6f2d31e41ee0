// Package ooxml writes Word documents: Office Open XML (ISO/IEC 29500, the
// transitional form that Word and LibreOffice read and write) in one column of
// styled paragraphs and real lists. There are no tables, text boxes or headers,
// which the software of employers skips or reads out of order.
//
// It knows styles, runs, scripts and directions of writing; what a resume
// holds, and in which order, is for package docx to say. Any text gives a file
// that opens: what XML cannot hold is left out.
package ooxml

import (
	"archive/zip"
	"bytes"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Document is a whole document. The zero value is an empty one on A4.
type Document struct {
	Template string       // a template's name; an unknown one looks like classic
	Paper    export.Paper // "": A4
	Lang     string       // BCP 47
	RTL      bool         // it is written from right to left

	Title, Author, Subject string // for the file's properties
	Keywords               []string
	Date                   time.Time // when it was last changed; zero: unknown

	Running  string // at the foot of every page but the first
	Portrait *Picture
	Body     []Paragraph
}

// Style names what a paragraph is.
type Style string

// The styles of paragraphs, as their ids in the file.
const (
	Title      Style = "Title"      // the name
	Subtitle   Style = "Subtitle"   // the headline
	Contact    Style = "Contact"    // how to reach the person
	Section    Style = "Heading1"   // the heading of a section
	Entry      Style = "Heading2"   // the title of an entry, and its date
	EntryMeta  Style = "EntryMeta"  // employer, place, …
	EntryNote  Style = "EntryNote"  // what the employer does
	EntryBrief Style = "EntryBrief" // an entry on a line
	Values     Style = "Values"     // a label and short values
	Details    Style = "Details"    // the same below an entry
	Text       Style = "BodyText"
	Bullet     Style = "ListBullet"
	Number     Style = "ListNumber"
	Continue   Style = "ListContinue" // another paragraph of a list's item
	Rule       Style = "Rule"         // a line across the page; it has no runs
)

// Paragraph is one of the body.
type Paragraph struct {
	Style Style
	RTL   bool
	// Level is how many lists it is in, and Number its number in the innermost, if
	// the style is Number; First begins a list, at Number.
	Level, Number int
	First         bool
	KeepNext      bool // on the page of the next one
	Runs          []Run
}

// CharStyle names what a run is.
type CharStyle string

// The styles of runs, as their ids in the file.
const (
	Plain     CharStyle = ""
	Strong    CharStyle = "Strong"
	Emphasis  CharStyle = "Emphasis"
	Hyperlink CharStyle = "Hyperlink"
	Date      CharStyle = "EntryDate"
	Employer  CharStyle = "EntryEmployer" // whom an entry is about
	Label     CharStyle = "Label"
	code      CharStyle = "HTMLCode"
	plainLink CharStyle = "PlainLink" // looks like what is around
	Soft      CharStyle = "Soft"      // less important than what is around it
)

// Run is a piece of text in one look.
type Run struct {
	Text                    string
	Style                   CharStyle
	Bold, Italic, Underline bool
	Code                    bool
	URL                     string // where it leads; one that no reader could open is left out
	Break                   bool   // a line break stands before it
	Tab                     bool   // it stands at the end of the line
	Dir                     Direction
}

// Direction is where a run's direction of writing comes from.
type Direction int8

// The directions, as HTML has them.
const (
	Around Direction = iota // it is part of the paragraph's text
	Auto                    // its own first letter, as of <bdi>
	LTR                     // from left to right, as an address or a number
)

// part is a file in the package.
type part struct {
	name string
	data []byte
}

// Encode gives the bytes of the file; the same document always gives the same.
func (d Document) Encode() ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range d.parts() {
		// Without a time: Word, too, writes the first that the format knows.
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

// parts are the files in the order they are written. Word and the programs that
// guess a file's type look for the first at the beginning.
func (d Document) parts() []part {
	s := newSheet(d)
	body := s.document(d) // numbers the lists and collects links, which the others list
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
