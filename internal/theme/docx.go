package theme

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"slices"
	"strings"
	"unicode"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/filename"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/theme/docx"
)

// DOCX makes the resume a Word document, with the texts of the page that Render
// makes, in their order. The same resume and options always give the same bytes.
// An error means an unknown template or paper; no resume content is an error.
func DOCX(r resume.Resume, o Options) ([]byte, error) {
	if o.Paper == "" {
		o.Paper = export.Papers()[0]
	}
	if !o.Paper.Valid() {
		return nil, fmt.Errorf("rendering resume: unknown paper %q", o.Paper)
	}
	tmpl, ok := Lookup(o.Template)
	if !ok {
		return nil, fmt.Errorf("rendering resume: %w: %q", ErrUnknownTemplate, o.Template)
	}
	loc, err := localeOf(r)
	if err != nil {
		return nil, fmt.Errorf("rendering resume: %w", err)
	}
	d := newDocument(r, loc)
	out := docx.Document{
		Template: tmpl.Name,
		Paper:    o.Paper,
		Lang:     d.Lang,
		RTL:      d.Dir == "rtl",
		Title:    d.Title,
		Author:   d.Author,
		Subject:  d.Subject,
		Keywords: d.Keywords,
		Date:     r.UpdatedAt,
		Running:  filename.Cut(d.Heading, maxRunning),
		Portrait: portrait(d),
		Body:     wordBody(d, docx.LineLetters(tmpl.Name)),
	}
	data, err := out.Encode()
	if err != nil {
		return nil, fmt.Errorf("rendering resume: %w", err)
	}
	return data, nil
}

