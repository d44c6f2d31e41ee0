// Package markdown writes a document in CommonMark (0.31): headings, lists, links,
// emphasis, rules and code, no HTML. All characters of the document's that have a
// meaning in CommonMark or in GitHub's extensions of it are escaped; in code, none has.
package markdown

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// Write returns a document as Markdown.
func Write(d *document.Document) []byte {
	var w writer
	w.heading(1, d.Name(), "")
	w.paragraph(linked(d.Headline, d.HeadlineURL))
	for _, c := range d.Contact {
		w.bullet(escaped(c.Label) + linked(c.Text, c.URL))
	}
	for _, s := range d.Sections {
		w.heading(2, s.Title, "")
		w.body(s.Body)
		for _, l := range labeledLines(s.Lines) {
			w.bullet(l)
		}
		for _, it := range s.Entries {
			w.entry(it)
		}
	}
	return []byte(w.out.String())
}

// writer writes CommonMark. Its methods take text that is escaped but for characters
// with a meaning at the beginning of a line or the end of a heading.
type writer struct {
	out  strings.Builder
	list bool // the last line belongs to a list
}

// divide begins a new block.
func (w *writer) divide() {
	if w.out.Len() > 0 {
		w.out.WriteByte('\n')
	}
	w.list = false
}

// heading writes a heading, which is a link if it has an address.
func (w *writer) heading(level int, text, address string) {
	if text == "" {
		return
	}
	w.divide()
	content := linked(text, address)
	if strings.HasSuffix(content, "#") { // it would be taken for the end of the heading
		content = content[:len(content)-1] + `\#`
	}
	w.out.WriteString(strings.Repeat("#", level) + " " + withoutAutolinks(content) + "\n")
}

// paragraph writes a paragraph of the lines that are not empty.
func (w *writer) paragraph(lines ...string) {
	var kept []string
	for _, l := range lines {
		if l != "" {
			kept = append(kept, line(l))
		}
	}
	if len(kept) > 0 {
		w.divide()
		for _, l := range kept[:len(kept)-1] {
			w.out.WriteString(broken(l))
		}
		w.out.WriteString(kept[len(kept)-1] + "\n")
	}
}

// bullet writes an item of a list.
func (w *writer) bullet(text string) {
	if !w.list {
		w.divide()
	}
	w.list = true
	w.out.WriteString("- " + line(text) + "\n")
}

// entry writes an entry.
func (w *writer) entry(it document.Entry) {
	w.heading(3, it.Title.Text, it.Title.URL)
	var parts []string
	for _, p := range it.Parts {
		parts = append(parts, linked(p.Text, p.URL))
	}
	w.paragraph(escaped(it.Dates()), strings.Join(parts, " · "))
	w.paragraph(escaped(it.Note))
	w.body(it.Body)
	w.paragraph(labeledLines(it.Lines)...)
}

// labeledLines returns each list of values as a line.
func labeledLines(list []document.Line) []string {
	var out []string
	for _, k := range list {
		text := ""
		if k.Label != "" {
			colon, remark := escaped(k.Colon), ""
			if k.Remark != "" {
				remark = remarkOf(k.Remark, k.RemarkURL)
			}
			label := emphasized(k.Label, "**", utf8.RuneError, first(remark+colon))
			if k.LabelURL != "" {
				label = linked(k.Label, k.LabelURL)
			}
			text = label + remark + colon
		}
		out = append(out, text+valuesOf(k))
	}
	return out
}

// remarkOf returns a remark in parentheses, which may lead somewhere.
func remarkOf(text, address string) string {
	if address == "" {
		return escaped(" (" + text + ")")
	}
	return escaped(" (") + linked(text, address) + ")"
}

// valuesOf returns the values of a line. Runs of text without a link are escaped as a whole.
func valuesOf(k document.Line) string {
	var b, plain strings.Builder
	for i, v := range k.Values {
		if i > 0 {
			plain.WriteString(k.Comma)
		}
		if v.URL == "" {
			plain.WriteString(v.Text)
		} else {
			b.WriteString(escaped(plain.String()))
			plain.Reset()
			b.WriteString(linked(v.Text, v.URL))
		}
		switch {
		case v.Remark == "":
		case v.RemarkURL != "":
			b.WriteString(escaped(plain.String()))
			plain.Reset()
			b.WriteString(remarkOf(v.Remark, v.RemarkURL))
		default:
			plain.WriteString(" (" + v.Remark + ")")
		}
	}
	return b.String() + escaped(plain.String())
}

