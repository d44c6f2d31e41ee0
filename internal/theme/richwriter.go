package theme

import (
	"html"
	"slices"
	"strings"
	"unicode"
)

// Bounds on nesting; what is deeper is flattened.
const (
	maxLists   = 5
	maxPhrases = 16 // two for most
)

// richWriter writes rich text. Its output is well-formed whatever it is told:
// an element is opened when the first text arrives in it, so that empty ones
// never appear, and phrases are closed and opened again around the end of a
// block.
type richWriter struct {
	out       strings.Builder
	lists     []list
	phrases   []phrase
	inBlock   bool // text may follow directly
	inP       bool // the block is a <p>; else it is the beginning of an <li>
	gap       bool // a blank is due before the next text of the block
	breaks    int  // line breaks due before the next text of the block
	afterMark bool // the mark of a typed item was read, and nothing since
}

// list is one that is open.
type list struct {
	tag    string
	item   bool // the list and an item of it are open in the output
	next   bool // the next text begins a new item
	flat   bool // it has no tags of its own: see startFlatItem
	typed  bool // it was typed as lines: see lines
	indent int  // of a typed one
	count  int  // of a typed one: the number of the last item
}

// phrase is formatting that is in force.
type phrase struct {
	source    string // the tag that began it, and that ends it
	tag, href string // how it is written; nothing without a tag
	written   bool
}

// text adds text of the current block.
func (w *richWriter) text(s string) {
	words := oneLine(s)
	// A joiner between two letters stays, also where one of them is bold.
	blank := strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	if words == "" || nothingSeen(words) && (blank || !w.inBlock || w.breaks > 0) {
		w.gap = w.gap || blank
		return
	}
	if w.breaks > 1 {
		w.endBlock() // a blank line was meant to divide
	}
	if !w.inBlock {
		w.startBlock()
	} else if w.breaks > 0 {
		w.out.WriteString("<br>")
	} else if w.gap || startsBlank(s) {
		w.out.WriteByte(' ')
	}
	w.breaks, w.afterMark = 0, false
	for i := range w.phrases {
		if p := &w.phrases[i]; !p.written && p.tag != "" {
			p.written = true
			w.out.WriteString("<" + p.tag)
			if p.href != "" {
				w.out.WriteString(` href="` + html.EscapeString(p.href) + `"`)
			}
			w.out.WriteByte('>')
		}
	}
	w.out.WriteString(html.EscapeString(words))
	w.gap = endsBlank(s)
}

// startBlock opens a paragraph, or what is due of the innermost list.
func (w *richWriter) startBlock() {
	w.inBlock, w.inP = true, true
	if n := len(w.lists); n > 0 {
		l := &w.lists[n-1]
		if !l.item {
			w.out.WriteString("<" + l.tag + ">")
		} else if l.next {
			w.out.WriteString("</li>")
		}
		if !l.item || l.next {
			w.out.WriteString(`<li dir="auto">`)
			l.item, l.next = true, false
			w.inP = false
			return
		}
	}
	w.out.WriteString(`<p dir="auto">`)
}

// endBlock ends the paragraph; formatting stays in force for the next one.
func (w *richWriter) endBlock() {
	w.closePhrases(0)
	if w.inBlock && w.inP {
		w.out.WriteString("</p>")
	}
	w.inBlock, w.inP, w.gap, w.breaks, w.afterMark = false, false, false, 0, false
}

// startList opens a list inside the current item, if there is one.
func (w *richWriter) startList(tag string) {
	w.endBlock()
	if len(w.lists) < maxLists {
		w.lists = append(w.lists, list{tag: tag, next: true})
	}
}

// startItem begins an item, of a bulleted list where none is open.
func (w *richWriter) startItem() {
	w.endBlock()
	if len(w.lists) == 0 {
		w.startList("ul")
	}
	w.lists[len(w.lists)-1].next = true
}

// endList closes the innermost list.
func (w *richWriter) endList() {
	w.endBlock()
	n := len(w.lists)
	if n == 0 {
		return
	}
	if l := w.lists[n-1]; l.item {
		w.out.WriteString("</li></" + l.tag + ">")
	}
	w.lists = w.lists[:n-1]
}

// startPhrase puts formatting in force: the elements that a tag stands for, which
// may be none.
func (w *richWriter) startPhrase(source, href string, tags ...string) {
	if len(w.phrases)+1+len(tags) > maxPhrases {
		return
	}
	w.phrases = append(w.phrases, phrase{source: source}) // where its elements begin
	for _, tag := range tags {
		w.phrases = append(w.phrases, phrase{tag: tag, href: href})
	}
}

// endPhrase ends the innermost formatting of that tag.
func (w *richWriter) endPhrase(source string) {
	for i, p := range slices.Backward(w.phrases) {
		if p.source == source {
			end := i + 1
			for end < len(w.phrases) && w.phrases[end].source == "" {
				end++
			}
			w.closePhrases(i)
			w.phrases = slices.Delete(w.phrases, i, end)
			return
		}
	}
}

// closePhrases writes the end of the phrases from the i-th on, which are
// opened again by the next text.
func (w *richWriter) closePhrases(i int) {
	for n := len(w.phrases) - 1; n >= i; n-- {
		if p := &w.phrases[n]; p.written {
			p.written = false
			w.out.WriteString("</" + p.tag + ">")
		}
	}
}

// lineBreak asks for a line break before the next text of the block.
func (w *richWriter) lineBreak() {
	w.breaks++
	w.gap, w.afterMark = false, false
}

// finish closes everything and returns the HTML.
func (w *richWriter) finish() string {
	for len(w.lists) > 0 {
		w.endList()
	}
	w.endBlock()
	return w.out.String()
}

// startsBlank and endsBlank report breakable white space at an end of s.
func startsBlank(s string) bool { return s != "" && strings.IndexByte(" \t\n\r\f", s[0]) >= 0 }
func endsBlank(s string) bool   { return s != "" && strings.IndexByte(" \t\n\r\f", s[len(s)-1]) >= 0 }
