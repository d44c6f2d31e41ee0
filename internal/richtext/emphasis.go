package richtext

import (
	"slices"
	"strings"
	"unicode"
)

// run is a sequence of delimiters: one to three asterisks or underscores, or two
// tildes.
type run struct {
	at, n  int
	left   int // how many of them have no partner yet
	char   int // an index in delimiterChars
	inWord bool
	pairs  []pair
}

// pair is the part of two runs that belong together.
type pair struct{ from, to, size int }

const delimiterChars = "*_~"

// delimiters reads the delimiters that begin at i.
func (r *inlineReader) delimiters(i int) int {
	c := r.text[i]
	n := countByte(r.text[i:], c)
	end := i + n
	if n > 3 || c == '~' && n != 2 {
		return end
	}
	d := run{at: i, n: n, left: n, char: strings.IndexByte(delimiterChars, c)}
	open, closes := r.flanks(c, n, r.before(i), r.after(end), end)
	if !open && !closes {
		return end
	}
	index := len(r.runs)
	d.inWord = wordBoth(r.before(i), r.after(end))
	r.runs = append(r.runs, d)
	if closes {
		r.match(index)
	}
	if open && r.runs[index].left == n {
		stack := &r.openers[d.char][n-1]
		*stack = append(*stack, index)
	}
	return end
}

// match finds partners for a run that ends emphasis.
func (r *inlineReader) match(index int) {
	closer := &r.runs[index]
	for closer.left > 0 {
		best, size := -1, 0
		for length := 1; length <= 3; length++ {
			stack := r.openers[closer.char][length-1]
			if len(stack) == 0 || stack[len(stack)-1] < best {
				continue
			}
			top := stack[len(stack)-1]
			left := r.runs[top].left
			if left == closer.left || length == 3 && left > closer.left || closer.n == 3 && left < closer.left {
				best, size = top, min(left, closer.left)
			}
		}
		if best < 0 || !r.fits(r.runs[best], *closer) {
			return
		}
		for c := range r.openers {
			for l := range r.openers[c] {
				stack := &r.openers[c][l]
				for n := len(*stack); n > 0 && (*stack)[n-1] > best; n-- {
					*stack = (*stack)[:n-1]
				}
			}
		}
		opener := &r.runs[best]
		opener.left -= size
		closer.left -= size
		p := pair{best, index, size}
		opener.pairs, closer.pairs = append(opener.pairs, p), append(closer.pairs, p)
		if opener.left == 0 {
			stack := &r.openers[opener.char][opener.n-1]
			*stack = (*stack)[:len(*stack)-1]
		}
	}
}

// fits reports whether what is between two runs can be emphasized.
func (r *inlineReader) fits(opener, closer run) bool {
	from, to := opener.at+opener.n, closer.at
	if (opener.inWord || closer.inWord) && r.blankAt >= from {
		return false // "x**y + z**w"
	}
	if opener.n > 1 {
		return r.text[opener.at] != '_' || !r.dunder(opener, closer)
	}
	comment := opener.at > 0 && r.text[opener.at-1] == '/' && to+1 < len(r.text) && r.text[to+1] == '/'
	return !comment
}

// dunder reports a name that Python writes between two underscores: one beside which there
// is code, or one of those that texts speak of.
func (r *inlineReader) dunder(opener, closer run) bool {
	name := r.text[opener.at+opener.n : closer.at]
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return false
	}
	before, after := r.text[:opener.at], r.text[closer.at+closer.n:]
	if strings.HasSuffix(before, ".") || strings.HasPrefix(after, "(") || strings.HasPrefix(after, "[") || len(after) > 1 && after[0] == '.' && after[1] != ' ' {
		return true
	}
	switch name {
	case "init", "main", "name", "file", "str", "repr", "new", "del", "call", "all", "dict", "doc", "len", "iter", "next", "enter", "exit",
		"getitem", "setitem", "getattr", "setattr", "slots", "class", "hash", "eq", "version", "proto", "future", "pycache", "typename", "dirname", "filename":
		return true
	}
	return false
}

