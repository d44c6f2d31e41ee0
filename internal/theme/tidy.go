package theme

import (
	"cmp"
	"path"
	"strings"

	"golang.org/x/net/html"
)

// tidy makes well-formed HTML of sanitised HTML, which may still close what it
// never opened and so break out of the element it is put into. Text without a
// block gets a paragraph, and what holds no text leaves no trace. With lines, the
// markup says nothing about where lines end, and line breaks are meant.
func tidy(sanitised string, lines bool) string {
	var w richWriter
	depth, pre := 0, 0 // elements that are open
	z := html.NewTokenizer(strings.NewReader(sanitised))
	for {
		switch z.Next() {
		case html.ErrorToken: // the end: reading a string fails in no other way
			return w.finish()
		case html.TextToken:
			if text := string(z.Text()); lines || pre > 0 || depth == 0 && lists(text) {
				w.lines(text)
			} else {
				w.typed(text, 0)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if token.Data == "pre" {
				pre++
			}
			if token.Data != "br" && token.Data != "hr" {
				depth++
			}
			w.start(token.Data, attributes(token.Attr))
		case html.EndTagToken:
			name, _ := z.TagName()
			if string(name) == "pre" && pre > 0 {
				pre--
			}
			depth = max(depth-1, 0)
			w.end(string(name))
		}
	}
}

// tagAttributes are what a start tag says besides its name.
type tagAttributes struct{ href, class, list, style string }

func attributes(list []html.Attribute) tagAttributes {
	var a tagAttributes
	for _, attr := range list {
		switch attr.Key {
		case "href":
			a.href = attr.Val
		case "class":
			a.class = attr.Val
		case "data-list":
			a.list = attr.Val
		case "style":
			a.style = attr.Val
		}
	}
	return a
}

// start acts on a start tag: phrases and lists nest, everything else divides
// paragraphs.
func (w *richWriter) start(tag string, a tagAttributes) {
	switch tag {
	case "br":
		w.lineBreak()
	case "ul", "ol":
		w.endTyped()
		w.startList(tag)
	case "li":
		w.endTyped()
		w.startFlatItem(a)
	case "strong", "b", "em", "i", "u", "span":
		w.startPhrase(tag, "", looksOf(tag, a.style)...)
	case "a":
		w.endPhrase("a") // links do not nest
		if href := linkTo(a.href); href != "" {
			w.startPhrase(tag, href, tag)
		}
	default:
		w.endBlock()
	}
}

// end acts on an end tag; one that fits nothing open is ignored.
func (w *richWriter) end(tag string) {
	switch tag {
	case "br": // browsers read it as a start
		w.lineBreak()
	case "ul", "ol":
		for len(w.lists) > 0 && w.lists[len(w.lists)-1].flat {
			w.endList()
		}
		w.endList()
	case "strong", "em", "b", "i", "u", "a", "span":
		w.endPhrase(tag)
	default:
		w.endBlock()
	}
}

// startFlatItem begins an item. Quill writes the lists within a list as items of
// one, with their depth as a class; its second version calls all of them numbered,
// and says on the item what it is.
func (w *richWriter) startFlatItem(a tagAttributes) {
	depth := 0
	if _, after, ok := strings.Cut(a.class, "ql-indent-"); ok {
		depth = int(after[0] - '0')
	}
	if n := len(w.lists); n == 0 || depth == 0 && a.list == "" && !w.lists[n-1].flat {
		w.startItem()
		return
	}
	base := len(w.lists)
	for w.lists[base-1].flat {
		base--
	}
	for len(w.lists) > base+depth {
		w.endList()
	}
	tag := w.lists[len(w.lists)-1].tag
	switch a.list {
	case "ordered":
		tag = "ol"
	case "bullet", "checked", "unchecked":
		tag = "ul"
	}
	for len(w.lists) < min(base+depth, maxLists) {
		w.startList(tag)
		w.lists[len(w.lists)-1].flat = true
	}
	if top := w.lists[len(w.lists)-1]; top.tag != tag {
		w.endList()
		w.lists = append(w.lists, list{tag: tag, next: true, flat: top.flat})
	}
	w.startItem()
}

// looksOf are the elements for the look of a phrase: that of its tag, unless its
// style says otherwise.
func looksOf(tag, style string) []string {
	bold, italic := "", ""
	var looks []string
	switch tag {
	case "strong", "b":
		bold = tag
	case "em", "i":
		italic = tag
	case "u":
		looks = append(looks, tag)
	}
	for property := range strings.SplitSeq(style, ";") {
		name, value, _ := strings.Cut(property, ":")
		value = strings.TrimSpace(value)
		plain := value == "normal" || value == "400"
		switch name = strings.TrimSpace(name); {
		case name == "font-weight" && plain:
			bold = ""
		case name == "font-weight":
			bold = cmp.Or(bold, "strong")
		case name == "font-style" && plain:
			italic = ""
		case name == "font-style":
			italic = cmp.Or(italic, "em")
		}
	}
	for _, look := range []string{bold, italic} {
		if look != "" {
			looks = append(looks, look)
		}
	}
	return looks
}

// linkTo is where a link of rich text leads, or empty. The policy has refused
// other schemes; an address on the web follows the rule of webURL, and one without
// a scheme has to begin with a host.
func linkTo(href string) string {
	if scheme, _, ok := strings.Cut(href, ":"); ok && scheme != "" && !strings.ContainsAny(scheme, "./?#") {
		if _, ok := webURL(href); !ok && strings.HasPrefix(strings.ToLower(scheme), "http") {
			return ""
		}
		return href
	}
	href = strings.TrimPrefix(href, "//")
	host, _, _ := strings.Cut(href, "/")
	switch strings.ToLower(path.Ext(host)) {
	case "", ".html", ".htm", ".php", ".pdf", ".doc", ".docx": // a file beside the page
		return ""
	}
	u, ok := webURL(href)
	if !ok {
		return ""
	}
	return string(u)
}
