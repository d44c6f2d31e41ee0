package theme

import (
	"html/template"
	"strings"

	"golang.org/x/net/html"
)

// block is a paragraph of rich text for formats that are not HTML, or an item of
// a list.
type block struct {
	Level   int  // how many lists it is in; 0: a paragraph outside of any
	Bullet  bool // it begins an item of a bulleted list
	Number  int  // it begins this item of a numbered list, from 1
	Phrases []textRun
}

// textRun is a piece of a block's text in one look.
type textRun struct {
	Text                    string // without line breaks
	Bold, Italic, Underline bool
	URL                     string // where it leads, or empty
	Break                   bool   // a line break stands before it
}

// blocks takes rich text apart. It reads what richText writes, and nothing else:
// p, ul, ol, li, br, strong, b, em, i, u and a, well-formed.
func blocks(body template.HTML) []block {
	var r blockReader
	z := html.NewTokenizer(strings.NewReader(string(body)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return r.out
		case html.TextToken:
			r.text(string(z.Text()))
		case html.StartTagToken:
			t := z.Token()
			href := ""
			for _, a := range t.Attr {
				if a.Key == "href" {
					href = a.Val
				}
			}
			r.start(t.Data, href)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.end(string(name))
		}
	}
}

// blockReader is the state of blocks.
type blockReader struct {
	out   []block
	lists []int // of each list that is open the last item's number; -1 in a bulleted one
	look  textRun
	open  bool // text belongs to the last block
}

func (r *blockReader) start(tag, href string) {
	switch tag {
	case "p":
		r.begin(block{Level: len(r.lists)})
	case "ul":
		r.lists, r.open = append(r.lists, -1), false
	case "ol":
		r.lists, r.open = append(r.lists, 0), false
	case "li":
		b := block{Level: len(r.lists)}
		if last := &r.lists[len(r.lists)-1]; *last < 0 {
			b.Bullet = true
		} else {
			*last++
			b.Number = *last
		}
		r.begin(b)
	case "br":
		r.look.Break = true
	default:
		r.style(tag, true, href)
	}
}

func (r *blockReader) end(tag string) {
	switch tag {
	case "p", "li":
		r.open = false
	case "ul", "ol":
		r.lists, r.open = r.lists[:len(r.lists)-1], false
	default:
		r.style(tag, false, "")
	}
}

func (r *blockReader) begin(b block) {
	r.out, r.open = append(r.out, b), true
}

func (r *blockReader) text(s string) {
	if !r.open {
		r.begin(block{Level: len(r.lists)})
	}
	r.look.Text = s
	last := &r.out[len(r.out)-1]
	last.Phrases = append(last.Phrases, r.look)
	r.look.Break = false
}

func (r *blockReader) style(tag string, on bool, href string) {
	switch tag {
	case "strong", "b":
		r.look.Bold = on
	case "em", "i":
		r.look.Italic = on
	case "u":
		r.look.Underline = on
	case "a":
		r.look.URL = href
	}
}
