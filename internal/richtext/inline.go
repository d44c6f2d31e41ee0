package richtext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// This file reads inline markup as Markdown has it: emphasis, code, links, pictures,
// escapes and character references, within the text of a block. It may reach over
// HTML elements. What only looks like markup stays as it is: "5 * 3 * 2",
// "snake_case", "[sic]", "*.go".

// markupLow and markupHigh have the bits of the ASCII characters that inline markup is
// made of, below 64 and from there on.
const (
	markupLow  = 1<<'*' | 1<<'&' | 1<<'<'
	markupHigh = 1<<('['-64) | 1<<(']'-64) | 1<<('\\'-64) | 1<<('_'-64) | 1<<('`'-64) | 1<<('~'-64)
)

// isMarkup reports whether inline markup can begin or end with a character.
func isMarkup(c byte) bool {
	if c < 64 {
		return uint64(markupLow)>>c&1 != 0
	}
	return c < 128 && uint64(markupHigh)>>(c-64)&1 != 0
}

// hasMarkup reports whether a text has a character of inline markup.
func hasMarkup(s string) bool {
	for i := range len(s) {
		if isMarkup(s[i]) {
			return true
		}
	}
	return false
}

// inlineMarkup replaces the inline markup in the blocks by spans.
func inlineMarkup(t Text) {
	for i := range t {
		if slices.ContainsFunc(t[i].Spans, func(s Span) bool { return !s.Code && hasMarkup(s.Text) }) {
			t[i].Spans = inlineSpans(t[i].Spans)
		}
	}
}

// inlineSpans returns spans with their inline markup read.
func inlineSpans(spans []Span) []Span {
	r := newInlineReader(spans)
	r.read()
	r.closeRuns()
	if len(r.edits) == 0 && len(r.looks) == 0 {
		return spans
	}
	return r.rebuild()
}

// inlineReader finds the inline markup of a block.
type inlineReader struct {
	spans  []Span
	starts []int  // where each span begins in text; a line break is a byte before it
	text   string // of all spans, with a line feed for each line break

	edits []edit
	looks []look

	runs     []run
	openers  [3][3][]int // indices of runs that may begin emphasis: by character and length
	brackets []bracket
	lastLink int            // where the last link begins
	blankAt  int            // where the last blank is
	word     escapedWord    // the last word that has a backslash
	noFence  [maxFence]bool // no code ends with so many backticks from here on
}

// edit replaces a part of the text.
type edit struct {
	from, to int
	text     string
}

// look is formatting of a part of the text.
type look struct {
	from, to int
	mark     *Mark
}

func newInlineReader(spans []Span) *inlineReader {
	r := &inlineReader{spans: spans, lastLink: -1, blankAt: -1}
	var b strings.Builder
	for i, s := range spans {
		if s.Break && i > 0 {
			b.WriteByte('\n')
		}
		r.starts = append(r.starts, b.Len())
		b.WriteString(s.Text)
	}
	r.text = b.String()
	return r
}

// read goes through the text once.
func (r *inlineReader) read() {
	span := 0
	for i := 0; i < len(r.text); {
		for span+1 < len(r.spans) && r.starts[span+1] <= i {
			span++
		}
		if end := r.starts[span] + len(r.spans[span].Text); r.spans[span].Code && i < end {
			i = end
			continue
		}
		i = r.next(i, span)
	}
}

// next reads what begins at i, and returns where it ends.
func (r *inlineReader) next(i, span int) int {
	switch c := r.text[i]; c {
	case ' ', '\n':
		r.blankAt = i
	case '*', '_', '~':
		return r.delimiters(i)
	case '`':
		return r.code(i)
	case '[':
		r.brackets = append(r.brackets, bracket{at: i, picture: strings.HasSuffix(r.text[:i], "!") && !strings.HasSuffix(r.text[:i], `\!`)})
	case ']':
		return r.closeBracket(i, r.spans[span].URL != "")
	case '<':
		return r.autolink(i, r.spans[span].URL != "")
	case '\\':
		return r.escape(i)
	case '&':
		return r.reference(i)
	case ':':
		if strings.HasPrefix(r.text[i:], "://") && i > 0 && wordRune(rune(r.text[i-1])) {
			return r.address(i)
		}
	case 'w':
		if strings.HasPrefix(r.text[i:], "www.") && !wordRune(r.before(i)) {
			return r.address(i)
		}
	}
	return i + 1
}

