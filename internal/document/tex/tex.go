// Package tex writes a document as one LaTeX file to go on working with.
package tex

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// Write makes the LaTeX file of a document. It takes packages of a basic
// installation only, and compiles with xelatex; unless it is written from right to
// left with lualatex, too, and where it has all the letters with pdflatex. No text
// of a document's is ever a command.
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
	unicode bool   // it holds what pdflatex has no letters for
	turned  bool   // what is being written runs from right to left
}

// document writes what stands between begin and end.
func (w *writer) document(d *document.Document) {
	name := d.Name()
	w.command("cvname", w.text(name))
	w.command("cvheadline", w.text(d.Headline))
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
			w.item(it)
		}
	}
}

// command writes a command with one argument, or nothing without.
func (w *writer) command(name, argument string) {
	if argument != "" {
		fmt.Fprintf(&w.out, "\\%s{%s}\n", name, argument)
	}
}

// item writes an entry.
func (w *writer) item(it document.Entry) {
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
			remark := ""
			if k.Remark != "" {
				remark = " (" + k.Remark + ")"
			}
			label = "\\textbf{" + w.text(k.Label) + "}" + w.text(remark+k.Colon)
		}
		w.command(command, label+w.text(k.List()))
	}
}

// body writes rich text. Lists are flat in it: each item knows how deep it is.
func (w *writer) body(body richtext.Text) {
	for _, b := range body {
		var lines []string
		for _, runs := range b.Lines() {
			lines = append(lines, w.runs(runs))
		}
		text := strings.Join(lines, "\\newline\n")
		switch {
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

// runs is rich text on one line. What runs against the line's direction stays one
// stretch whatever its looks: two would stand in the line's order.
func (w *writer) runs(runs []richtext.Span) string {
	// The direction of a piece depends on the whole, so that is decided first.
	var line strings.Builder
	for _, p := range runs {
		line.WriteString(p.Text)
	}
	against := againstGrain(line.String(), w.rtl)
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

// sameLength is how many values at the beginning are the same.
func sameLength(list []bool) int {
	n := 0
	for n < len(list) && list[n] == list[0] {
		n++
	}
	return n
}

// looks is a part of a run as it looks. Links and what is underlined are boxes,
// in which directions begin anew.
func (w *writer) looks(p richtext.Span, text []rune, against []bool) string {
	underlined := p.Underline && len(p.Text) < document.LongAddress // it would not be broken
	out := ""
	if underlined || p.URL != "" {
		out = w.piece(text, against)
	} else {
		out = w.oriented(text, against[0])
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

// link is a text that may lead somewhere.
func (w *writer) link(k document.Link) string {
	text := w.text(k.Text)
	if w.rtl && k.Kind != "" { // addresses and numbers are written from left to right
		w.turned = false
		text = "\\cvlr{" + w.families([]rune(k.Text)) + "}"
	}
	if k.Kind == "web" && len(k.Text) > document.LongAddress {
		text = strings.NewReplacer("/", "/\\allowbreak{}", "?", "?\\allowbreak{}", "=", "=\\allowbreak{}", "\\&", "\\&\\allowbreak{}").Replace(text)
	}
	if k.URL == "" || text == "" {
		return text
	}
	return w.linked(text, k.Text, k.URL)
}

// linked is escaped text that leads somewhere. From right to left a link is a box,
// which a long one may not be.
func (w *writer) linked(escaped, text, address string) string {
	if w.rtl && len(text) > 2*document.LongAddress {
		return escaped
	}
	return "\\cvlink{" + hrefArgument(address) + "}{" + escaped + "}"
}

// head is what the PDF says about itself, and the name on every page but the first.
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
