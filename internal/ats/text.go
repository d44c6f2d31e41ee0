package ats

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/pdf"
)

// text is the text of a file, prepared for searching.
type text struct {
	clusters []pdf.Cluster
	letters  string // the visible characters, normalized, without blanks
	at       []int  // the cluster of each byte of letters
}

func newText(clusters []pdf.Cluster) *text {
	t := &text{clusters: clusters}
	var raw strings.Builder
	var starts []int // of each cluster in raw
	for _, c := range clusters {
		starts = append(starts, raw.Len())
		raw.WriteString(c.Text)
	}
	var letters strings.Builder
	n := 0
	fold(raw.String(), func(from int, s string) {
		for n+1 < len(starts) && starts[n+1] <= from {
			n++
		}
		letters.WriteString(s)
		for range len(s) {
			t.at = append(t.at, n)
		}
	}, func(int) {})
	t.letters = letters.String()
	return t
}

// fold splits a text into pieces that can be compared: normalized (NFC), in lower case
// because a stylesheet may show capitals, without invisible characters. It calls
// piece and blank with the offset in s.
func fold(s string, piece func(at int, s string), blank func(at int)) {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf && (i+1 == len(s) || s[i+1] < utf8.RuneSelf) { // nothing combines with it
			switch {
			case c == ' ' || c >= '\t' && c <= '\r':
				blank(i)
			case c < ' ' || c == 0x7f:
			case c >= 'A' && c <= 'Z':
				piece(i, lower[c-'A':][:1])
			default:
				piece(i, s[i:i+1])
			}
			i++
			continue
		}
		// Up to where ASCII begins again.
		end := i + 1
		for end < len(s) && (s[end] >= utf8.RuneSelf || end+1 < len(s) && s[end+1] >= utf8.RuneSelf) {
			end++
		}
		foldOthers(s[i:end], i, piece, blank)
		i = end
	}
}

const lower = "abcdefghijklmnopqrstuvwxyz"

// foldOthers is fold for text that is not ASCII. at is its offset.
func foldOthers(s string, at int, piece func(at int, s string), blank func(at int)) {
	var it norm.Iter
	it.InitString(norm.NFC, s)
	for !it.Done() {
		from := at + it.Pos()
		for b := it.Next(); len(b) > 0; {
			r, size := utf8.DecodeRune(b)
			switch {
			case unicode.IsSpace(r):
				blank(from)
			case invisible(r):
			case r == 'ß':
				piece(from, "ss")
			case r == 'ς':
				piece(from, "σ")
			case r == '\u2010' || r == '\u2011':
				piece(from, "-") // fonts have one of them
			default:
				piece(from, string(unicode.ToLower(r)))
			}
			b = b[size:]
		}
	}
}

// invisible reports characters that only affect how others are written.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.IsControl(r)
}

// wanted is the folded text of a field.
type wanted struct {
	letters string
	words   []int // where each begins in letters
}

func newWanted(s string) wanted {
	var w wanted
	var letters strings.Builder
	begin := true
	fold(s, func(_ int, p string) {
		if begin {
			w.words = append(w.words, letters.Len())
			begin = false
		}
		letters.WriteString(p)
	}, func(int) { begin = true })
	w.letters = letters.String()
	return w
}

// known returns a function that recognizes pieces of the fields' texts.
func known(fields []document.Field) func(text string) bool {
	var all strings.Builder
	for _, f := range fields {
		all.WriteString(newWanted(f.Text).letters + "\n")
	}
	return func(text string) bool { return strings.Contains(all.String(), newWanted(text).letters) }
}

// find returns the position of a field at or after a position, or -1. It has to begin
// and end with whole words: "C" is not in "Cologne".
func (t *text) find(w wanted, from int) int {
	for from <= len(t.letters) {
		i := strings.Index(t.letters[from:], w.letters)
		if i < 0 {
			return -1
		}
		i += from
		if t.wordBegins(i) && t.wordBegins(i+len(w.letters)) {
			return i
		}
		from = i + 1
	}
	return -1
}

// wordBegins reports whether a word can begin at a position: next to a character that
// is no letter or digit, or after a gap.
func (t *text) wordBegins(at int) bool {
	if at <= 0 || at >= len(t.letters) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(t.letters[:at])
	after, _ := utf8.DecodeRuneInString(t.letters[at:])
	return !wordRune(before) || !wordRune(after) || unspaced(before) || unspaced(after) || t.parted(t.at[at-1], t.at[at])
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// unspaced reports characters of scripts without blanks between words.
func unspaced(r rune) bool {
	return r >= 0xe00 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) ||
		r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef || r == 'ー')
}

// parted reports whether a blank, a gap or a line end is between two clusters.
func (t *text) parted(i, j int) bool {
	if i == j {
		return false
	}
	a, b := t.clusters[i], t.clusters[j]
	if !pdf.SameLine(a, b) || pdf.Gap(a, b) > pdf.WordGap {
		return true
	}
	return t.blankBetween(i, j)
}

func (t *text) blankBetween(i, j int) bool {
	for n := i + 1; n < j; n++ {
		if t.clusters[n].Blank() {
			return true
		}
	}
	return false
}
