package richtext

import (
	"slices"
	"strings"
)

// Markdown returns the text of a block as Markdown with its bold and italic words, code
// and links, and "\n" for line breaks. Parse reads it as the same spans, also as one
// that TextHTML makes of it. Where Markdown has no way to say it, such as bold letters
// beside a digit, the formatting is HTML; if that would be read in another way, too,
// there is none.
func (b Block) Markdown() string {
	plain := b.withoutLooks().write(writing{})
	if !b.formatted() {
		if sameSpans(b, plain) {
			return plain
		}
		return b.write(writing{escape: true})
	}
	for _, w := range []writing{{}, {escape: true}, {html: true}, {html: true, escape: true}} {
		if text := b.write(w); sameSpans(b, text) {
			return text
		}
	}
	return plain
}

// formatted reports whether a block has formatting that Markdown knows.
func (b Block) formatted() bool {
	return slices.ContainsFunc(b.Spans, func(s Span) bool { return s.Bold || s.Italic || s.Code || s.URL != "" })
}

// withoutLooks returns a block without formatting.
func (b Block) withoutLooks() Block {
	spans := make([]Span, len(b.Spans))
	for i, s := range b.Spans {
		spans[i] = Span{Text: s.Text, Break: s.Break}
	}
	b.Spans = spans
	return b
}

// sameSpans reports whether a text is read as a block with the words and looks of b.
func sameSpans(b Block, text string) bool {
	source, ok := TextHTML(text, true)
	if !ok {
		source = strings.ReplaceAll(escapeText(text), "\n", "<br>")
	}
	t := Parse("<p>" + source + "</p>")
	return len(t) == 1 && t[0].Kind == Paragraph && slices.Equal(looksOfSpans(t[0]), looksOfSpans(b))
}

// spanLooks is a span without its marks.
type spanLooks struct {
	text               string
	bold, italic, code bool
	url                string
	lineBreak          bool
}

// looksOfSpans returns what shows of a block's spans. Looks of blanks do not.
func looksOfSpans(b Block) []spanLooks {
	var out []spanLooks
	for i, s := range b.Spans {
		l := spanLooks{s.Text, s.Bold, s.Italic, s.Code, s.URL, s.Break && i > 0}
		if n := len(out); n > 0 && !l.lineBreak {
			last := &out[n-1]
			if strings.TrimSpace(l.text) == "" {
				last.text += l.text
				continue
			}
			if trimmed := strings.TrimLeft(l.text, " "); trimmed != l.text {
				last.text += l.text[:len(l.text)-len(trimmed)]
				l.text = trimmed
			}
			if last.bold == l.bold && last.italic == l.italic && last.code == l.code && last.url == l.url {
				last.text += l.text
				continue
			}
		}
		out = append(out, l)
	}
	for i := range out {
		if i+1 == len(out) || out[i+1].lineBreak {
			out[i].text = strings.TrimRight(out[i].text, " ")
		}
	}
	return out
}

// writing says how formatting is written.
type writing struct {
	html   bool // as HTML
	escape bool // with a backslash before characters that Markdown may take for markup
}

// write returns the text of a block.
func (b Block) write(w writing) string {
	var out strings.Builder
	for i, line := range b.Lines() {
		if i > 0 {
			out.WriteByte('\n')
		}
		if text := line[0].Text; w.escape && strings.IndexByte("-+#>", text[0]) >= 0 {
			out.WriteByte('\\') // it would begin an item, a heading or a quotation
		}
		w.spans(&out, line, 0)
	}
	return out.String()
}

// writtenKinds are the kinds of formatting that are written, outermost first.
const writtenKinds = 4

// around returns what is written around a span for the kind-th kind of formatting.
func (w writing) around(s Span, kind int) (before, after string) {
	element, sign := "", ""
	switch {
	case kind == 0 && s.URL != "":
		switch {
		case w.html:
			return `<a href="` + strings.ReplaceAll(escapeText(s.URL), `"`, "&#34;") + `">`, "</a>"
		case strings.ContainsAny(s.URL, "()"):
			return "[", "](<" + s.URL + ">)"
		}
		return "[", "](" + s.URL + ")"
	case kind == 1 && s.Bold:
		element, sign = "strong", "**"
	case kind == 2 && s.Italic:
		element, sign = "em", "*"
	case kind == 3 && s.Code:
		element, sign = "code", "`"
	default:
		return "", ""
	}
	if w.html {
		return "<" + element + ">", "</" + element + ">"
	}
	return sign, sign
}

// spans writes spans with the formatting from the kind-th kind on. Blanks at the ends
// of formatted text are outside of it.
func (w writing) spans(out *strings.Builder, spans []Span, kind int) {
	if kind == writtenKinds {
		for _, s := range spans {
			out.WriteString(w.text(s))
		}
		return
	}
	for from := 0; from < len(spans); {
		before, after := w.around(spans[from], kind)
		to := from + 1
		for ; to < len(spans); to++ {
			if b, a := w.around(spans[to], kind); b != before || a != after {
				break
			}
		}
		group := slices.Clone(spans[from:to])
		from = to
		if before == "" || !slices.ContainsFunc(group, func(s Span) bool { return strings.TrimSpace(s.Text) != "" }) {
			w.spans(out, group, kind+1)
			continue
		}
		first, last := &group[0], &group[len(group)-1]
		left := len(first.Text) - len(strings.TrimLeft(first.Text, " "))
		out.WriteString(first.Text[:left])
		first.Text = first.Text[left:]
		right := len(strings.TrimRight(last.Text, " "))
		blanks := last.Text[right:]
		last.Text = last.Text[:right]
		out.WriteString(before)
		w.spans(out, group, kind+1)
		out.WriteString(after + blanks)
	}
}

// text writes the text of a span.
func (w writing) text(s Span) string {
	text := s.Text
	if w.escape && !s.Code {
		var b strings.Builder
		addressTo := 0 // signs in an address are no markup
		for i := range len(text) {
			switch c := text[i]; {
			case i < addressTo:
			case strings.HasPrefix(text[i:], "://"):
				n := strings.IndexAny(text[i:], " <>]\"")
				if addressTo = i + n; n < 0 {
					addressTo = len(text)
				}
			case c == '&':
				if _, n := entity(text[i:]); n > 0 {
					b.WriteByte('\\')
				}
			case isMarkup(c) && c != '\\' && (c != '<' || !w.html):
				b.WriteByte('\\')
			}
			b.WriteByte(text[i])
		}
		text = b.String()
	}
	if w.html {
		return strings.ReplaceAll(escapeText(text), `\&amp;`, `\&`) // TextHTML keeps what a backslash escapes
	}
	return text
}
