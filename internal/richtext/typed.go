package richtext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file reads lists that people type as plain text: lines that begin with a
// bullet, or with consecutive numbers.

// typedLines adds text in which line breaks are significant. A blank line ends a
// paragraph. Neighboring lines with bullets are a list; indented ones are a list
// within the item before.
func (b *builder) typedLines(s string) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	list := strings.Split(s, "\n")
	for i, line := range list {
		if i > 0 {
			b.lineBreak()
		}
		indent, words := indentation(line)
		n, item := numbered(words)
		switch {
		case !b.lineBegins():
			b.text(line)
		case n > 0 && b.onlyTyped() && (b.counts(n-1, indent) || b.mayStartAt(n) && countsOn(n, list[i+1:])):
			if !b.counts(n-1, indent) {
				b.endNumbers(indent)
			}
			b.typedItem("ol", indent, n)
			b.lists[len(b.lists)-1].count = n
			b.text(item)
			b.gap = endsBlank(line)
		case indent >= deeper && b.breaks == 1 && len(b.lists) > 0 && b.onlyTyped() && !marked(words) && words != "":
			b.breaks = 0 // the line continues the item
			b.gap = true
			b.text(line)
		default:
			b.typedText(line, indent)
		}
	}
}

// typedText adds text that may begin a line, and so an item of a list.
func (b *builder) typedText(s string, indent int) {
	words := oneLine(s)
	if !b.lineBegins() || invisible(words) {
		b.text(s)
		return
	}
	item, dash, ok := cutMark(words, endsBlank(s))
	switch {
	case b.onlyTyped() && ok:
		b.typedItem("ul", indent, 1)
		b.text(item)
		b.gap = endsBlank(s)
	case b.onlyTyped():
		b.endTyped()
		b.text(s)
	case ok && !dash && b.lists[len(b.lists)-1].next: // a second bullet for the same item
		b.text(item)
		b.gap = endsBlank(s)
	default:
		b.text(s)
	}
}

// lineBegins reports whether the next text is at the beginning of a line.
func (b *builder) lineBegins() bool { return (!b.inBlock || b.breaks > 0) && !b.afterMark }

// onlyTyped reports whether all open lists are typed ones.
func (b *builder) onlyTyped() bool { return len(b.lists) == 0 || b.lists[0].typed }

// endTyped ends the typed lists.
func (b *builder) endTyped() {
	for len(b.lists) > 0 && b.lists[0].typed {
		b.endList()
	}
}

// counts reports whether n is the last number of an open list with that indentation.
func (b *builder) counts(n, indent int) bool {
	return n > 0 && slices.ContainsFunc(b.lists, func(l list) bool { return l.count == n && indent < l.indent+deeper })
}

// mayStartAt reports whether a numbered list may begin with n here. One that begins
// with another number than 1 needs a paragraph of its own: other lines that begin with
// a number are more likely to be dates.
func (b *builder) mayStartAt(n int) bool { return n == 1 || !b.inBlock || b.breaks > 1 }

// endNumbers ends the list of that indentation, and those within it: the next number
// begins another one.
func (b *builder) endNumbers(indent int) {
	for len(b.lists) > 0 && indent < b.lists[len(b.lists)-1].indent+deeper {
		b.endList()
	}
}

// deeper is the number of blanks by which a list within an item is indented.
const deeper = 2

// typedItem begins an item of a typed list. number is where a numbered list starts
// that begins with it.
func (b *builder) typedItem(tag string, indent, number int) {
	b.endBlock()
	top := func() *list { return &b.lists[len(b.lists)-1] }
	for len(b.lists) > 1 && top().indent >= indent+deeper {
		b.endList()
	}
	if n := len(b.lists); n > 0 && top().tag != tag && indent < top().indent+deeper {
		b.endList()
	}
	if n := len(b.lists); n == 0 || indent >= top().indent+deeper && n < maxLists {
		b.startList(tag, number)
		top().typed, top().indent = true, indent
	}
	b.startItem()
	b.afterMark = true
}

// indentation returns the indentation of a line in blanks, and the line as Line
// returns it.
func indentation(line string) (int, string) {
	n := 0
	for _, r := range line {
		switch r {
		case ' ', '\u00a0':
			n++
		case '\t':
			n += 4
		default:
			return n, Line(line)
		}
	}
	return 0, ""
}

// lists reports whether a line other than the first begins with a bullet.
func lists(text string) bool {
	_, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	for line := range strings.SplitSeq(rest, "\n") {
		if marked(Line(line)) {
			return true
		}
	}
	return false
}

// marked reports whether a line begins with a bullet.
func marked(words string) bool {
	_, _, ok := cutMark(words, false)
	return ok
}

// cutMark returns what follows the bullet of a line, and whether the bullet is a dash
// and whether there is one. A dash is a bullet only if a blank follows; more says that
// one follows the words.
func cutMark(words string, more bool) (item string, dash, ok bool) {
	r, size := utf8.DecodeRuneInString(words)
	item = strings.TrimLeftFunc(words[size:], unicode.IsSpace)
	switch r {
	case '•', '◦', '▪', '●', '‣', '■', '□', '○', '∙', '·', '►', '▸', '➢', '➤',
		'\uf0a7', '\uf0b7', '\uf0d8', '\uf0fc': // as Word writes bullets of Symbol and Wingdings
		return item, false, item != "" || more
	case '-', '*', '–', '+':
		return item, true, len(item) < len(words)-size || item == "" && more
	}
	return "", false, false
}

// numbered returns the number at the beginning of a line, "1." or "1)", and what
// follows it, or 0 if there is none.
func numbered(words string) (int, string) {
	n, digits := 0, 0
	for digits < len(words) && digits < 3 && words[digits] >= '0' && words[digits] <= '9' {
		n = 10*n + int(words[digits]-'0')
		digits++
	}
	rest := words[digits:]
	if digits == 0 || len(rest) < 3 || rest[0] != '.' && rest[0] != ')' || rest[1] != ' ' {
		return 0, ""
	}
	return n, rest[2:]
}

// countsOn reports whether the first numbered one of these lines has the number
// after last.
func countsOn(last int, lines []string) bool {
	for _, line := range lines {
		indent, words := indentation(line)
		if n, _ := numbered(words); n > 0 {
			return n == last+1
		}
		if words != "" && indent < deeper && !marked(words) {
			return false
		}
	}
	return false
}

// typedRules makes rules of the paragraphs between two other blocks that are nothing
// but a typed rule: "---", "***" or "___". Elsewhere these are text, because a line
// directly under another may underline it.
func typedRules(t Text) {
	for i := 1; i+1 < len(t); i++ {
		if isRule(t[i]) && t[i-1].Kind != Rule && t[i+1].Kind != Rule {
			t[i] = Block{Kind: Rule, Level: t[i].Level}
		}
	}
}

// isRule reports whether a block is a typed rule.
func isRule(b Block) bool {
	if b.Kind != Paragraph || len(b.Spans) != 1 || len(b.Spans[0].Marks) > 0 {
		return false
	}
	text := b.Spans[0].Text
	return len(text) >= 3 && strings.IndexByte("-*_", text[0]) >= 0 && strings.Trim(text, text[:1]) == ""
}
