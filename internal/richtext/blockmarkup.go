package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file reads the markup of Markdown that begins lines, within blocks that are
// built: headings, quotations, fenced code and numbers of items.

// leads reports whether a line with such markup can begin with a character.
func leads(c byte) bool {
	return c == '#' || c == '>' || c == '`' || c == '~' || c >= '0' && c <= '9'
}

// textLine is a line of a block.
type textLine struct {
	block int // its block, an index
	spans []Span
	kind  lineKind
	count int // of an item, its number
}

// lineKind is the kind of a line according to its beginning.
type lineKind int

const (
	plainLine lineKind = iota
	headingLine
	itemLine // of a numbered list
	fenceLine
)

// blockMarkup returns the blocks with the markup that begins lines read.
func blockMarkup(t Text) Text {
	lines := linesOf(t)
	fences(lines, t)
	quotations(lines, t)
	for i := range lines {
		heading(&lines[i], t, i+1 == len(lines))
	}
	items(lines, t)
	out := make(Text, 0, len(t))
	for i, from := 0, 0; i < len(t); i++ {
		to := from
		for to < len(lines) && lines[to].block == i {
			to++
		}
		out = appendBlock(out, t[i], lines[from:to])
		from = to
	}
	return numberItems(out)
}

// linesOf returns the lines of all blocks.
func linesOf(t Text) []textLine {
	var lines []textLine
	for i, b := range t {
		from := 0
		for n := range b.Spans {
			if n > from && b.Spans[n].Break {
				lines = append(lines, textLine{block: i, spans: b.Spans[from:n:n]})
				from = n
			}
		}
		if len(b.Spans) > 0 {
			lines = append(lines, textLine{block: i, spans: b.Spans[from:len(b.Spans):len(b.Spans)]})
		}
	}
	return lines
}

// start returns the text that a line begins with, unless it is code: that of its first
// span, and of the second one too if the first ends with a blank.
func (l textLine) start() string {
	if l.kind != plainLine || l.spans[0].Code {
		return ""
	}
	text := l.spans[0].Text
	if len(l.spans) > 1 && strings.HasSuffix(text, " ") {
		text += l.spans[1].Text
	}
	return text
}

// cutStart removes n bytes and blanks from the beginning of a line, which has more.
func (l *textLine) cutStart(n int) {
	first := &l.spans[0]
	first.Text = strings.TrimLeft(first.Text[n:], " ")
	if first.Text == "" {
		l.spans[1].Break = first.Break
		l.spans = l.spans[1:]
	}
}

// fences makes code of the lines between two fences.
func fences(lines []textLine, t Text) {
	for i := 0; i < len(lines); i++ {
		fence := fenceOf(lines[i], t, true)
		if fence == "" {
			continue
		}
		for j := i + 2; j < len(lines); j++ {
			if fenceOf(lines[j], t, false) != fence {
				continue
			}
			lines[i].kind, lines[j].kind = fenceLine, fenceLine
			mark := &Mark{Kind: Code}
			for k := i + 1; k < j; k++ {
				for n := range lines[k].spans {
					if s := &lines[k].spans[n]; !s.Code {
						s.Marks = append(s.Marks[:len(s.Marks):len(s.Marks)], mark)
						s.Code = true
					}
				}
			}
			i = j
			break
		}
		if lines[i].kind != fenceLine {
			return // no line after this one ends code
		}
	}
}

// fenceOf returns the characters of a fence, if the line is one. The opening one may
// name a language.
func fenceOf(l textLine, t Text, opening bool) string {
	if len(l.spans) != 1 || t[l.block].Kind != Paragraph {
		return ""
	}
	text := l.start()
	if !strings.HasPrefix(text, "```") && !strings.HasPrefix(text, "~~~") {
		return ""
	}
	name := strings.TrimSpace(strings.TrimLeft(text, text[:1]))
	if name != "" && (!opening || strings.ContainsAny(name, "`~ ")) {
		return ""
	}
	return text[:3]
}

// quotations removes the marks of quoted lines from paragraphs. A line that begins with
// a comparison, "> 50 people", has none.
func quotations(lines []textLine, t Text) {
	for i := range lines {
		if t[lines[i].block].Kind != Paragraph {
			continue
		}
		for n := quoteMark(lines[i].start()); n > 0; n = quoteMark(lines[i].start()) {
			lines[i].cutStart(n)
		}
	}
}

