package richtext

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// textElements are the elements that count as HTML in a text: those that format words
// or divide blocks. Names of others are more likely to be what the text is about.
var textElements = sync.OnceValue(func() map[atom.Atom]role {
	all := map[atom.Atom]role{atom.Img: hidden, atom.Wbr: hidden}
	for _, name := range strings.Fields("s small sub sup del ins mark strike font abbr cite q time big") {
		all[atom.Lookup([]byte(name))] = dropped
	}
	known := roles()
	for _, name := range strings.Fields("a br ul ol li hr pre strong b em i u span code kbd samp tt p div h1 h2 h3 h4 h5 h6 blockquote section article center " +
		"address figure figcaption table caption thead tbody tfoot tr td th dl dt dd") {
		a := atom.Lookup([]byte(name))
		all[a] = known[a]
	}
	return all
})

// TextHTML returns a text that may hold HTML, such as one of a JSON file, as HTML: it
// keeps the elements that rich text knows and escapes everything else. ok is false if
// there is no such element. Elements that need an end tag count only if one follows;
// what stands between backticks is text. With item, the text is the content of an item
// of a list.
func TextHTML(text string, item bool) (source string, ok bool) {
	if strings.IndexByte(text, '<') < 0 {
		if !strings.Contains(text, "&lt;") {
			return "", false
		}
		text = decodeEntities(text) // some escape the whole text
	}
	tokens := tokensOf(text)
	if !slices.ContainsFunc(tokens, func(t token) bool { return t.known }) {
		return "", false
	}
	w := textWriter{item: item}
	w.blocks = slices.ContainsFunc(tokens, token.divides)
	for _, t := range tokens {
		w.token(t)
	}
	return w.finish(), true
}

// token is a piece of a text: an element's tag, or text.
type token struct {
	raw   string
	name  string
	atom  atom.Atom
	start bool
	known bool   // it is an element's tag
	alt   string // of a picture
}

// divides reports whether a token divides blocks, so that line breaks of the source
// mean nothing.
func (t token) divides() bool {
	if !t.known {
		return false
	}
	switch textElements()[t.atom] {
	case listOf, item, divider, preformatted:
		return true
	}
	return false
}

// tokensOf divides a text into tokens, and finds out which are tags.
func tokensOf(s string) []token {
	var tokens []token
	z := html.NewTokenizer(strings.NewReader(s))
	code := codeExtents(s)
	at := 0
	for {
		kind := z.Next()
		raw := string(z.Raw())
		if kind == html.ErrorToken {
			if at < len(s) { // a tag without end
				tokens = append(tokens, token{raw: s[at:]})
			}
			break
		}
		t := token{raw: raw}
		for len(code) > 0 && code[0][1] <= at {
			code = code[1:]
		}
		if inCode := len(code) > 0 && code[0][0] < at; !inCode && kind != html.TextToken {
			t.read(z, kind)
		}
		at += len(raw)
		tokens = append(tokens, t)
		if rawText(t.name, kind) && !t.known && at < len(s) {
			tokens = append(tokens, token{raw: s[at:]})
			break // the tokenizer reads the rest in another way
		}
	}
	matchTags(tokens)
	return tokens
}

// rawText reports a start tag after which a tokenizer reads no other tags.
func rawText(name string, kind html.TokenType) bool {
	switch name {
	case "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "noscript", "xmp", "plaintext":
		return kind == html.StartTagToken
	}
	return false
}

// read reads the name of a tag, and what a picture shows.
func (t *token) read(z *html.Tokenizer, kind html.TokenType) {
	switch kind {
	case html.StartTagToken, html.SelfClosingTagToken:
		full := z.Token()
		t.name, t.atom, t.start = full.Data, full.DataAtom, true
		for _, a := range full.Attr {
			if a.Key == "alt" {
				t.alt = a.Val
			}
		}
	case html.EndTagToken:
		name, _ := z.TagName()
		t.name, t.atom = string(name), atom.Lookup(name)
	}
}

