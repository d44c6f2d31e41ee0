package resume

import (
	"strings"

	"golang.org/x/net/html"
)

// block is one stretch of rich text: a paragraph (depth 0), or an item of a
// list that lies depth lists deep. Only an item holds several paragraphs, or
// none.
type block struct {
	depth int
	text  []string
}

// isHidden reports whether an element's content is not text to read.
func isHidden(name string) bool {
	switch name {
	case "script", "style", "title", "template", "iframe", "object", "noscript",
		"noembed", "noframes", "textarea":
		return true
	}
	return false
}

// blockReader turns a token stream into blocks. It follows what a browser
// would show rather than how the HTML specification gets there, and works in
// one pass whose cost does not depend on how the input is nested.
type blockReader struct {
	blocks []block
	lists  []openList // the lists around the current position, outermost first

	// The paragraph being read.
	line     strings.Builder
	explicit bool // it has a tag of its own, so it counts even when empty
	begun    bool // it has text
	space    bool // white space came after the last text
	breaks   int  // line breaks after the last text
}

// openList is a list and the item of it that is being read. Both fields are
// indices into blocks, -1 for none.
type openList struct {
	item   int
	around int // the item that the list itself stands in
}

// readBlocks reads any HTML.
func readBlocks(source string) []block {
	// An item may stand outside any list: the first entry is for those.
	r := &blockReader{lists: []openList{{item: -1, around: -1}}}
	z := html.NewTokenizer(strings.NewReader(source))
	hidden := "" // the element whose content is left out
	for {
		switch kind := z.Next(); {
		case kind == html.ErrorToken: // the end: reading a string fails in no other way
			return r.finish()
		case kind == html.EndTagToken:
			name, _ := z.TagName()
			if hidden == "" {
				r.end(string(name))
			} else if string(name) == hidden {
				hidden = ""
			}
		case hidden != "":
		case kind == html.TextToken:
			decodeText(string(z.Raw()), r.folded, r.kept)
		case kind == html.StartTagToken || kind == html.SelfClosingTagToken:
			name, _ := z.TagName()
			if isHidden(string(name)) {
				hidden = string(name)
			} else {
				r.start(string(name))
			}
		}
	}
}

// finish ends what the source left open and drops the items that only held a
// list.
func (r *blockReader) finish() []block {
	r.flush()
	for len(r.lists) > 0 {
		r.closeItem()
		r.lists = r.lists[:len(r.lists)-1]
	}
	kept := r.blocks[:0]
	for _, b := range r.blocks {
		if b.depth >= 0 {
			kept = append(kept, b)
		}
	}
	return kept
}

func (r *blockReader) start(name string) {
	switch name {
	case "br":
		r.space = false
		r.breaks++
	case "li":
		r.flush()
		r.closeItem()
		top := &r.lists[len(r.lists)-1]
		top.item = len(r.blocks)
		r.blocks = append(r.blocks, block{depth: max(1, len(r.lists)-1)})
	case "ul", "ol", "menu", "dir":
		r.flush()
		r.lists = append(r.lists, openList{item: -1, around: r.current()})
	case "p":
		r.flush()
		r.explicit = true
	default:
		if isBlock(name) {
			r.flush()
		}
	}
}

func (r *blockReader) end(name string) {
	switch name {
	case "li":
		r.flush()
		r.closeItem()
	case "ul", "ol", "menu", "dir":
		r.flush()
		r.closeItem()
		if len(r.lists) > 1 {
			r.lists = r.lists[:len(r.lists)-1]
		}
	case "br": // browsers read </br> as <br>
		r.start(name)
	default:
		if isBlock(name) {
			r.flush()
		}
	}
}

// current is the item that text belongs to, or -1.
func (r *blockReader) current() int {
	top := r.lists[len(r.lists)-1]
	if top.item >= 0 {
		return top.item
	}
	return top.around
}

// closeItem ends the item of the innermost list. An item without text of its
// own that holds further items shows as nothing but those.
func (r *blockReader) closeItem() {
	top := &r.lists[len(r.lists)-1]
	if top.item >= 0 && len(r.blocks[top.item].text) == 0 && top.item < len(r.blocks)-1 {
		r.blocks[top.item].depth = -1
	}
	top.item = -1
}

// flush ends the paragraph being read.
func (r *blockReader) flush() {
	if r.begun || r.explicit {
		// The last line break only ends the last line.
		for range r.breaks - 1 {
			r.line.WriteByte('\n')
		}
		if item := r.current(); item >= 0 {
			// An item's own empty paragraph is how editors write an empty item.
			if r.line.Len() > 0 || len(r.blocks[item].text) > 0 {
				r.blocks[item].text = append(r.blocks[item].text, r.line.String())
			}
		} else {
			r.blocks = append(r.blocks, block{text: []string{r.line.String()}})
		}
	}
	r.line.Reset()
	r.explicit, r.begun, r.space, r.breaks = false, false, false, 0
}

// folded adds text as HTML writes it: white space becomes one space between
// words and nothing at either end of a line.
func (r *blockReader) folded(text string) {
	for len(text) > 0 {
		n := 0
		for n < len(text) && !isSpace(text[n]) {
			n++
		}
		if n > 0 {
			r.catchUp()
			r.line.WriteString(text[:n])
		}
		text = text[n:]
		for len(text) > 0 && isSpace(text[0]) {
			text = text[1:]
			r.space = r.begun && r.breaks == 0
		}
	}
}

// kept adds white space that is meant.
func (r *blockReader) kept(c byte) {
	r.catchUp()
	r.line.WriteByte(c)
}

// catchUp writes the line breaks or the space that came before more text.
func (r *blockReader) catchUp() {
	for range r.breaks {
		r.line.WriteByte('\n')
	}
	if r.space {
		r.line.WriteByte(' ')
	}
	r.begun, r.space, r.breaks = true, false, 0
}

// isBlock reports whether an element begins on a line of its own.
func isBlock(name string) bool {
	switch name {
	case "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre",
		"section", "article", "header", "footer", "main", "aside", "nav",
		"address", "figure", "figcaption", "details", "summary", "hr",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
		"dl", "dt", "dd", "form", "fieldset", "legend", "label", "select", "option", "button", "textarea",
		"center", "body", "html":
		return true
	}
	return false
}
