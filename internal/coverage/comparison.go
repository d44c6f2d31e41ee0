package coverage

import (
	"cmp"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// value is a value of the source with its words.
type value struct {
	leaf  resume.Leaf
	words []int32 // numbers of words, see comparison.number
	shown bool
}

// list returns the path of the list that the value is an item of, or "".
func (v *value) list() string {
	if !strings.HasSuffix(v.leaf.Path, "]") || strings.HasSuffix(v.leaf.Path, `"]`) {
		return ""
	}
	return v.leaf.Path[:strings.LastIndexByte(v.leaf.Path, '[')]
}

// parent returns the path of the object or list that the value is in.
func (v *value) parent() string {
	p := v.leaf.Path
	return p[:max(strings.LastIndexAny(p, ".["), 0)]
}

// comparison finds the values of a source among the words of a document. A sequence of words
// in the document counts for one value only, the longest that matches: the value "5" is not
// shown because the document has "5 years" of another value. There are two exceptions, because
// a document says things once: equal values, and short values of one entry, such as a city
// and "city, country".
type comparison struct {
	numbers map[string]int32
	shown   []int32         // the words of the document, in order
	places  [][]int32       // the positions of each word in shown
	taken   []int32         // for each position in shown the value that it counts for, plus one
	same    map[string]bool // the words of values that are shown
	links   map[string]bool // addresses that the document leads to
	forms   forms           // what the document says in other words
	listed  map[string]int  // number of values of each list
	dates   map[string]dateParts
	values  []value
	budget  int // comparisons of words that are left
}

// dateParts are the members year and month of an object.
type dateParts struct{ year, month string }

// datesOf returns the objects with a year, by path.
func datesOf(leaves []resume.Leaf) map[string]dateParts {
	list := map[string]dateParts{}
	for _, leaf := range leaves {
		parent, name := leaf.Path[:max(strings.LastIndexByte(leaf.Path, '.'), 0)], memberName(leaf.Path)
		d := list[parent]
		switch {
		case name == "year" && strings.HasSuffix(leaf.Path, ".year"):
			d.year = leaf.Text
		case name == "month" && strings.HasSuffix(leaf.Path, ".month"):
			d.month = leaf.Text
		default:
			continue
		}
		list[parent] = d
	}
	return list
}

func newComparison(leaves []resume.Leaf, d *document.Document) *comparison {
	c := &comparison{numbers: map[string]int32{}, same: map[string]bool{}, links: map[string]bool{}, listed: map[string]int{}, dates: datesOf(leaves)}
	fields, links := d.Fields(false)
	for _, f := range fields {
		c.show(f.Text)
	}
	for _, l := range links {
		c.links[address(l)] = true
	}
	c.forms = newForms(d)
	c.taken = make([]int32, len(c.shown))
	size := len(c.shown)
	for _, leaf := range leaves {
		if isSetting(leaf.Path) || isPicture(leaf) {
			continue
		}
		v := value{leaf: leaf, words: c.wordsOf(withoutScheme(leaf.Text))}
		if len(v.words) == 0 {
			continue
		}
		size += len(v.words)
		if list := v.list(); list != "" {
			c.listed[list]++
		}
		c.values = append(c.values, v)
	}
	c.budget = 64*size + 1<<16
	return c
}

// number returns the number of a word.
func (c *comparison) number(word string) int32 {
	n, ok := c.numbers[word]
	if !ok {
		n = int32(len(c.numbers))
		c.numbers[word] = n
		c.places = append(c.places, nil)
	}
	return n
}

func (c *comparison) show(text string) {
	words(text, func(w string) {
		n := c.number(w)
		c.places[n] = append(c.places[n], int32(len(c.shown)))
		c.shown = append(c.shown, n)
	})
}

func (c *comparison) wordsOf(text string) []int32 {
	var list []int32
	words(text, func(w string) { list = append(list, c.number(w)) })
	return list
}

// findAll finds the values in the document, the longest first.
func (c *comparison) findAll() {
	order := make([]int, len(c.values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(c.values[b].words), len(c.values[a].words)) })
	for _, i := range order {
		v := &c.values[i]
		v.shown = c.find(i)
	}
}

