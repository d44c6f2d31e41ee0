package coverage

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Shown is a value of a source that a document shows in the source's own words.
type Shown struct {
	Path  string
	Words []string // as Words returns them, without markup
}

// InOwnWords returns the values of a source that a document shows in the source's own
// words: not those that it writes in another form, such as dates, only links to, or does
// not show.
func InOwnWords(leaves []resume.Leaf, d *document.Document) []Shown {
	c := newComparison(leaves, d)
	c.findAll()
	var list []Shown
	for _, v := range c.values {
		if !v.shown {
			continue
		}
		if words, ok := c.ownWords(v.leaf.Text); ok {
			list = append(list, Shown{Path: v.leaf.Path, Words: words})
		}
	}
	return list
}

// ownWords returns the words of a value as the document shows them. It reports false if
// it does not.
func (c *comparison) ownWords(text string) ([]string, bool) {
	for _, parts := range [][]string{
		{text}, partsOf(resume.RichTextFromPlain(text, nil)), partsOf(resume.RichText(text)), {document.ShortURL(text)},
	} {
		all := len(parts) > 0
		for _, p := range parts {
			list := c.wordsOf(p)
			all = all && (len(list) == 0 || c.says(list))
		}
		if all {
			return Words(strings.Join(parts, "\n")), true
		}
	}
	return nil, false
}

// says reports whether the document has these words in a row.
func (c *comparison) says(list []int32) bool {
	for _, from := range c.places[list[0]] {
		if int(from)+len(list) <= len(c.shown) && c.equal(from, list) {
			return true
		}
	}
	return false
}

// Words returns the words of a text in the form in which they are compared: in lower
// case, without punctuation and invisible characters, in one form of each character.
func Words(text string) []string {
	var list []string
	words(text, func(w string) { list = append(list, w) })
	return list
}
