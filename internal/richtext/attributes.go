package richtext

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// attributes are the attributes of a start tag that rich text uses.
type attributes struct {
	href   string // an address that can be read
	target string // where the link leads, or empty
	depth  int    // how deep an item of a flat list is
	list   string // the kind of list that an item belongs to: "ul", "ol" or empty
	style  string // declarations of weight and slant
	start  int    // the number that a numbered list begins with
}

func attributesOf(t html.Token) attributes {
	a := attributes{start: 1}
	for _, attr := range t.Attr {
		switch attr.Key {
		case "href":
			if t.DataAtom == atom.A {
				a.href = address(attr.Val)
				a.target = linkTarget(a.href)
			}
		case "class":
			a.depth = quillDepth(attr.Val)
		case "data-list":
			switch attr.Val {
			case "ordered":
				a.list = "ol"
			case "bullet", "checked", "unchecked":
				a.list = "ul"
			}
		case "start":
			a.start = listStart(attr.Val)
		case "style":
			a.style = knownStyle(t.DataAtom, attr.Val)
		}
	}
	return a
}

// maxStart is the largest number that a list begins with.
const maxStart = 9999

// listStart reads the number that a list begins with; other texts mean 1.
func listStart(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > maxStart {
		return 1
	}
	return n
}

// quillDepth returns the nesting depth of an item of Quill's lists, which have it in a class.
func quillDepth(class string) int {
	for name := range strings.FieldsSeq(class) {
		if digit, ok := strings.CutPrefix(name, "ql-indent-"); ok && len(digit) == 1 && digit >= "1" && digit <= "9" {
			return int(digit[0] - '0')
		}
	}
	return 0
}

// knownStyle returns the declarations of an element's style about weight and slant, in lower
// case.
func knownStyle(element atom.Atom, style string) string {
	var known []string
	for declaration := range strings.SplitSeq(strings.ToLower(style), ";") {
		name, value, _ := strings.Cut(declaration, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		var values string
		switch {
		case name == "font-weight" && (element == atom.Span || element == atom.B || element == atom.Strong):
			values = "bold bolder 600 700 800 900 normal 400"
		case name == "font-style" && (element == atom.Span || element == atom.I || element == atom.Em):
			values = "italic oblique normal"
		}
		if slices.Contains(strings.Fields(values), value) {
			known = append(known, name+":"+value)
		}
	}
	return strings.Join(known, ";")
}

// looksOf returns the marks of an element: those of its tag, unless its style overrides them.
func looksOf(element atom.Atom, style string) []Mark {
	type look struct {
		on   bool
		kind MarkKind
	}
	bold := look{element == atom.Strong || element == atom.B, Strong}
	italic := look{element == atom.Em || element == atom.I, Emphasis}
	if element == atom.B {
		bold.kind = Bold
	}
	if element == atom.I {
		italic.kind = Italic
	}
	for declaration := range strings.SplitSeq(style, ";") {
		name, value, _ := strings.Cut(declaration, ":")
		on := value != "normal" && value != "400"
		switch name {
		case "font-weight":
			bold.on = on
		case "font-style":
			italic.on = on
		}
	}
	var marks []Mark
	switch element {
	case atom.U:
		marks = append(marks, Mark{Kind: Underline})
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt, atom.Pre:
		marks = append(marks, Mark{Kind: Code})
	}
	for _, l := range []look{bold, italic} {
		if l.on {
			marks = append(marks, Mark{Kind: l.kind})
		}
	}
	return marks
}

// startFlatItem begins an item. Quill writes the lists within a list as items of
// one, with their depth as a class; its second version calls all of them numbered,
// and says on the item what it is.
func (b *builder) startFlatItem(a attributes) {
	if n := len(b.lists); n == 0 || a.depth == 0 && a.list == "" && !b.lists[n-1].flat {
		b.startItem()
		return
	}
	base := len(b.lists)
	for b.lists[base-1].flat {
		base--
	}
	for len(b.lists) > base+a.depth {
		b.endList()
	}
	tag := cmp.Or(a.list, b.lists[len(b.lists)-1].tag)
	for len(b.lists) < min(base+a.depth, maxLists) {
		b.startList(tag, 1)
		b.lists[len(b.lists)-1].flat = true
	}
	if top := b.lists[len(b.lists)-1]; top.tag != tag {
		b.endList()
		b.lists = append(b.lists, list{tag: tag, next: true, flat: top.flat, number: 1})
	}
	b.startItem()
}
