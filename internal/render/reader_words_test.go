package render

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/letrazapp/letraz-export/internal/document"
)

// stream is text without blanks: its letters and, for each, what is before it.
type stream struct {
	letters string
	runes   []rune
	offset  map[int]int // from bytes of letters to runes
	blank   []bool      // there is white space before the letter
	line    []int       // number of its line
}

// newStream returns a text in one form of each character, without those that only
// affect how others are written.
func newStream(text string) *stream {
	s := &stream{offset: map[int]int{}}
	var letters strings.Builder
	blank, line := true, 0
	for _, r := range norm.NFKC.String(text) {
		switch {
		case unicode.IsSpace(r):
			blank = true
			if r == '\n' || r == '\f' {
				line++
			}
			continue
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.IsControl(r):
			continue
		}
		s.offset[letters.Len()] = len(s.runes)
		letters.WriteRune(r)
		s.runes, s.blank, s.line = append(s.runes, r), append(s.blank, blank), append(s.line, line)
		blank = false
	}
	s.letters = letters.String()
	s.offset[len(s.letters)] = len(s.runes)
	return s
}

// wordCount compares a reader's words with those of a document.
type wordCount struct {
	words, broken, joined, missing, moved int
	examples                              []string
}

func (c *wordCount) add(d wordCount) {
	c.words += d.words
	c.broken += d.broken
	c.joined += d.joined
	c.missing += d.missing
	c.moved += d.moved
	c.examples = append(c.examples, d.examples...)
}

// compareWords looks for the words of the fields in a text. A field that is not there
// as a whole is looked for word by word.
func compareWords(fields []document.Field, text string) wordCount {
	var c wordCount
	s := newStream(text)
	cursor := 0
	var order []int
	for _, f := range fields {
		want := newStream(f.Text)
		if len(want.runes) == 0 {
			continue
		}
		if at := s.nearest(want.letters, cursor); at >= 0 {
			order = append(order, at)
			cursor = at + len(want.letters)
			c.compareField(s, want, s.offset[at], f)
			continue
		}
		for _, w := range strings.Fields(f.Text) {
			c.words++
			word := newStream(w)
			if n := s.find(word.letters, 0); n < 0 {
				c.fault(&c.missing, "missing", w, f.Path)
			} else if s.broken(s.offset[n], word.runes) {
				c.fault(&c.broken, "broken", w, f.Path)
			}
		}
	}
	c.moved = len(order) - longestRise(order)
	return c
}

// nearest returns the position of letters that is nearest to a position, or -1.
func (s *stream) nearest(letters string, to int) int {
	best := -1
	for at := s.find(letters, 0); at >= 0; at = s.find(letters, at+1) {
		if best < 0 || max(at-to, to-at) <= max(best-to, to-best) {
			best = at
		}
	}
	return best
}

// longestRise returns the length of the longest rising subsequence: how many fields are
// in order.
func longestRise(list []int) int {
	var ends []int
	for _, v := range list {
		i, _ := slices.BinarySearch(ends, v)
		if i == len(ends) {
			ends = append(ends, v)
		} else {
			ends[i] = v
		}
	}
	return len(ends)
}

func (c *wordCount) fault(count *int, kind, text, path string) {
	*count++
	c.examples = append(c.examples, kind+" "+path+": "+text)
}

// compareField compares the words of a field with the letters that were found.
func (c *wordCount) compareField(s, want *stream, at int, f document.Field) {
	for from := 0; from < len(want.runes); {
		to := from + 1
		for to < len(want.runes) && !want.blank[to] {
			to++
		}
		c.words++
		word := string(want.runes[from:to])
		if s.broken(at+from, want.runes[from:to]) {
			c.fault(&c.broken, "broken", word, f.Path)
		}
		if s.glued(at+from) || to == len(want.runes) && s.glued(at+to) {
			c.fault(&c.joined, "joined", word, f.Path)
		}
		from = to
	}
}

// find returns the byte offset of letters, with whole words at their ends, or -1.
func (s *stream) find(letters string, from int) int {
	for from <= len(s.letters) {
		i := strings.Index(s.letters[from:], letters)
		if i < 0 {
			return -1
		}
		i += from
		at := s.offset[i]
		end := s.offset[i+len(letters)]
		if !s.inside(at) && !s.inside(end) || len(letters) > 24 {
			return i
		}
		from = i + 1
	}
	return -1
}

// inside reports whether a word goes on from the letter before.
func (s *stream) inside(at int) bool {
	return s.glued(at) && unicode.IsLower(s.runes[at])
}

// glued reports whether a letter follows another one without a blank.
func (s *stream) glued(at int) bool {
	if at <= 0 || at >= len(s.runes) || s.blank[at] {
		return false
	}
	before, after := s.runes[at-1], s.runes[at]
	return wordLike(before) && wordLike(after) && !unspaced(before) && !unspaced(after)
}

func wordLike(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// unspaced reports characters of scripts without blanks between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) || r >= 0x3000 && r <= 0x30ff || r >= 0xff00 && r <= 0xffef
}

// longWord is the number of characters from which a line may break inside a word.
const longWord = 40

// broken reports whether there is a blank inside a word. At a line end it may be after a
// dash, between characters of a script without blanks, or in a word of great length.
func (s *stream) broken(at int, word []rune) bool {
	for i := at + 1; i < at+len(word); i++ {
		if !s.blank[i] {
			continue
		}
		before, after := s.runes[i-1], s.runes[i]
		lineEnd := s.line[i] != s.line[i-1]
		dash := before == '—' || after == '—' || before == '–'
		if !lineEnd || !dash && !unspaced(before) && !unspaced(after) && len(word) < longWord {
			return true
		}
	}
	return false
}
