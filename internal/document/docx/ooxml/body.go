package ooxml

import (
	"strings"
	"unicode"
)

// Marks without width, which act as a letter of their direction. Not every
// program heeds the direction of runs.
const (
	leftToRight = "\u200e"
	rightToLeft = "\u200f"
)

// document writes the main part. A document without a paragraph is none to Word.
func (s *sheet) document(d Document) []byte {
	w := newPart()
	w.start("w:document", "xmlns:w", nsMain, "xmlns:r", nsRels, "xmlns:wp", nsAnchor, "xmlns:a", nsDrawing, "xmlns:pic", nsPicture)
	w.start("w:body")
	body := d.Body
	if len(body) == 0 {
		body = []Paragraph{{Style: Text}}
	}
	for i, p := range body {
		s.paragraph(w, p, i == 0)
	}
	s.page(w)
	w.end("w:body")
	w.end("w:document")
	return w.bytes()
}

// page writes its size, margins and foot.
func (s *sheet) page(w *xmlWriter) {
	w.start("w:sectPr")
	w.empty("w:footerReference", "w:type", "default", "r:id", relFooter)
	w.empty("w:pgSz", "w:w", itoa(s.width), "w:h", itoa(s.height))
	w.empty("w:pgMar", "w:top", itoa(s.top), "w:right", itoa(s.side), "w:bottom", itoa(s.bottom), "w:left", itoa(s.side),
		"w:header", "400", "w:footer", "400", "w:gutter", "0")
	w.empty("w:cols", "w:space", "720")
	w.empty("w:titlePg") // the first page has a foot of its own: none
	w.toggle("w:bidi", onIf(s.rtl))
	w.end("w:sectPr")
}

// paragraph writes one; the portrait is fastened to the first.
func (s *sheet) paragraph(w *xmlWriter, p Paragraph, first bool) {
	props := paraProps{style: p.Style}
	if p.RTL != s.rtl {
		props.bidi = off
		if p.RTL {
			props.bidi = on
		}
	}
	switch styleOf[p.Style].keepNext {
	case true:
		if !p.KeepNext {
			props.keepNext = off
		}
	default:
		props.keepNext = onIf(p.KeepNext)
	}
	switch p.Style {
	case Bullet, Number:
		props.num, props.level = s.list(p)
	case Continue:
		_, level := s.list(p)
		props.indent = &indent{begin: listIndent(level)}
	case Rule:
		if p.Level > 0 {
			_, level := s.list(p)
			props.indent = &indent{begin: listIndent(level)}
		}
	}
	w.start("w:p")
	w.paragraph(props)
	if first && s.portrait != nil {
		s.picture(w)
	}
	for _, r := range p.Runs {
		s.run(w, p, r)
	}
	w.end("w:p")
}

// run writes a run, in pieces where its scripts need fonts, directions or
// languages of their own.
func (s *sheet) run(w *xmlWriter, p Paragraph, r Run) {
	base := latin
	if p.RTL {
		base = rightLeft
	}
	text := strings.ToValidUTF8(r.Text, "")
	switch rtl, ok := FirstStrong(text); {
	case r.Dir == LTR || r.Dir == Auto && ok && !rtl:
		base = latin
	case r.Dir == Auto && ok:
		base = rightLeft
	}
	switch letters := strings.IndexFunc(text, unicode.IsLetter); {
	case !p.RTL || text == "":
	case base == latin && letters != 0 && strings.ContainsFunc(text, unicode.IsDigit):
		text = leftToRight + text // "+962 6 000" would become "000 6 +962"
	case r.Dir == Around && letters < 0:
		text += rightToLeft // "Go, SQL" would stay in the order of Latin text
	}
	id := s.link(r.URL)
	if id != "" {
		w.start("w:hyperlink", "r:id", id, "w:history", "1")
	}
	style := r.Style
	var face faces
	if r.Code && style == Plain {
		style = code
	} else if r.Code {
		face = codeFaces()
	}
	if style == Plain && r.Bold {
		style, r.Bold = Strong, false
	} else if style == Plain && r.Italic {
		style, r.Italic = Emphasis, false
	}
	if id != "" && style == Plain {
		style = plainLink // without any style, LibreOffice forgets where it leads
	}
	props := runProps{style: style, fonts: face, bold: onIf(r.Bold), italic: onIf(r.Italic)}
	if r.Underline {
		props.underline = "auto"
	}
	if style == Date && p.Style == Entry {
		props.bold = off // a style could not undo the paragraph's: both would be added up
	}
	if r.Break || r.Tab {
		w.start("w:r")
		w.run(props)
		if r.Break {
			w.empty("w:br")
		}
		if r.Tab {
			w.empty("w:tab")
		}
		w.end("w:r")
	}
	for _, piece := range spans(text, base) {
		props.class = piece.class
		if piece.class == latin {
			props.class = neutral // nothing to say
		}
		props.eastAsianHint = piece.class == eastAsian
		props.lang = s.lang.languageOf(piece.text, piece.class)
		w.start("w:r")
		w.run(props)
		w.letters(piece.text)
		w.end("w:r")
	}
	if id != "" {
		w.end("w:hyperlink")
	}
}

// letters writes text. A soft hyphen is an element: as a letter it shows.
func (w *xmlWriter) letters(text string) {
	for i, piece := range strings.Split(text, "\u00ad") {
		if i > 0 {
			w.empty("w:softHyphen")
		}
		if piece != "" {
			w.element("w:t", piece, "xml:space", "preserve")
		}
	}
}
