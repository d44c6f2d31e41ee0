package html

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// markTag returns the element for a mark.
func markTag(k richtext.MarkKind) string {
	switch k {
	case richtext.Strong:
		return "strong"
	case richtext.Bold:
		return "b"
	case richtext.Emphasis:
		return "em"
	case richtext.Italic:
		return "i"
	case richtext.Underline:
		return "u"
	case richtext.Code:
		return "code"
	default:
		return "a"
	}
}

// richHTML returns rich text as well-formed HTML. Long paragraphs and items have a
// class, with which stylesheets allow page breaks in them.
func richHTML(t richtext.Text) template.HTML {
	var w richWriter
	for _, b := range t {
		w.block(b)
	}
	w.closeLists(0)
	return template.HTML(w.out.String())
}

// richWriter writes rich text as HTML.
type richWriter struct {
	out   strings.Builder
	lists []string // the tags of those that are open, each with an item
}

func (w *richWriter) block(b richtext.Block) {
	tag := "li"
	switch {
	case b.Kind == richtext.Rule:
		w.closeLists(b.Level)
		w.out.WriteString("<hr>")
		return
	case b.Kind == richtext.Paragraph:
		tag = "p"
		w.closeLists(b.Level)
	case b.First:
		w.closeLists(b.Level - 1)
		list := "ul"
		if b.Kind == richtext.Numbered {
			list = "ol"
		}
		w.lists = append(w.lists, list)
		w.out.WriteString("<" + list + startOf(b) + ">")
	default:
		w.closeLists(b.Level)
		w.out.WriteString("</li>")
	}
	w.out.WriteString("<" + tag + ` dir="auto"`)
	if document.Long(b) {
		w.out.WriteString(` class="long"`)
	}
	w.out.WriteByte('>')
	w.spans(b.Spans)
	if tag == "p" {
		w.out.WriteString("</p>")
	}
}

// startOf returns the attributes of a list whose numbers do not begin with 1. Numbers
// of many digits need more room than others.
func startOf(b richtext.Block) string {
	switch {
	case b.Kind != richtext.Numbered || b.Number == 1:
		return ""
	case b.Number >= 90:
		return ` class="wide" start="` + strconv.Itoa(b.Number) + `"`
	}
	return ` start="` + strconv.Itoa(b.Number) + `"`
}

// closeLists ends the innermost lists until so many are open.
func (w *richWriter) closeLists(open int) {
	for len(w.lists) > open {
		n := len(w.lists) - 1
		w.out.WriteString("</li></" + w.lists[n] + ">")
		w.lists = w.lists[:n]
	}
}

func (w *richWriter) spans(spans []richtext.Span) {
	var open []*richtext.Mark
	for _, s := range spans {
		common := 0
		for common < min(len(open), len(s.Marks)) && open[common] == s.Marks[common] {
			common++
		}
		w.closeMarks(open[common:])
		if s.Break {
			w.out.WriteString("<br>")
		}
		for _, m := range s.Marks[common:] {
			w.out.WriteString("<" + markTag(m.Kind))
			if m.URL != "" {
				w.out.WriteString(` href="` + template.HTMLEscapeString(m.URL) + `"`)
			}
			w.out.WriteByte('>')
		}
		w.text(s)
		open = s.Marks
	}
	w.closeMarks(open)
}

// text writes the text of a span, with compounds on one line unless it is a link.
func (w *richWriter) text(s richtext.Span) {
	if s.URL != "" {
		w.out.WriteString(template.HTMLEscapeString(s.Text))
		return
	}
	w.out.WriteString(string(whole(s.Text)))
}

func (w *richWriter) closeMarks(marks []*richtext.Mark) {
	for i := len(marks) - 1; i >= 0; i-- {
		w.out.WriteString("</" + markTag(marks[i].Kind) + ">")
	}
}

// richStyle returns the rules for elements that few documents have, if this one has
// them: a rule, code in the face of the text around it, which has the letters of all
// scripts, and lists with large numbers.
func richStyle(d *document.Document) template.CSS {
	for _, s := range d.Sections {
		if rare(s.Body) || slices.ContainsFunc(s.Entries, func(it document.Entry) bool { return rare(it.Body) }) {
			return rareStyle
		}
	}
	return ""
}

const rareStyle = " .text hr { border: 0; border-block-start: .5pt solid var(--hair); margin-block: calc(4pt * var(--space)); break-after: avoid; }" +
	" .text code { font: inherit; } .text ol.wide > li { margin-inline-start: 3em; }"

// rare reports whether a text has an element that rareStyle is for.
func rare(t richtext.Text) bool {
	return slices.ContainsFunc(t, func(b richtext.Block) bool {
		return b.Kind == richtext.Rule || b.First && b.Number >= 90 || slices.ContainsFunc(b.Spans, func(s richtext.Span) bool { return s.Code })
	})
}
