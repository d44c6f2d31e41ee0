package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/letrazapp/letraz-export/internal/document"
)

// columns returns the width of a text in a fixed-width font: two columns for an East
// Asian character, none for a combining mark.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// wrap breaks a text into lines of at most so many columns. A piece that cannot be
// broken may be longer. The text has single blanks only.
func wrap(text string, size int) []string {
	var lines []string
	var b strings.Builder
	used := 0
	for _, p := range pieces(text) {
		gap := 0
		if p.blank && used > 0 {
			gap = 1
		}
		if n := columns(p.text); used > 0 && used+gap+n > size {
			lines = append(lines, b.String())
			b.Reset()
			used = n
		} else {
			if gap > 0 {
				b.WriteByte(' ')
			}
			used += gap + n
		}
		b.WriteString(p.text)
	}
	if b.Len() > 0 {
		lines = append(lines, b.String())
	}
	return lines
}

// piece is a part of a text that stays on one line.
type piece struct {
	text  string
	blank bool // a blank precedes it
}

// pieces splits a text where lines may end: at blanks, and between characters of
// scripts without blanks, but not before closing nor after opening punctuation.
func pieces(text string) []piece {
	var out []piece
	for i, word := range strings.Split(text, " ") {
		start, blank := 0, i > 0
		var last rune
		for at, r := range word {
			if at > 0 && breaksBetween(last, r) {
				out = append(out, piece{word[start:at], blank})
				start, blank = at, false
			}
			if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
				last = r
			}
		}
		if start < len(word) {
			out = append(out, piece{word[start:], blank})
		}
	}
	return out
}

// breaksBetween reports whether a line may end between two characters without a
// blank, by the usual rules of Chinese and Japanese.
func breaksBetween(a, b rune) bool {
	if !document.Ideographic(a) && !document.Ideographic(b) || unicode.In(b, unicode.M, unicode.Cf) {
		return false
	}
	return !opens(a) && !closes(b) && a != '\u00a0' && b != '\u00a0' && a != '\u202f' && b != '\u202f'
}

// opens reports characters that must not end a line.
func opens(r rune) bool {
	return unicode.In(r, unicode.Ps, unicode.Pi, unicode.Sc)
}

// closes reports characters that must not begin a line.
func closes(r rune) bool {
	return unicode.In(r, unicode.Pe, unicode.Pf) || unicode.Is(unicode.Po, r) && !strings.ContainsRune("#&@*\\\"'※〽", r) ||
		strings.ContainsRune("ー々ゝゞヽヾ〜~–—-ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ", r)
}
