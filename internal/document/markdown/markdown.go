// Package markdown writes a document in CommonMark (0.31): headings, lists, links
// and emphasis, no HTML. Every character of the document's that would mean
// something is escaped, for readers with the extensions of GitHub, too.
package markdown

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// Write makes the Markdown of a document.
func Write(d *document.Document) []byte {
	var w writer
	w.heading(1, d.Name(), "")
	w.paragraph(escaped(d.Headline))
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
			w.item(it)
		}
	}
	return []byte(w.out.String())
}

// writer writes CommonMark. What it is given is escaped already, but for
// what means something only where a line begins or a heading ends.
type writer struct {
	out  strings.Builder
	list bool // the last line belongs to a list
}

// divide begins a block of its own.
func (w *writer) divide() {
	if w.out.Len() > 0 {
		w.out.WriteByte('\n')
	}
	w.list = false
}

// heading writes a heading that may lead somewhere.
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

// paragraph writes lines that belong together; empty ones are left out.
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

// item writes an entry.
func (w *writer) item(it document.Entry) {
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

// lines are lists of short values, each on a line.
func labeledLines(list []document.Line) []string {
	var out []string
	for _, k := range list {
		text := ""
		if k.Label != "" {
			colon, remark := escaped(k.Colon), ""
			if k.Remark != "" {
				remark = escaped(" (" + k.Remark + ")")
			}
			text = emphasised(k.Label, "**", utf8.RuneError, first(remark+colon)) + remark + colon
		}
		out = append(out, text+escaped(k.List()))
	}
	return out
}

// body writes rich text. An item's other blocks stand below its text, by the
// width of its mark to the right.
func (w *writer) body(body richtext.Text) {
	var widths []int // of the marks of the lists that are open
	mark := "."      // of the numbered list; another one begins another list
	last := richtext.Block{}
	for i, b := range body {
		widths = widths[:min(len(widths), b.Level)]
		listed := b.Kind != richtext.Paragraph
		prefix := strings.Repeat(" ", sum(widths))
		if listed {
			widths = widths[:min(len(widths), b.Level-1)]
			prefix = strings.Repeat(" ", sum(widths))
			marker := "- "
			if b.Number == 1 && last.Level > 0 && last.Number > 0 && last.Level >= b.Level {
				mark = map[string]string{".": ")", ")": "."}[mark]
			}
			if b.Number > 0 {
				marker = strconv.Itoa(b.Number) + mark + " "
			}
			for len(widths) < b.Level-1 { // an item of a list without text of its own
				widths = append(widths, 2)
			}
			widths = append(widths, len(marker))
			prefix += marker
		}
		if i == 0 || !listed || last.Level == 0 {
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

// inline is rich text on one line.
func inline(runs []richtext.Span) string {
	var b strings.Builder
	for i, p := range runs {
		mark := ""
		if p.Bold {
			mark += "**"
		}
		if p.Italic {
			mark += "*"
		}
		// Where a link's brackets stand between, they are the neighbours.
		before, after := lastRune(b.String()), utf8.RuneError
		if i+1 < len(runs) {
			after = neighbour(runs[i+1])
		}
		text := ""
		if p.URL != "" {
			text = "[" + emphasised(p.Text, mark, '[', ']') + "](" + destination(p.URL) + ")"
		} else {
			text = emphasised(p.Text, mark, before, after)
			if n := len(text) - 1; n >= 0 && i+1 < len(runs) && runs[i+1].URL != "" && strings.ContainsRune("!^", rune(text[n])) {
				text = text[:n] + `\` + text[n:] // it would make a picture or a footnote of the link
			}
		}
		b.WriteString(text)
	}
	return b.String()
}

// neighbour is the first character of what a run becomes.
func neighbour(p richtext.Span) rune {
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
