package theme

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lists that are typed rather than made: lines that begin with a bullet, or with
// numbers that count.

// lines adds text whose line breaks are meant. A blank line ends a paragraph,
// neighbouring lines with bullets are a list, those that are indented are within
// the item before.
func (w *richWriter) lines(s string) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	list := strings.Split(s, "\n")
	for i, line := range list {
		if i > 0 {
			w.lineBreak()
		}
		indent, words := indentation(line)
		n, item := numbered(words)
		switch {
		case !w.lineBegins():
			w.text(line)
		case n > 0 && w.onlyTyped() && (w.counts(n-1, indent) || n == 1 && countsOn(list[i+1:])):
			w.typedItem("ol", indent)
			w.lists[len(w.lists)-1].count = n
			w.text(item)
			w.gap = endsBlank(line)
		case indent >= deeper && w.breaks == 1 && len(w.lists) > 0 && w.onlyTyped() && !marked(words) && words != "":
			w.breaks = 0 // the item goes on
			w.gap = true
			w.inBlock = true
			w.text(line)
		default:
			w.typed(line, indent)
		}
	}
}

// typed adds text that may begin a line, and with it an item of a list.
func (w *richWriter) typed(s string, indent int) {
	words := oneLine(s)
	if !w.lineBegins() || nothingSeen(words) {
		w.text(s)
		return
	}
	item, dash, ok := cutMark(words, endsBlank(s))
	switch {
	case w.onlyTyped() && ok:
		w.typedItem("ul", indent)
		w.text(item)
		w.gap = endsBlank(s)
	case w.onlyTyped():
		w.endTyped()
		w.text(s)
	case ok && !dash && w.lists[len(w.lists)-1].next: // a second bullet for the same item
		w.text(item)
		w.gap = endsBlank(s)
	default:
		w.text(s)
	}
}

// lineBegins reports whether the next text begins a line.
func (w *richWriter) lineBegins() bool { return (!w.inBlock || w.breaks > 0) && !w.afterMark }

// onlyTyped reports whether no list is open but typed ones.
func (w *richWriter) onlyTyped() bool { return len(w.lists) == 0 || w.lists[0].typed }

// endTyped ends the typed lists.
func (w *richWriter) endTyped() {
	for len(w.lists) > 0 && w.lists[0].typed {
		w.endList()
	}
}

// counts reports whether a list that is indented like this has come to a number.
func (w *richWriter) counts(n, indent int) bool {
	return n > 0 && slices.ContainsFunc(w.lists, func(l list) bool { return l.count == n && indent < l.indent+deeper })
}

// deeper is how many blanks further to the right a list within an item begins.
const deeper = 2

// typedItem begins an item of a typed list.
func (w *richWriter) typedItem(tag string, indent int) {
	w.endBlock()
	top := func() *list { return &w.lists[len(w.lists)-1] }
	for len(w.lists) > 1 && top().indent >= indent+deeper {
		w.endList()
	}
	if n := len(w.lists); n > 0 && top().tag != tag && indent < top().indent+deeper {
		w.endList()
	}
	if n := len(w.lists); n == 0 || indent >= top().indent+deeper && n < maxLists {
		w.startList(tag)
		top().typed, top().indent = true, indent
	}
	w.startItem()
	w.afterMark = true
}

// indentation is how far to the right a line begins, in blanks, and the line as
// clean makes it.
func indentation(line string) (int, string) {
	n := 0
	for _, r := range line {
		switch r {
		case ' ', '\u00a0':
			n++
		case '\t':
			n += 4
		default:
			return n, clean(line)
		}
	}
	return 0, ""
}

// lists reports text in which a further line begins with a bullet.
func lists(text string) bool {
	_, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	for line := range strings.SplitSeq(rest, "\n") {
		if marked(clean(line)) {
			return true
		}
	}
	return false
}

// marked reports a line that begins with a bullet.
func marked(words string) bool {
	_, _, ok := cutMark(words, false)
	return ok
}

// cutMark is what follows the mark of a list item. A dash is one when a blank
// comes after it: within the words, or after them where more are to come.
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

// numbered is the number at the beginning of a line, "1." or "1)", and what
// follows it; 0 where there is none.
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

// countsOn reports whether the first of these lines that is numbered is the second.
func countsOn(lines []string) bool {
	for _, line := range lines {
		indent, words := indentation(line)
		if n, _ := numbered(words); n > 0 {
			return n == 2
		}
		if words != "" && indent < deeper && !marked(words) {
			return false
		}
	}
	return false
}
