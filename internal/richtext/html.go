package richtext

import (
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// role is the meaning of an element in rich text. Elements without a role are removed; their
// text stays.
type role int

const (
	dropped role = iota
	hidden       // its content is left out, too
	phrasing
	anchor
	lineBreak
	listOf
	item
	divider // it only divides paragraphs
	preformatted
	rule
)

// roles are the elements that rich text knows.
var roles = sync.OnceValue(func() map[atom.Atom]role {
	all := map[atom.Atom]role{atom.A: anchor, atom.Br: lineBreak, atom.Ul: listOf, atom.Ol: listOf, atom.Li: item}
	for _, a := range []atom.Atom{atom.Frame, atom.Frameset, atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript, atom.Object,
		atom.Script, atom.Style, atom.Title} {
		all[a] = hidden
	}
	for _, a := range []atom.Atom{atom.Strong, atom.B, atom.Em, atom.I, atom.U, atom.Span, atom.Code, atom.Kbd, atom.Samp, atom.Tt} {
		all[a] = phrasing
	}
	for _, name := range strings.Fields("p " + dividers) {
		all[atom.Lookup([]byte(name))] = divider
	}
	all[atom.Pre], all[atom.Hr] = preformatted, rule
	return all
})

// dividers are the elements besides paragraphs that divide.
const dividers = "div h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer main aside nav address " +
	"figure figcaption details summary center table caption thead tbody tfoot tr td th dl dt dd " +
	"form fieldset legend label select option button textarea"

// inlines are further elements that occur in texts.
const inlines = "p br ul ol li strong em b i u s a span small sub sup del ins mark strike code kbd samp font abbr cite q time big tt wbr " +
	"img svg math script style iframe object embed input video audio link meta base"

// knownElements are the names of elements by which HTML is recognized, and whether
// the element begins a line.
var knownElements = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, name := range strings.Fields(inlines) {
		names[name] = false
	}
	for _, name := range strings.Fields(dividers + " p br ul ol li") {
		names[name] = true
	}
	return names
})

// markupIn reports whether a text contains HTML, and whether its elements say where
// lines begin. Plain text may well contain "a < b" or "List<String>", so only the
// names of known elements count.
func markupIn(s string) (some, lines bool) {
	names := knownElements()
	for !lines {
		_, rest, found := strings.Cut(s, "<")
		if !found {
			break
		}
		s = rest
		if strings.HasPrefix(rest, "!--") {
			some = true
			continue
		}
		name := strings.TrimPrefix(rest, "/")
		if end := strings.IndexAny(name[:min(len(name), 12)], "> /\t\r\n"); end > 0 {
			begins, known := names[strings.ToLower(name[:end])]
			some, lines = some || known, lines || begins
		}
	}
	return some, lines
}

// htmlReader hands the elements and texts of HTML to a builder.
type htmlReader struct {
	*builder
	typed   bool            // no element says where lines end, so line breaks are significant
	depth   int             // how many elements are open
	pre     int             // how many of them are preformatted
	hidden  int             // how many hidden elements are open
	pending strings.Builder // text that has not been handed on
	nowhere int             // how many links without an address are open: their end tags end no other link
}

// readHTML reads any HTML. With typed, no element says where lines end, so line breaks
// are significant.
func (b *builder) readHTML(s string, typed bool) {
	r := htmlReader{builder: b, typed: typed}
	if isSimple(s) {
		r.readSimple(s)
	} else {
		r.readTokens(s)
	}
}

// readTokens reads any HTML.
func (r *htmlReader) readTokens(s string) {
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken: // the end: reading a string fails in no other way
			r.flush()
			return
		case html.TextToken:
			if text := z.Text(); r.hidden == 0 {
				r.pending.Write(text)
			}
		case html.StartTagToken:
			r.startTag(z.Token(), false)
		case html.SelfClosingTagToken:
			r.startTag(z.Token(), true)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.endTag(string(name), atom.Lookup(name))
		}
	}
}

// flush hands on the text since the last element. Elements that are left out do
// not divide it.
func (r *htmlReader) flush() {
	text := r.pending.String()
	if text == "" {
		return
	}
	r.pending.Reset()
	if !r.inCode() {
		text = decodeUnlessCode(text)
	}
	switch {
	case r.typed || r.pre > 0 || r.depth == 0 && lists(text):
		r.typedLines(lineFeeds(text))
	case breaksLines(text):
		for i, line := range strings.Split(lineFeeds(text), "\n") {
			if i > 0 {
				r.lineBreak()
			}
			r.typedText(line, indented(line))
		}
	default:
		r.typedText(text, indented(text))
	}
}

// indented returns the indentation of a line. Line breaks before it are those of the
// source of HTML, which is indented for those who read it.
func indented(line string) int {
	if !startsBlank(line) && !strings.HasPrefix(line, "\u00a0") {
		return 0
	}
	words := strings.TrimLeft(line, " \t\n\r\f\u00a0")
	if blanks := line[:len(line)-len(words)]; strings.ContainsAny(blanks, "\r\n") {
		return 0
	}
	n, _ := indentation(line)
	return n
}

// startTag acts on a start tag: phrases and lists nest, everything else divides
// paragraphs.
func (r *htmlReader) startTag(t html.Token, closed bool) {
	kind := roles()[t.DataAtom]
	if kind == hidden && !closed {
		r.hidden++
	}
	if kind == dropped || kind == hidden {
		return
	}
	a := attributesOf(t)
	if kind == anchor && a.href == "" {
		if !closed {
			r.nowhere++
		}
		return
	}
	if r.hidden > 0 {
		return
	}
	r.flush()
	if kind != lineBreak && kind != rule {
		r.depth++
	}
	switch kind {
	case lineBreak:
		r.lineBreak()
	case listOf:
		r.endTyped()
		r.startList(t.Data, a.start)
	case item:
		r.endTyped()
		r.startFlatItem(a)
	case phrasing:
		r.startPhrase(t.Data, looksOf(t.DataAtom, a.style)...)
	case anchor:
		r.endPhrase("a") // links do not nest
		if a.target != "" {
			r.startPhrase("a", Mark{Kind: Link, URL: a.target})
		}
	case preformatted:
		r.pre++
		r.endBlock()
		r.startPhrase(t.Data, looksOf(t.DataAtom, a.style)...)
	case rule:
		r.endTyped()
		r.horizontalRule()
	default:
		r.endBlock()
	}
}

// endTag acts on an end tag; one that fits nothing open is ignored.
func (r *htmlReader) endTag(name string, a atom.Atom) {
	kind := roles()[a]
	if kind == anchor && r.nowhere > 0 {
		r.nowhere--
		return
	}
	if kind == hidden {
		r.hidden = max(r.hidden-1, 0)
	}
	if kind == dropped || kind == hidden || r.hidden > 0 {
		return
	}
	r.flush()
	r.depth = max(r.depth-1, 0)
	switch kind {
	case lineBreak: // browsers read it as a start
		r.lineBreak()
	case item:
		if r.typedFrom() > 0 {
			r.endTyped()
		}
		r.endBlock()
	case listOf:
		r.endTyped()
		for len(r.lists) > 0 && r.lists[len(r.lists)-1].flat {
			r.endList()
		}
		r.endList()
	case phrasing, anchor:
		r.endPhrase(name)
	case preformatted:
		r.pre = max(r.pre-1, 0)
		r.endPhrase(name)
		r.endBlock()
	default:
		r.endBlock()
	}
}