// key makes a list of words comparable.
func key(list []int32) string {
	b := make([]byte, 0, 4*len(list))
	for _, n := range list {
		b = append(b, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	}
	return string(b)
}

// find reports whether the document shows a value.
func (c *comparison) find(i int) bool {
	v := &c.values[i]
	if c.isLinked(v.leaf.Text) || c.isPartOfDate(v.leaf) || c.forms.show(v.leaf) || c.place(i, v.words) {
		return true
	}
	return c.same[key(v.words)] || c.findParts(i)
}

// isPartOfDate reports the year, month or day of a date that is an object and shown. Days
// are not shown of periods.
func (c *comparison) isPartOfDate(leaf resume.Leaf) bool {
	parent := leaf.Path[:max(strings.LastIndexByte(leaf.Path, '.'), 0)]
	date, ok := c.dates[parent]
	if !ok {
		return false
	}
	switch memberName(leaf.Path) {
	case "year":
		return c.forms.showsDate(date.year)
	case "month", "day":
		return c.forms.showsDate(date.year + "-" + date.month)
	}
	return false
}

// findParts reports whether all parts of a value are shown: the paragraphs of a text
// with markup, or the words of an address.
func (c *comparison) findParts(i int) bool {
	text := c.values[i].leaf.Text
	if looksLikeAddress(text) {
		return c.place(i, c.wordsOf(document.ShortURL(text)))
	}
	if _, rest, ok := resume.ItemNumber(text); ok { // the number is the mark of an item
		text = rest
	}
	return c.hasAll(i, partsOf(resume.RichTextFromPlain(text, nil))) || strings.ContainsAny(text, "<&") && c.hasAll(i, partsOf(resume.RichText(text)))
}

// hasAll reports whether all parts of value i are shown, and there are some.
func (c *comparison) hasAll(i int, parts []string) bool {
	for _, p := range parts {
		if list := c.wordsOf(p); len(list) > 0 && !c.place(i, list) && !c.same[key(list)] {
			return false
		}
	}
	return len(parts) > 0
}

// place finds a sequence of words in the document that does not count for another value,
// and counts it for value i.
func (c *comparison) place(i int, list []int32) bool {
	if len(list) == 0 {
		return false
	}
	rarest := 0
	for n, w := range list {
		if len(c.places[w]) < len(c.places[list[rarest]]) {
			rarest = n
		}
	}
	shared := int32(-1)
	for _, at := range c.places[list[rarest]] {
		from := at - int32(rarest)
		if from < 0 || int(from)+len(list) > len(c.shown) {
			continue
		}
		if c.budget <= 0 { // a hostile document: it suffices that the words occur
			return true
		}
		if !c.equal(from, list) {
			continue
		}
		switch free, sharable := c.free(i, from, len(list)); {
		case free:
			for n := range list {
				c.taken[int(from)+n] = int32(i) + 1
			}
			c.same[key(list)] = true
			return true
		case sharable && shared < 0:
			shared = from
		}
	}
	return shared >= 0
}

func (c *comparison) equal(from int32, list []int32) bool {
	for n, w := range list {
		c.budget--
		if c.shown[int(from)+n] != w {
			return false
		}
	}
	return true
}

// sharing is the maximum number of words of a value that can share a position with other
// values of its entry.
const sharing = 8

// free reports whether no position of a sequence counts for another value (free), or only
// for short values of the same entry (sharable).
func (c *comparison) free(i int, from int32, length int) (free, sharable bool) {
	free, sharable = true, true
	for _, by := range c.taken[from : int(from)+length] {
		if by == 0 || by == int32(i)+1 {
			continue
		}
		free = false
		other := &c.values[by-1]
		sharable = sharable && len(other.words) <= sharing && other.parent() == c.values[i].parent()
	}
	return free, sharable
}