// quoteMark returns the length of the mark of a quoted line, or 0.
func quoteMark(s string) int {
	words := strings.TrimLeft(s, "> ")
	first, _ := utf8.DecodeRuneInString(words)
	if len(s) < 2 || s[0] != '>' || s[1] != ' ' && s[1] != '>' || !unicode.IsLetter(first) && !strings.ContainsRune("\"'“„«*_`[", first) {
		return 0
	}
	return 1
}

// heading recognizes the heading of a paragraph: "## Tools". One with a single number
// sign is before other text and begins with a capital letter, as opposed to "# of
// users".
func heading(l *textLine, t Text, last bool) {
	text := l.start()
	n := countByte(text, '#')
	if n == 0 || n > 6 || len(text) < n+2 || text[n] != ' ' || t[l.block].Kind != Paragraph {
		return
	}
	first, _ := utf8.DecodeRuneInString(text[n+1:])
	if n == 1 && (last || unicode.IsLower(first) || !unicode.IsLetter(first)) {
		return
	}
	l.cutStart(n)
	end := &l.spans[len(l.spans)-1]
	if words := strings.TrimRight(end.Text, "#"); !end.Code && strings.HasSuffix(words, " ") && strings.TrimSpace(words) != "" {
		end.Text = strings.TrimRight(words, " ")
	}
	l.kind = headingLine
	mark := &Mark{Kind: Strong}
	for i := range l.spans {
		if s := &l.spans[i]; !s.Bold {
			s.Marks = append([]*Mark{mark}, s.Marks...)
			s.Bold = true
		}
	}
}

// items recognizes lines with consecutive numbers as items of a list: such that begin
// with 1, or a paragraph. Other lines that begin with a number are more likely to be
// dates.
func items(lines []textLine, t Text) {
	for from := 0; from < len(lines); {
		n, _ := numbered(lines[from].start())
		first := from == 0 || lines[from-1].block != lines[from].block
		b := t[lines[from].block]
		to := from + 1
		if n > 0 && (n == 1 || first) && (!first || b.Kind == Paragraph) && b.Level < maxLists {
			for to < len(lines) && t[lines[to].block].Level == b.Level && (lines[to].block == lines[from].block || t[lines[to].block].Kind == Paragraph && b.Level == 0) {
				if next, _ := numbered(lines[to].start()); next != n+to-from {
					break
				}
				to++
			}
		}
		if to > from+1 {
			for i := from; i < to; i++ {
				lines[i].kind, lines[i].count = itemLine, n+i-from
			}
		}
		from = to
	}
}

// appendBlock appends a block with these lines, divided where headings and items are.
func appendBlock(out Text, b Block, lines []textLine) Text {
	if b.Kind == Rule {
		return append(out, b)
	}
	begins := true // the next line begins a block
	for _, l := range lines {
		next := b
		switch l.kind {
		case fenceLine:
			continue
		case headingLine:
			next = Block{Level: b.Level}
			begins = true
		case itemLine:
			last := Block{}
			if len(out) > 0 {
				last = out[len(out)-1]
			}
			next = Block{Kind: Numbered, Level: b.Level + 1, Number: l.count}
			next.First = last.Kind != Numbered || last.Level != next.Level || last.Number+1 != next.Number
			text := l.spans[0].Text
			_, words := numbered(text + "x")
			l.cutStart(len(text) + 1 - len(words))
			begins = true
		case plainLine:
		}
		if begins {
			l.spans[0].Break = false
			next.Spans = l.spans
			out = append(out, next)
			b = Block{Level: b.Level}
			begins = l.kind != plainLine
			continue
		}
		last := &out[len(out)-1]
		last.Spans = append(last.Spans, l.spans...)
	}
	return out
}

// numberItems makes numbered lists of bulleted ones whose items all begin with
// consecutive numbers from 1 on.
func numberItems(t Text) Text {
	for from, first := range t {
		if !first.First || first.Kind != Bullet {
			continue
		}
		var list []int // the items
		for i := from; i < len(t) && t[i].Level >= first.Level && (i == from || t[i].Level > first.Level || !t[i].First); i++ {
			if t[i].Level > first.Level || t[i].Kind != Bullet {
				continue
			}
			n, _ := numbered(textLine{spans: t[i].Spans}.start())
			if list = append(list, i); n != len(list) {
				list = nil
				break
			}
		}
		if len(list) < 2 {
			continue
		}
		for n, i := range list {
			l := textLine{spans: t[i].Spans}
			text := l.spans[0].Text
			_, words := numbered(text + "x")
			l.cutStart(len(text) + 1 - len(words))
			t[i].Kind, t[i].Number, t[i].Spans = Numbered, n+1, l.spans
		}
	}
	return t
}