// portrait is the picture as Word can show it, or nil: it knows no WebP.
func portrait(d document) *docx.Picture {
	_, payload, _ := strings.Cut(string(d.Image), ",")
	data, err := base64.StdEncoding.DecodeString(payload)
	if err != nil {
		return nil
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || kind != "png" && kind != "jpeg" || config.Width <= 0 || config.Height <= 0 {
		return nil
	}
	return &docx.Picture{Data: data, Kind: kind, Width: config.Width, Height: config.Height, Alt: d.Heading}
}

// wordWriter collects the paragraphs of a document.
type wordWriter struct {
	rtl     bool
	letters int  // on a line
	inLine  bool // the dates of brief entries, because not all fit at the end of one
	out     []docx.Paragraph
}

// wordBody is the document as paragraphs, on lines of so many letters.
func wordBody(d document, letters int) []docx.Paragraph {
	w := wordWriter{rtl: d.Dir == "rtl", letters: letters}
	w.head(d)
	for _, s := range d.Sections {
		if s.Title != "" {
			w.add(docx.Section, auto, docx.Run{Text: s.Title})
			w.last().KeepNext = true
		}
		w.text(s.Body, false)
		w.lines(docx.Values, s.Lines)
		w.inLine = slices.ContainsFunc(s.Items, func(it item) bool { return it.Brief && w.wide(it) })
		for i, it := range s.Items {
			w.item(it)
			if it.Brief && i == 0 && len(s.Items) > 1 && len(s.Lines) == 0 {
				w.last().KeepNext = true // none alone below its heading
			}
		}
	}
	return w.out
}

// What separates parts of a line. It never begins one.
const (
	between = "\u00a0· "
	besides = "\u00a0| "
)

// How a paragraph gets its direction.
const (
	auto   = true  // from its own first letter
	asPage = false // from the document
)

// add adds a paragraph.
func (w *wordWriter) add(style docx.Style, byLetter bool, runs ...docx.Run) {
	p := docx.Paragraph{Style: style, RTL: w.rtl, Runs: runs}
	if byLetter {
		var text strings.Builder
		for _, r := range runs {
			text.WriteString(r.Text)
		}
		if rtl, ok := docx.FirstStrong(text.String()); ok {
			p.RTL = rtl
		}
	}
	w.out = append(w.out, p)
}

func (w *wordWriter) last() *docx.Paragraph { return &w.out[len(w.out)-1] }

// head writes name, headline and contact data: into the body, because software
// that looks for them skips the headers of pages.
func (w *wordWriter) head(d document) {
	runs := []docx.Run{{Text: d.Heading}}
	if d.Honorific != "" {
		runs = []docx.Run{{Text: d.Honorific + " ", Style: docx.Soft}, {Text: d.Heading}}
	}
	w.add(docx.Title, auto, runs...)
	w.last().KeepNext = true
	if d.Headline != "" {
		w.add(docx.Subtitle, auto, docx.Run{Text: d.Headline})
		w.last().KeepNext = true
	}
	var contact []docx.Run
	for i, c := range d.Contact {
		if i > 0 {
			contact = append(contact, docx.Run{Text: besides, Style: docx.Soft})
		}
		if c.Label != "" {
			label := c.Label
			if name, ok := strings.CutSuffix(label, " "); ok {
				label = name + "\u00a0" // a network stays with the name there
			}
			contact = append(contact, docx.Run{Text: label, Style: docx.Soft})
		}
		contact = append(contact, linkRun(c.link, docx.Plain))
	}
	if contact != nil {
		w.add(docx.Contact, asPage, contact...)
	}
}

// linkRun is a link in a style.
func linkRun(k link, style docx.CharStyle) docx.Run {
	r := docx.Run{Text: k.Text, Style: style, URL: string(k.URL), Dir: docx.Auto}
	if k.Kind != "" {
		r.Dir = docx.LTR
	}
	return r
}

// item writes an entry. Its head stays with what follows, a short one whole.
func (w *wordWriter) item(it item) {
	from := len(w.out)
	w.entryHead(it)
	body := len(w.out)
	w.text(it.Body, it.Keep)
	w.lines(docx.Details, it.Lines)
	for i := from; i < len(w.out)-1; i++ {
		if i < body || it.Keep || i == len(w.out)-1-len(it.Lines) {
			w.out[i].KeepNext = true
		}
	}
}

// entryHead writes title and date on one line, and below it what else an entry
// is known by; a brief one has all on the one line.
func (w *wordWriter) entryHead(it item) {
	var runs []docx.Run
	style := docx.EntryBrief
	if it.Title.Text != "" {
		title := linkRun(it.Title, docx.Plain)
		if it.Brief {
			title.Style = docx.Strong
			runs = append(runs, title)
			runs = append(runs, parts(it.Parts, true)...)
		} else {
			style = docx.Entry
			runs = append(runs, title)
		}
	}
	switch date := dateText(it.When); {
	case date == "":
	case it.Brief && w.inLine && runs != nil:
		runs = append(runs, docx.Run{Text: between, Style: docx.Soft}, docx.Run{Text: date, Style: docx.Date})
	default:
		runs = append(runs, docx.Run{Text: date, Style: docx.Date, Tab: true, Break: runs != nil && w.wide(it)})
	}
	if runs != nil {
		w.add(style, asPage, runs...)
	}
	if len(it.Parts) > 0 && !it.Brief {
		w.add(docx.EntryMeta, asPage, parts(it.Parts, false)...)
	}
	if it.Note != "" {
		w.add(docx.EntryNote, auto, docx.Run{Text: it.Note})
	}
}

// parts are what an entry is known by beside its title.
func parts(list []link, brief bool) []docx.Run {
	var runs []docx.Run
	for i, k := range list {
		if i > 0 || brief {
			runs = append(runs, docx.Run{Text: between, Style: docx.Soft})
		}
		style := docx.Soft
		switch {
		case k.Kind != "" && k.URL != "":
			style = docx.Hyperlink
		case i == 0:
			style = docx.Employer
		}
		runs = append(runs, linkRun(k, style))
	}
	return runs
}

// dateText is a date or a period as one text.
func dateText(when []moment) string {
	var texts []string
	for _, m := range when {
		texts = append(texts, m.Text)
	}
	return strings.Join(texts, " – ")
}

// wide reports that the line of an entry may not hold its date, which would break
// in two there.
func (w *wordWriter) wide(it item) bool {
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
	add(dateText(it.When))
	return width > float64(w.letters)
}