// closeRuns turns the pairs of runs that have all their partners into formatting.
func (r *inlineReader) closeRuns() {
	var partial []int
	for i, d := range r.runs {
		if d.left > 0 && d.left < d.n {
			partial = append(partial, i)
		}
	}
	for len(partial) > 0 { // without one partner, the others mean nothing either
		d := &r.runs[partial[len(partial)-1]]
		partial = partial[:len(partial)-1]
		for _, p := range d.pairs {
			for _, other := range []int{p.from, p.to} {
				if o := &r.runs[other]; o != d && len(o.pairs) > 0 && o.left < o.n {
					o.left = o.n
					partial = append(partial, other)
				}
			}
		}
		d.left, d.pairs = d.n, nil
	}
	for i, d := range r.runs {
		if d.left > 0 {
			continue
		}
		r.cut(d.at, d.at+d.n)
		for _, p := range d.pairs {
			if p.from != i || r.text[d.at] == '~' {
				continue
			}
			end := r.runs[p.to].at + r.runs[p.to].n
			if p.size >= 2 {
				r.looks = append(r.looks, look{d.at, end, &Mark{Kind: Strong}})
			}
			if p.size != 2 {
				r.looks = append(r.looks, look{d.at, end, &Mark{Kind: Emphasis}})
			}
		}
	}
}

// flanks reports whether n delimiters can begin and end emphasis between two
// characters. end is where the second one is.
func (r *inlineReader) flanks(c byte, n int, before, after rune, end int) (open, closes bool) {
	if c == '~' {
		return !blankRune(after), !blankRune(before)
	}
	if c == '_' || n == 1 {
		open = beginsWord(after, c) && separates(before, opening)
		closes = endsWord(before) && separates(after, closing)
		if closes && after == '.' && end+1 < len(r.text) && wordRune(r.after(end+1)) {
			closes = false // an ending of a file name
		}
		return open, closes
	}
	open = !blankRune(after) && !strings.ContainsRune(`/)]},;:`, after)
	if inWord(before) {
		open = wordBoth(before, after)
	}
	closes = !blankRune(before) && !strings.ContainsRune(`/([{<\`, before)
	if inWord(after) && inWord(before) {
		closes = wordBoth(before, after)
	}
	return open, closes
}

// opening and closing are characters between which and a word emphasis may begin, or
// end.
const (
	opening = `([{"'“„‘‚«»‹<>-–—/|*_~,;:¿¡`
	closing = `)]}"'”“’«»›<>-–—/|*_~.,;:!?…`
)

// separates reports a character beside which emphasis of a word may begin or end.
func separates(c rune, signs string) bool {
	return blankRune(c) || strings.ContainsRune(signs, c) || c >= 0x2e80 && !inWord(c)
}

// beginsWord reports a character with which emphasized text begins.
func beginsWord(c rune, delimiter byte) bool {
	return c > 0 && (wordRune(c) || strings.ContainsRune(`"'“„‘‚«»‹([{$€£¥#@+&¿¡§`, c) || delimiter == '_' && c == '*' || c >= 0x2190)
}

// endsWord reports a character with which emphasized text ends.
func endsWord(c rune) bool {
	return c > 0 && (wordRune(c) || strings.ContainsRune(`"'”“’«»›)]}.,;:!?…%+#$€£¥*_™®°`, c) || c >= 0x2190)
}

// blankRune reports white space or the end of the text.
func blankRune(c rune) bool { return c < 0 || unicode.IsSpace(c) }

// inWord reports a letter or a digit of a script that puts blanks between words.
func inWord(c rune) bool {
	return c > 0 && wordRune(c) && (c < 0x0e00 || !unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && c != 'ー')
}

// wordBoth reports two letters of such scripts.
func wordBoth(before, after rune) bool {
	return inWord(before) && inWord(after) && unicode.IsLetter(before) && unicode.IsLetter(after)
}

// sortEdits puts edits and looks in their order.
func (r *inlineReader) sortEdits() {
	slices.SortStableFunc(r.edits, func(a, b edit) int { return a.from - b.from })
	slices.SortStableFunc(r.looks, func(a, b look) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
}
