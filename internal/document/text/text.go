// Package text writes a document as plain text, for forms that take only that.
package text

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// maxUnderline bounds the length of the line below a heading.
const maxUnderline = 78

// tie is a blank at which a line does not end. The texts of a document have no control
// characters.
const tie = "\x00"

// separator divides the parts of a line. It stays with the part before it.
const separator = tie + "· "

// Write returns a document as plain text: UTF-8, lines that end with LF, links with
// their addresses. Every paragraph is one line, as form fields expect. If width is not
// 0, lines have at most so many columns; a line is longer only if it cannot be broken,
// such as a date or an address.
func Write(d *document.Document, width int) []byte {
	w := writer{width: width}
	w.heading(d.Name(), "=")
	w.line(spelled(d.Headline, d.HeadlineURL))
	w.blank()
	for _, c := range d.Contact {
		w.line(c.Label + spelledLink(c.Link))
	}
	for _, s := range d.Sections {
		w.blank()
		w.heading(s.Title, "-")
		w.body(s.Body)
		w.lines(s.Lines)
		for i, it := range s.Entries {
			if i > 0 && (!it.Brief || !w.compact) {
				w.blank()
			}
			w.entry(it)
		}
	}
	return []byte(w.out.String())
}

// writer writes plain text.
type writer struct {
	out     strings.Builder
	width   int  // maximum number of columns; 0: any
	gap     bool // an empty line is due before the next one
	compact bool // the last entry took one line
}

// blank requests an empty line before the next one.
func (w *writer) blank() { w.gap = w.out.Len() > 0 }

// line writes a text.
func (w *writer) line(text string) { w.hang("", "", text) }

// hang writes a text with prefixes for its first line and, if it is wrapped, for the
// others. It writes nothing if there is no text.
func (w *writer) hang(first, others, text string) {
	if text == "" {
		return
	}
	if w.gap {
		w.out.WriteByte('\n')
		w.gap = false
	}
	lines := []string{text}
	if w.width > 0 {
		lines = wrap(text, w.width-columns(others))
	}
	indent := first
	for _, l := range lines {
		w.out.WriteString(indent + strings.ReplaceAll(l, tie, " ") + "\n")
		indent = others
	}
}

// heading writes an underlined text.
func (w *writer) heading(text, with string) {
	if text == "" {
		return
	}
	w.line(text)
	length := min(columns(text), maxUnderline)
	if w.width > 0 {
		length = min(length, w.width)
	}
	w.out.WriteString(strings.Repeat(with, length) + "\n")
}

// entry writes an entry. A brief one without further texts takes one line.
func (w *writer) entry(it document.Entry) {
	var parts []string
	for _, p := range it.Parts {
		parts = append(parts, spelledLink(p))
	}
	when, with := strings.ReplaceAll(it.Dates(), " ", tie), strings.Join(parts, separator)
	before := w.out.Len()
	if it.Brief {
		w.line(document.Join(separator, spelledLink(it.Title), with, when))
	} else {
		w.line(spelledLink(it.Title))
		w.line(when)
		w.line(with)
	}
	w.compact = it.Brief && len(it.Body) == 0 && len(it.Lines) == 0 && it.Note == "" &&
		strings.Count(w.out.String()[before:], "\n") == 1
	w.line(it.Note)
	w.body(it.Body)
	w.lines(it.Lines)
}

// lines writes lists of short values.
func (w *writer) lines(list []document.Line) {
	for _, k := range list {
		k.Values = slices.Clone(k.Values)
		for i, v := range k.Values {
			k.Values[i].Remark = spelled(v.Remark, v.RemarkURL)
		}
		text := k.Join(func(v document.Value) string { return spelled(v.Text, v.URL) })
		k.Label, k.Remark = spelled(k.Label, k.LabelURL), spelled(k.Remark, k.RemarkURL)
		if label := k.Caption(); label != "" {
			text = label + k.Colon + text
		}
		w.hang("", "  ", text)
	}
}

// body writes rich text.
func (w *writer) body(body richtext.Text) {
	for i, b := range body {
		marker := ""
		switch {
		case b.Kind == richtext.Rule:
			w.blank() // without empty lines it would underline the text before it
			w.line("---")
			w.blank()
			continue
		case b.Kind == richtext.Bullet:
			marker = "- "
		case b.Kind == richtext.Numbered:
			marker = strconv.Itoa(b.Number) + ". "
		case i > 0 && b.Level == 0:
			w.blank() // paragraphs are told apart by empty lines
		}
		level := b.Level
		if marker != "" {
			level--
		}
		indent := strings.Repeat("  ", level)
		first, others := indent+marker, indent+strings.Repeat(" ", len(marker))
		for _, runs := range b.Lines() {
			w.hang(first, others, plainRuns(runs))
			first = others
		}
	}
}

// plainRuns returns rich text without formatting. The address of a link follows its
// last span.
func plainRuns(runs []richtext.Span) string {
	var b strings.Builder
	for i := 0; i < len(runs); {
		text, n := linkText(runs[i:])
		b.WriteString(spelled(text, runs[i].URL))
		i += n
	}
	return b.String()
}

// linkText returns the text of the first spans with the same target, and their
// number.
func linkText(runs []richtext.Span) (string, int) {
	text, n := "", 0
	for ; n < len(runs) && runs[n].URL == runs[0].URL; n++ {
		text += runs[n].Text
	}
	return text, n
}

func spelledLink(k document.Link) string { return spelled(k.Text, k.URL) }

// spelled returns a text followed by its address. A text that is the address itself,
// maybe shortened, is replaced by the full address.
func spelled(text, address string) string {
	switch {
	case address == "", strings.HasPrefix(address, "tel:"):
		return text
	case strings.EqualFold(document.ShortURL(address), document.ShortURL(text)):
		return address
	}
	if mail, ok := strings.CutPrefix(address, "mailto:"); ok {
		if plain, err := url.PathUnescape(mail); err == nil {
			mail = plain
		}
		if strings.EqualFold(mail, text) {
			return text
		}
		address = richtext.Line(mail)
	}
	blank := ""
	if trimmed := strings.TrimRight(text, " "); trimmed != text {
		text, blank = trimmed, " "
	}
	return text + " (" + address + ")" + blank
}
