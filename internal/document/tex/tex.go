// Package tex writes a document as one LaTeX file, for people who want to edit it.
package tex

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// Write returns a document as LaTeX. It needs packages of a basic installation only
// and compiles with xelatex; with lualatex unless it is written from right to left;
// and with pdflatex if that has all characters. No text of the document becomes a
// command.
func Write(d *document.Document, paper export.Paper) []byte {
	w := writer{rtl: d.Dir == "rtl", han: hanOf(d.Lang)}
	w.document(d)
	body := w.out.String()
	head := w.head(d)

	var b strings.Builder
	if w.unicode {
		b.WriteString("% !TeX program = xelatex\n")
	}
	b.WriteString(preambleFor(paper))
	b.WriteString(w.setup(head + body))
	b.WriteString(head)
	b.WriteString("\n\\begin{document}\n" + body + "\\end{document}\n")
	return []byte(b.String())
}

// writer writes LaTeX with the commands that the preamble defines.
type writer struct {
	out     strings.Builder
	rtl     bool   // the resume is written from right to left
	han     string // the command for Han characters in their national form
	unicode bool   // it has characters that pdflatex has not
	turned  bool   // the current text runs from right to left

	families map[rune]string // commands of characters that were looked up
}

// document writes the body of the document environment.
func (w *writer) document(d *document.Document) {
	name := d.Name()
	w.command("cvname", w.text(name))
	w.command("cvheadline", w.link(document.Link{Text: d.Headline, URL: d.HeadlineURL}))
	var list []string
	for _, c := range d.Contact {
		text := w.text(c.Label) + w.link(c.Link)
		if len(c.Label)+len(c.Text) < document.LongAddress {
			text = "\\mbox{" + text + "}"
		}
		list = append(list, text)
	}
	w.command("cvcontact", strings.Join(list, "\\cvsep\n"))
	for i, s := range d.Sections {
		fmt.Fprintf(&w.out, "\n\\cvsection{%d}{%s}\n", i+1, w.text(s.Title))
		w.body(s.Body)
		w.lines(s.Lines, "cvline")
		for _, it := range s.Entries {
			w.entry(it)
		}
	}
}

// command writes a command with one argument, or nothing if that is empty.
func (w *writer) command(name, argument string) {
	if argument != "" {
		fmt.Fprintf(&w.out, "\\%s{%s}\n", name, argument)
	}
}

// entry writes an entry.
func (w *writer) entry(it document.Entry) {
	var parts []string
	for _, p := range it.Parts {
		parts = append(parts, w.link(p))
	}
	title, with := w.link(it.Title), strings.Join(parts, " \\textperiodcentered{} ")
	w.out.WriteByte('\n')
	if it.Brief {
		if title != "" {
			title = "\\textbf{" + title + "}"
		}
		title = document.Join(" \\textperiodcentered{} ", title, with)
		with = ""
		fmt.Fprintf(&w.out, "\\cvbrief{%s}{%s}\n", title, w.text(it.Dates()))
	} else if title != "" || len(it.When) > 0 {
		fmt.Fprintf(&w.out, "\\cventry{%s}{%s}\n", title, w.text(it.Dates()))
	}
	w.command("cvparts", with)
	w.command("cvparts", w.text(it.Note))
	w.body(it.Body)
	w.lines(it.Lines, "cvsmall")
}

// lines writes lists of short values.
func (w *writer) lines(list []document.Line, command string) {
	for _, k := range list {
		label := ""
		if k.Label != "" {
			label = "\\textbf{" + w.link(document.Link{Text: k.Label, URL: k.LabelURL}) + "}"
			switch {
			case k.Remark == "":
				label += w.text(k.Colon)
			case k.RemarkURL != "":
				label += w.text(" (") + w.link(document.Link{Text: k.Remark, URL: k.RemarkURL}) + w.text(")"+k.Colon)
			default:
				label += w.text(" (" + k.Remark + ")" + k.Colon)
			}
		}
		w.command(command, label+w.list(k))
	}
}

// list writes the values of a line. Runs of text without a link are written as a whole, as
// their direction and fonts depend on what is around a letter.
func (w *writer) list(k document.Line) string {
	var b, plain strings.Builder
	for i, v := range k.Values {
		if i > 0 {
			plain.WriteString(k.Comma)
		}
		if v.URL == "" {
			plain.WriteString(v.Text)
		} else {
			b.WriteString(w.text(plain.String()))
			plain.Reset()
			b.WriteString(w.link(document.Link{Text: v.Text, URL: v.URL}))
		}
		switch {
		case v.Remark == "":
		case v.RemarkURL != "":
			b.WriteString(w.text(plain.String() + " ("))
			plain.Reset()
			b.WriteString(w.link(document.Link{Text: v.Remark, URL: v.RemarkURL}))
			plain.WriteString(")")
		default:
			plain.WriteString(" (" + v.Remark + ")")
		}
	}
	b.WriteString(w.text(plain.String()))
	return b.String()
}

