// Package docx writes a document for Word: the texts in the order of the page, as
// paragraphs of package ooxml.
package docx

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/docx/ooxml"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/filename"
)

// Write returns a document as a Word file with the look of a template. The same
// arguments always give the same bytes.
func Write(d *document.Document, template string, paper export.Paper) ([]byte, error) {
	out := ooxml.Document{
		Template: template,
		Paper:    paper,
		Lang:     d.Lang,
		RTL:      d.Dir == "rtl",
		Title:    d.Title,
		Author:   d.Author,
		Subject:  d.Subject,
		Keywords: d.Keywords,
		Date:     d.Updated,
		Running:  filename.Cut(d.Heading, document.MaxRunning),
		Portrait: portrait(d),
		Body:     bodyOf(d, ooxml.LineLetters(template)),
	}
	data, err := out.Encode()
	if err != nil {
		return nil, fmt.Errorf("writing a Word document: %w", err)
	}
	return data, nil
}

// portrait returns the picture, or nil if there is none.
func portrait(d *document.Document) *ooxml.Picture {
	p := d.Portrait()
	if p.Data == nil {
		return nil
	}
	return &ooxml.Picture{Data: p.Data, Kind: p.Kind, Width: p.Width, Height: p.Height, Alt: d.Heading}
}

// writer collects the paragraphs of a document.
type writer struct {
	rtl     bool
	letters int  // on a line
	inLine  bool // the dates of brief entries, because not all fit at the end of one
	out     []ooxml.Paragraph
}

// bodyOf returns the document as paragraphs. letters is the number of letters on a
// line.
func bodyOf(d *document.Document, letters int) []ooxml.Paragraph {
	w := writer{rtl: d.Dir == "rtl", letters: letters}
	w.head(d)
	for _, s := range d.Sections {
		if s.Title != "" {
			w.add(ooxml.Section, auto, ooxml.Run{Text: s.Title})
			w.last().KeepNext = true
		}
		w.text(s.Body, false)
		w.lines(ooxml.Values, s.Lines)
		w.inLine = slices.ContainsFunc(s.Entries, func(it document.Entry) bool { return it.Brief && w.wide(it) })
		for i, it := range s.Entries {
			w.entry(it)
			if it.Brief && i == 0 && len(s.Entries) > 1 && len(s.Lines) == 0 {
				w.last().KeepNext = true // it is not alone below its heading
			}
		}
	}
	return w.out
}

// Separators of the parts of a line. They never begin a line.
const (
	between = "\u00a0· "
	besides = "\u00a0| "
)

// Where a paragraph takes its direction from.
const (
	auto   = true  // its first letter
	asPage = false // the document
)

// add adds a paragraph.
func (w *writer) add(style ooxml.Style, byLetter bool, runs ...ooxml.Run) {
	p := ooxml.Paragraph{Style: style, RTL: w.rtl, Runs: runs}
	if byLetter {
		var text strings.Builder
		for _, r := range runs {
			text.WriteString(r.Text)
		}
		if rtl, ok := ooxml.FirstStrong(text.String()); ok {
			p.RTL = rtl
		}
	}
	w.out = append(w.out, p)
}

func (w *writer) last() *ooxml.Paragraph { return &w.out[len(w.out)-1] }

// head writes name, headline and contact data into the body, because software that
// reads resumes skips page headers.
func (w *writer) head(d *document.Document) {
	runs := []ooxml.Run{{Text: d.Heading}}
	if d.Honorific != "" {
		runs = []ooxml.Run{{Text: d.Honorific + " ", Style: ooxml.Soft}, {Text: d.Heading}}
	}
	w.add(ooxml.Title, auto, runs...)
	w.last().KeepNext = true
	if d.Headline != "" {
		w.add(ooxml.Subtitle, auto, ooxml.Run{Text: d.Headline, URL: d.HeadlineURL})
		w.last().KeepNext = true
	}
	var contact []ooxml.Run
	for i, c := range d.Contact {
		if i > 0 {
			contact = append(contact, ooxml.Run{Text: besides, Style: ooxml.Soft})
		}
		if c.Label != "" {
			label := c.Label
			if name, ok := strings.CutSuffix(label, " "); ok {
				label = name + "\u00a0" // a network stays with the name there
			}
			contact = append(contact, ooxml.Run{Text: label, Style: ooxml.Soft})
		}
		contact = append(contact, linkRun(c.Link, ooxml.Plain))
	}
	if contact != nil {
		w.add(ooxml.Contact, asPage, contact...)
	}
}