// before and after return the characters before and from i on, or -1 at an end of the
// text.
func (r *inlineReader) before(i int) rune {
	if i == 0 {
		return -1
	}
	c, _ := utf8.DecodeLastRuneInString(r.text[:i])
	return c
}

func (r *inlineReader) after(i int) rune {
	if i == len(r.text) {
		return -1
	}
	c, _ := utf8.DecodeRuneInString(r.text[i:])
	return c
}

// cut leaves a part of the text out.
func (r *inlineReader) cut(from, to int) { r.edits = append(r.edits, edit{from: from, to: to}) }

// address returns the end of an address on the web that begins before i. The signs
// in it are no markup, but those at its end may be.
func (r *inlineReader) address(i int) int {
	end := i
	for end < len(r.text) && r.text[end] > ' ' && strings.IndexByte(`<>]"`, r.text[end]) < 0 {
		end++
	}
	for end > i && strings.IndexByte("*_~`.,;:!?)'", r.text[end-1]) >= 0 {
		end--
	}
	for at := i; at < end; {
		next := strings.IndexByte(r.text[at:end], '&')
		if next < 0 {
			break
		}
		at = r.reference(at + next)
		end = max(end, at)
	}
	return max(end, i+1)
}

// reference reads a character reference.
func (r *inlineReader) reference(i int) int {
	text, n := entity(r.text[i:])
	if n == 0 {
		return i + 1
	}
	shown := oneLine(text)
	if shown == "" && strings.ContainsFunc(text, isBlank) {
		shown = " "
	}
	r.edits = append(r.edits, edit{i, i + n, shown})
	return i + n
}

// escapedWord is a word with a backslash.
type escapedWord struct {
	end  int  // where it ends
	path bool // its backslashes are no escapes, as in a path or a regular expression
}

// escapable are the characters before which a backslash is left out. A backslash is
// none of them, so that "\\server" keeps both.
const escapable = "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~"

// escape reads a backslash.
func (r *inlineReader) escape(i int) int {
	if i+1 == len(r.text) || r.text[i+1] == '\n' {
		last := r.before(i)
		if i+1 < len(r.text) && last != '\\' && last != ':' && !r.inPath(i) {
			r.cut(i, i+1) // a line break of Markdown
		}
		return i + 1
	}
	if r.text[i+1] == '\\' {
		return i + 2
	}
	if strings.IndexByte(escapable, r.text[i+1]) < 0 || r.inPath(i) {
		return i + 1
	}
	r.cut(i, i+1)
	return i + 2
}

// inPath reports whether the word with the backslash at i is a path or an expression:
// one of its backslashes is before a letter or a digit.
func (r *inlineReader) inPath(i int) bool {
	if i < r.word.end {
		return r.word.path
	}
	from := strings.LastIndexAny(r.text[:i], " \n") + 1
	end := strings.IndexAny(r.text[i:], " \n")
	if end < 0 {
		end = len(r.text) - i
	}
	r.word = escapedWord{end: i + end}
	for at := from; at+1 < i+end; at++ {
		if r.text[at] == '\\' && (r.text[at+1] >= 0x80 || wordRune(rune(r.text[at+1]))) {
			r.word.path = true
			break
		}
	}
	return r.word.path
}

// maxFence is the number of backticks from which on they are no code.
const maxFence = 4

// code reads text between backticks.
func (r *inlineReader) code(i int) int {
	n := countByte(r.text[i:], '`')
	start := i + n
	if n >= maxFence || r.noFence[n] || wordRune(r.before(i)) {
		return start
	}
	for at := start; ; {
		next := strings.IndexByte(r.text[at:], '`')
		if next < 0 {
			r.noFence[n] = true
			return start
		}
		at += next
		m := countByte(r.text[at:], '`')
		if m != n {
			at += m
			continue
		}
		content := r.text[start:at]
		if strings.Contains(content, "\n") || wordRune(r.after(at+n)) {
			return start
		}
		inner := strings.TrimSpace(content)
		left, right := strings.HasPrefix(content, " "), strings.HasSuffix(content, " ")
		if inner == "" || left != right {
			return start
		}
		if left {
			r.cut(i, start+1)
			r.cut(at-1, at+n)
		} else {
			r.cut(i, start)
			r.cut(at, at+n)
		}
		r.looks = append(r.looks, look{i, at + n, &Mark{Kind: Code}})
		return at + n
	}
}

// countByte returns how often a text begins with c.
func countByte(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}
