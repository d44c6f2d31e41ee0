package theme

import (
	"strings"

	"golang.org/x/net/html"
)

// tidy makes well-formed HTML of sanitised HTML, which may still close what it
// never opened and so break out of the element it is put into. Text without a
// block gets a paragraph, and what holds no text leaves no trace.
func tidy(sanitised string) string {
	var w richWriter
	z := html.NewTokenizer(strings.NewReader(sanitised))
	for {
		switch z.Next() {
		case html.ErrorToken: // the end: reading a string fails in no other way
			return w.finish()
		case html.TextToken:
			w.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag, href := string(name), ""
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				if string(key) == "href" {
					href = string(value)
				}
			}
			w.start(tag, href)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(string(name))
		}
	}
}

// start acts on a start tag: phrases and lists nest, everything else divides
// paragraphs.
func (w *richWriter) start(tag, href string) {
	switch tag {
	case "br":
		w.lineBreak()
	case "ul", "ol":
		w.startList(tag)
	case "li":
		w.startItem()
	case "strong", "em", "b", "i", "u":
		w.startPhrase(phrase{tag: tag})
	case "a":
		w.endPhrase("a") // links do not nest
		if href != "" {
			w.startPhrase(phrase{tag: tag, href: href})
		}
	default:
		w.endBlock()
	}
}

// end acts on an end tag; one that fits nothing open is ignored.
func (w *richWriter) end(tag string) {
	switch tag {
	case "br":
	case "ul", "ol":
		w.endList()
	case "strong", "em", "b", "i", "u", "a":
		w.endPhrase(tag)
	default:
		w.endBlock()
	}
}