// body writes rich text. Further blocks of an item are indented by the width of its
// mark.
func (w *writer) body(body richtext.Text) {
	var widths []int                 // of the marks of the lists that are open
	mark := "."                      // of the numbered list; another one begins another list
	kinds := map[int]richtext.Kind{} // of the last item of each level
	last := richtext.Block{}
	for i, b := range body {
		widths = widths[:min(len(widths), b.Level)]
		listed := b.Kind == richtext.Bullet || b.Kind == richtext.Numbered
		prefix := strings.Repeat(" ", sum(widths))
		if b.Kind == richtext.Rule {
			w.divide() // directly under a text it would make a heading of it
			w.out.WriteString(prefix + "---\n")
			last = b
			continue
		}
		if listed {
			widths = widths[:min(len(widths), b.Level-1)]
			prefix = strings.Repeat(" ", sum(widths))
			marker := "- "
			if b.Kind == richtext.Numbered && b.First && last.Level >= b.Level && kinds[b.Level] == richtext.Numbered {
				mark = map[string]string{".": ")", ")": "."}[mark]
			}
			kinds[b.Level] = b.Kind
			if b.Kind == richtext.Numbered {
				marker = strconv.Itoa(b.Number) + mark + " "
			}
			for len(widths) < b.Level-1 { // an item of a list without text of its own
				widths = append(widths, 2)
			}
			widths = append(widths, len(marker))
			prefix += marker
		}
		if i == 0 || !listed || last.Level == 0 || last.Kind == richtext.Rule {
			w.divide()
		}
		indent := strings.Repeat(" ", sum(widths))
		lines := b.Lines()
		for j, runs := range lines {
			text := line(inline(runs))
			if j+1 < len(lines) {
				w.out.WriteString(prefix + broken(text))
			} else {
				w.out.WriteString(prefix + text)
			}
			prefix = indent
		}
		w.out.WriteByte('\n')
		last = b
	}
	w.list = false
}

func sum(numbers []int) int {
	n := 0
	for _, v := range numbers {
		n += v
	}
	return n
}

// inline returns the spans of a line.
func inline(runs []richtext.Span) string {
	var b strings.Builder
	runs = joinedCode(runs)
	for i, p := range runs {
		mark := ""
		if p.Bold {
			mark += "**"
		}
		if p.Italic {
			mark += "*"
		}
		before, after := lastRune(b.String()), utf8.RuneError
		if i+1 < len(runs) {
			after = neighbor(runs[i+1])
		}
		text, fits := "", false
		if p.Code && p.URL == "" {
			text = codeSpan(p.Text, mark, before, after)
			fits = codeFits(b.String(), text)
		}
		switch {
		case fits:
		case p.URL != "" && p.Code:
			text = "[" + codeSpan(p.Text, mark, '[', ']') + "](" + destination(p.URL) + ")"
		case p.URL != "":
			text = "[" + emphasized(p.Text, mark, '[', ']') + "](" + destination(p.URL) + ")"
		default:
			text = emphasized(p.Text, mark, before, after)
			if n := len(text) - 1; n >= 0 && i+1 < len(runs) && runs[i+1].URL != "" && strings.ContainsRune("!^", rune(text[n])) {
				text = text[:n] + `\` + text[n:] // it would make a picture or a footnote of the link
			}
		}
		b.WriteString(text)
	}
	return b.String()
}

// neighbor returns the first character that a span is written as. Code may have to
// do without its backtick; marks that fit the text fit that, too.
func neighbor(p richtext.Span) rune {
	switch {
	case p.URL != "":
		return '['
	case (p.Bold || p.Italic) && !strings.HasPrefix(p.Text, " "):
		return '*'
	}
	return first(p.Text)
}

// first and lastRune are utf8.RuneError of the empty text.
func first(s string) rune    { r, _ := utf8.DecodeRuneInString(s); return r }
func lastRune(s string) rune { r, _ := utf8.DecodeLastRuneInString(s); return r }