// matchTags finds out which tags are those of elements: start tags that an end tag
// follows, and those that need none.
func matchTags(tokens []token) {
	elements := textElements()
	ends := map[string]int{}
	for i := range tokens {
		if t := &tokens[i]; t.name != "" && !t.start {
			ends[t.name]++
		}
	}
	open := map[string]int{}
	begun := map[atom.Atom]bool{} // paragraphs and items without end tags
	for i := range tokens {
		t := &tokens[i]
		_, element := elements[t.atom]
		switch {
		case t.name == "" || t.atom == 0 || !element:
		case !t.start:
			ends[t.name]--
			if t.known = open[t.name] > 0 || t.atom == atom.P || t.atom == atom.Br; open[t.name] > 0 {
				open[t.name]--
			}
		case t.atom == atom.Br || t.atom == atom.Hr || t.atom == atom.Wbr || t.atom == atom.Img && strings.Contains(t.raw, "="):
			t.known = true
		case ends[t.name] > 0:
			t.known = true
			open[t.name]++
		case t.atom == atom.P || t.atom == atom.Li:
			if begun[t.atom] || i == 0 || tokens[i-1].known || strings.TrimSpace(tokens[i-1].raw) == "" || strings.HasSuffix(tokens[i-1].raw, "\n") {
				t.known, begun[t.atom] = true, true
			}
		}
	}
}

// codeExtents returns where the text between backticks begins and ends.
func codeExtents(s string) [][2]int {
	if strings.IndexByte(s, '`') < 0 {
		return nil
	}
	var extents [][2]int
	for at := 0; ; {
		from := strings.IndexByte(s[at:], '`')
		if from < 0 {
			return extents
		}
		from += at
		if from > 0 && s[from-1] == '\\' {
			at = from + 1
			continue
		}
		n := countByte(s[from:], '`')
		fence := s[from : from+n]
		at = from + n
		line, _, _ := strings.Cut(s[at:], "\n")
		if end := strings.Index(line, fence); end >= 0 {
			extents = append(extents, [2]int{from, at + end + n})
			at += end + n
		}
	}
}

// textWriter writes the HTML of a text.
type textWriter struct {
	out    strings.Builder
	item   bool
	blocks bool     // elements divide the blocks
	open   []string // the elements that are open
	inside int      // how many of these divide blocks
	para   bool     // a paragraph is open that no tag began
	broken bool     // the last token was a line break
	words  bool     // text was written
}

// token writes a token.
func (w *textWriter) token(t token) {
	if !t.known {
		w.text(t.raw)
		return
	}
	kind := textElements()[t.atom]
	switch {
	case kind == hidden:
		if t.start && t.alt != "" {
			w.text(t.alt)
		}
		return
	case kind == dropped:
		return
	case t.divides():
		w.endParagraph()
		if w.item && t.atom == atom.Li && !slices.Contains(w.open, "ul") && !slices.Contains(w.open, "ol") && !w.words {
			return // the item that it is in
		}
	default:
		w.beginParagraph()
	}
	w.broken = t.atom == atom.Br
	w.out.WriteString(t.raw)
	switch {
	case kind == lineBreak || kind == rule:
	case t.start:
		w.open = append(w.open, t.name)
		if t.divides() {
			w.inside++
		}
	default:
		for i, name := range slices.Backward(w.open) {
			if name == t.name {
				w.open = slices.Delete(w.open, i, i+1)
				if t.divides() {
					w.inside--
				}
				break
			}
		}
	}
}

// text writes text. Line breaks are breaks where no elements divide the text.
func (w *textWriter) text(s string) {
	s = decodeUnlessCode(s)
	if w.inside > 0 {
		w.words = w.words || strings.TrimSpace(s) != ""
		w.out.WriteString(escapeText(s))
		return
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	for i, line := range strings.Split(s, "\n\n") {
		if i > 0 {
			w.divide()
		}
		for j, part := range strings.Split(line, "\n") {
			switch {
			case j > 0 && w.blocks:
				w.out.WriteByte('\n')
			case j > 0 && !w.broken && (w.para || w.item):
				w.out.WriteString("<br>")
			}
			if j > 0 || part != "" {
				w.broken = false
			}
			if part != "" && (!w.blocks || strings.TrimSpace(part) != "") {
				w.beginParagraph()
				w.words = true
				w.out.WriteString(escapeText(part))
			}
		}
	}
}

// divide writes an empty line.
func (w *textWriter) divide() {
	if w.item && w.words {
		w.out.WriteString("<br><br>")
		w.broken = true
	}
	w.endParagraph()
}

func (w *textWriter) beginParagraph() {
	if !w.item && w.inside == 0 && !w.para {
		w.out.WriteString("<p>")
		w.para = true
	}
}

func (w *textWriter) endParagraph() {
	if w.para {
		w.out.WriteString("</p>")
		w.para = false
	}
}

// finish ends what is open, and returns the HTML.
func (w *textWriter) finish() string {
	for _, name := range slices.Backward(w.open) {
		w.out.WriteString("</" + name + ">")
	}
	w.endParagraph()
	return w.out.String()
}

// escapeText returns a text as the content of an element.
func escapeText(s string) string { return textEscapes().Replace(s) }

var textEscapes = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;") })