// linkRun returns a link in a style.
func linkRun(k document.Link, style ooxml.CharStyle) ooxml.Run {
	r := ooxml.Run{Text: k.Text, Style: style, URL: k.URL, Dir: ooxml.Auto}
	if k.Kind != "" {
		r.Dir = ooxml.LTR
	}
	return r
}

// entry writes an entry. Its head stays on the page of what follows; a short entry
// stays on one page.
func (w *writer) entry(it document.Entry) {
	from := len(w.out)
	w.entryHead(it)
	body := len(w.out)
	w.text(it.Body, it.Keep)
	w.lines(ooxml.Details, it.Lines)
	for i := from; i < len(w.out)-1; i++ {
		if i < body || it.Keep || i == len(w.out)-1-len(it.Lines) {
			w.out[i].KeepNext = true
		}
	}
}

// entryHead writes title and date on one line, and the parts of the entry below. A
// brief entry has all of them on one line.
func (w *writer) entryHead(it document.Entry) {
	var runs []ooxml.Run
	style := ooxml.EntryBrief
	if it.Title.Text != "" {
		title := linkRun(it.Title, ooxml.Plain)
		if it.Brief {
			title.Style = ooxml.Strong
			runs = append(runs, title)
			runs = append(runs, parts(it.Parts, true)...)
		} else {
			style = ooxml.Entry
			runs = append(runs, title)
		}
	}
	switch date := it.Dates(); {
	case date == "":
	case it.Brief && w.inLine && runs != nil:
		runs = append(runs, ooxml.Run{Text: between, Style: ooxml.Soft}, ooxml.Run{Text: date, Style: ooxml.Date})
	default:
		runs = append(runs, ooxml.Run{Text: date, Style: ooxml.Date, Tab: true, Break: runs != nil && w.wide(it)})
	}
	if runs != nil {
		w.add(style, asPage, runs...)
	}
	if len(it.Parts) > 0 && !it.Brief {
		w.add(ooxml.EntryMeta, asPage, parts(it.Parts, false)...)
	}
	if it.Note != "" {
		w.add(ooxml.EntryNote, auto, ooxml.Run{Text: it.Note})
	}
}

// parts returns the parts of an entry, such as employer and place.
func parts(list []document.Link, brief bool) []ooxml.Run {
	var runs []ooxml.Run
	for i, k := range list {
		if i > 0 || brief {
			runs = append(runs, ooxml.Run{Text: between, Style: ooxml.Soft})
		}
		style := ooxml.Soft
		switch {
		case k.Kind != "" && k.URL != "":
			style = ooxml.Hyperlink
		case i == 0:
			style = ooxml.Employer
		}
		runs = append(runs, linkRun(k, style))
	}
	return runs
}

// wide reports whether the line of an entry may have no room for the date, which
// would be broken.
func (w *writer) wide(it document.Entry) bool {
	width := 0.0
	add := func(text string) {
		for _, r := range text {
			switch {
			case unicode.Is(unicode.M, r):
			case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
				width += 2
			case unicode.IsUpper(r):
				width += 1.4
			default:
				width++
			}
		}
	}
	add(it.Title.Text)
	if it.Brief {
		for _, p := range it.Parts {
			add(between + p.Text)
		}
	}
	add(it.Dates())
	return width > float64(w.letters)
}
