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
		case n > 0 && b.mayType() && (b.counts(n-1, indent) || b.mayStartAt(n) && countsOn(n, list[i+1:])):
			if !b.counts(n-1, indent) {
				b.endNumbers(indent)
			}
			b.typedItem("ol", indent, n)
			b.lists[len(b.lists)-1].count = n
			b.text(item)
			b.gap = endsBlank(line)
		case indent >= deeper && b.breaks == 1 && len(b.lists) > b.typedFrom() && !marked(words) && words != "":
			b.breaks = 0 // the line continues the item
			b.gap = true
			b.text(line)
		default:
			b.typedText(line, indent)
		}
	}
}

// typedText adds text that may begin a line, and so an item of a list. Lines within
// an item that was not typed are a list in it; if that item begins as they do, they are
// further items beside it.
func (b *builder) typedText(s string, indent int) {
	words := oneLine(s)
	if !b.lineBegins() || invisible(words) {
		b.text(s)
		return
	}
	item, ok := cutMark(words, endsBlank(s))
	switch {
	case !b.mayType():
		if ok { // a second mark for the same item
			top := &b.lists[len(b.lists)-1]
			top.lead, top.indent = true, indent
			s = item + trailing(s)
		}
		b.text(s)
	case ok:
		b.typedItem("ul", indent, 1)
		b.text(item + trailing(s))
	default:
		b.endTyped()
		b.text(s)
	}
}

// trailing returns a blank if s ends with one.
func trailing(s string) string {
	if endsBlank(s) {
		return " "
	}
	return ""
}

// lineBegins reports whether the next text is at the beginning of a line.
func (b *builder) lineBegins() bool { return (!b.inBlock || b.breaks > 0) && !b.afterMark }

// typedFrom returns the number of open lists that are not typed. Typed ones are within
// these.
func (b *builder) typedFrom() int {
	n := len(b.lists)
	for n > 0 && b.lists[n-1].typed {
		n--
	}
	return n
}

// mayType reports whether the next line may be an item of a typed list: it is not the
// first one of an item that was not typed.
func (b *builder) mayType() bool {
	n := len(b.lists)
	return n == 0 || b.lists[n-1].typed || !b.lists[n-1].next
}

// endTyped ends the typed lists.
func (b *builder) endTyped() {
	for from := b.typedFrom(); len(b.lists) > from; {
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
	for from := b.typedFrom(); len(b.lists) > from && indent < b.lists[len(b.lists)-1].indent+deeper; {
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
	from := b.typedFrom()
	if from > 0 && b.lists[from-1].lead && indent < b.lists[from-1].indent+deeper {
		b.endTyped()
		b.startItem() // beside the item that began as this one does
		b.lists[from-1].lead, b.afterMark = true, true
		return
	}
	for len(b.lists) > from+1 && top().indent >= indent+deeper {
		b.endList()
	}
	if len(b.lists) > from && top().tag != tag && indent < top().indent+deeper {
		b.endList()
	}
	if n := len(b.lists); n < maxLists && (n == from || indent >= top().indent+deeper) {
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
	_, ok := cutMark(words, false)
	return ok
}

// cutMark returns what follows the bullet of a line, and whether there is one. A dash
// is a bullet only if a blank follows, and a plus sign only if no number follows; more
// says that a blank follows the words.
func cutMark(words string, more bool) (item string, ok bool) {
	r, size := utf8.DecodeRuneInString(words)
	item = strings.TrimLeftFunc(words[size:], unicode.IsSpace)
	switch r {
	case '•', '◦', '▪', '●', '‣', '■', '□', '○', '∙', '·', '►', '▸', '➢', '➤':
		return item, item != "" || more
	case '-', '*', '–', '+':
		if r == '+' && item != "" && item[0] >= '0' && item[0] <= '9' {
			return "", false
		}
		return item, len(item) < len(words)-size || item == "" && more
	}
	return "", false
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