// body writes rich text. Items have their level as an argument; there are no list
// environments.
func (w *writer) body(body richtext.Text) {
	for _, b := range body {
		var lines []string
		for _, runs := range b.Lines() {
			lines = append(lines, w.runs(runs))
		}
		text := strings.Join(lines, "\\newline\n")
		switch {
		case b.Kind == richtext.Rule:
			w.out.WriteString("\\cvrule\n")
		case b.Kind == richtext.Bullet:
			fmt.Fprintf(&w.out, "\\cvitem{%d}{\\textbullet}{%s}\n", b.Level, text)
		case b.Kind == richtext.Numbered:
			fmt.Fprintf(&w.out, "\\cvitem{%d}{%d.}{%s}\n", b.Level, b.Number, text)
		case b.Level > 0:
			fmt.Fprintf(&w.out, "\\cvitem{%d}{}{%s}\n", b.Level, text)
		default:
			w.command("cvtext", text)
		}
	}
}

// runs returns the spans of a line. Neighboring text that runs against the line's
// direction is one group also if its formatting differs: two groups would be placed
// in the line's order.
func (w *writer) runs(runs []richtext.Span) string {
	// The direction of a part depends on the whole line.
	var line strings.Builder
	for _, p := range runs {
		line.WriteString(p.Text)
	}
	against := opposed(line.String(), w.rtl)
	var b strings.Builder
	inside := false // of a stretch against the line's direction
	turn := func(against bool) {
		if against && !inside {
			b.WriteString(w.crossing() + "{")
		} else if inside && !against {
			b.WriteByte('}')
		}
		inside = against
	}
	for _, p := range runs {
		text := []rune(p.Text)
		for from := 0; from < len(text); {
			to := from + sameLength(against[from:len(text)])
			if p.URL != "" {
				to = len(text)
			}
			all := sameLength(against[from:to]) == to-from
			turn(all && against[from])
			b.WriteString(w.looks(p, text[from:to], against[from:to]))
			from = to
		}
		against = against[len(text):]
	}
	turn(false)
	return b.String()
}

// sameLength returns the number of equal values at the beginning.
func sameLength(list []bool) int {
	n := 0
	for n < len(list) && list[n] == list[0] {
		n++
	}
	return n
}

// looks returns a part of a span with its formatting. Links and underlined text are
// boxes, which have directions of their own.
func (w *writer) looks(p richtext.Span, text []rune, against []bool) string {
	underlined := p.Underline && len(p.Text) < document.LongAddress // it would not be broken
	out := ""
	if underlined || p.URL != "" {
		out = w.piece(text, against)
	} else {
		out = w.oriented(text, against[0])
	}
	if p.Code && !strings.ContainsFunc(p.Text, func(r rune) bool { return r >= 0x100 }) {
		out = "\\texttt{" + out + "}" // its font has no letters beyond Latin-1 for sure
	}
	if underlined && w.rtl {
		out = "\\cvbase{" + out + "}"
	}
	if underlined {
		out = "\\underline{" + out + "}"
	}
	if p.Italic {
		out = "\\textit{" + out + "}"
	}
	if p.Bold {
		out = "\\textbf{" + out + "}"
	}
	if p.URL != "" {
		out = w.linked(out, p.Text, p.URL)
	}
	return out
}

// link returns a link, or its text if it has no address.
func (w *writer) link(k document.Link) string {
	text := w.text(k.Text)
	if w.rtl && k.Kind != "" { // addresses and numbers are written from left to right
		w.turned = false
		text = "\\cvlr{" + w.inFonts([]rune(k.Text)) + "}"
	}
	if k.Kind == "web" && len(k.Text) > document.LongAddress {
		text = strings.NewReplacer("/", "/\\allowbreak{}", "?", "?\\allowbreak{}", "=", "=\\allowbreak{}", "\\&", "\\&\\allowbreak{}").Replace(text)
	}
	if k.URL == "" || text == "" {
		return text
	}
	return w.linked(text, k.Text, k.URL)
}

// linked returns escaped text as a link. In right-to-left documents links are boxes,
// which cannot be broken, so long ones are left as text.
func (w *writer) linked(escaped, text, address string) string {
	if w.rtl && len(text) > 2*document.LongAddress {
		return escaped
	}
	return "\\cvlink{" + hrefArgument(address) + "}{" + escaped + "}"
}

// head returns the PDF metadata and the name for the head of further pages.
func (w *writer) head(d *document.Document) string {
	var b strings.Builder
	b.WriteString("\\hypersetup{\n")
	for _, f := range []struct{ key, value string }{
		{"pdftitle", d.Title}, {"pdfauthor", d.Author}, {"pdfsubject", d.Subject},
		{"pdfkeywords", d.KeywordList()}, {"pdflang", d.Lang}, {"pdfcreator", "letraz-export"},
	} {
		if f.value != "" {
			fmt.Fprintf(&b, "  %s={%s},\n", f.key, escaped(f.value))
		}
	}
	b.WriteString("}\n")
	fmt.Fprintf(&b, "\\newcommand\\cvrunning{%s}\n", w.text(d.Heading))
	return b.String()
}
