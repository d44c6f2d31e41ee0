package resume

import (
	"strings"

	"golang.org/x/net/html"
)

// block is a block of rich text: a paragraph (depth 0), or a list item at nesting level
// depth. Only a list item can have several paragraphs, or none.
type block struct {
	depth int
	nth   int // the number of an item, or 0
	text  []string
}

// isHidden reports whether the content of an element is not shown as text.
func isHidden(name string) bool {
	switch name {
	case "script", "style", "title", "template", "iframe", "object", "noscript",
		"noembed", "noframes", "textarea":
		return true
	}
	return false
}

// blockReader converts a token stream to blocks. The result approximates what a browser
// shows, without the parsing algorithm of the HTML specification. It works in one pass,
// in linear time for any nesting.
type blockReader struct {
	blocks []block
	lists  []openList // the lists around the current position, outermost first

	// The paragraph being read.
	line     strings.Builder
	explicit bool // begun by a tag, so it counts even if empty
	begun    bool // it has text
	space    bool // white space came after the last text
	breaks   int  // line breaks after the last text
}

// openList is a list and its item being read. Both fields are indices into blocks, or -1
// for none.
type openList struct {
	item   int
	around int // the item that contains the list
}

// readBlocks returns the blocks of any HTML.
func readBlocks(source string) []block {
	// The first entry is for items outside of any list.
	r := &blockReader{lists: []openList{{item: -1, around: -1}}}
	z := html.NewTokenizer(strings.NewReader(source))
	hidden := "" // the element whose content is being skipped
	for {
		switch kind := z.Next(); {
		case kind == html.ErrorToken: // the end: reading a string has no other error
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

// finish closes open elements, drops items that contain only a list, and returns the
// blocks.
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

// current returns the index of the item that text belongs to, or -1.
func (r *blockReader) current() int {
	top := r.lists[len(r.lists)-1]
	if top.item >= 0 {
		return top.item
	}
	return top.around
}

// closeItem closes the item of the innermost list. An item that has no text but nested
// items is shown as these only.
func (r *blockReader) closeItem() {
	top := &r.lists[len(r.lists)-1]
	if top.item >= 0 && len(r.blocks[top.item].text) == 0 && top.item < len(r.blocks)-1 {
		r.blocks[top.item].depth = -1
	}
	top.item = -1
}

// flush closes the paragraph being read.
func (r *blockReader) flush() {
	if r.begun || r.explicit {
		// The last line break only ends the last line.
		for range r.breaks - 1 {
			r.line.WriteByte('\n')
		}
		if item := r.current(); item >= 0 {
			// Editors write an empty item with an empty paragraph.
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

// folded adds text with HTML white space collapsing: a sequence of white space becomes
// one space between words, and nothing at the start and end of a line.
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

// kept adds white space that is not collapsed.
func (r *blockReader) kept(c byte) {
	r.catchUp()
	r.line.WriteByte(c)
}

// catchUp writes pending line breaks or a pending space before more text.
func (r *blockReader) catchUp() {
	for range r.breaks {
		r.line.WriteByte('\n')
	}
	if r.space {
		r.line.WriteByte(' ')
	}
	r.begun, r.space, r.breaks = true, false, 0
}

// isBlock reports whether an element is a block element, which begins a new line.
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
