package coverage

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// words splits a text into words that can be compared: normalized (NFKC), in lower
// case, without punctuation and invisible characters. "C++" and "C#" keep their signs.
// A character of a script without blanks between words is a word.
func words(s string, word func(string)) {
	if !plain(s) {
		s = norm.NFKC.String(s)
	}
	begin, end := -1, 0 // of the current word
	skipped := false    // it contains characters that are left out
	flush := func() {
		if begin >= 0 {
			w := s[begin:end]
			if skipped {
				w = strings.Map(func(r rune) rune {
					if invisible(r) {
						return -1
					}
					return r
				}, w)
			}
			word(fold(w))
		}
		begin, skipped = -1, false
	}
	for i, r := range s {
		size := len(string(r))
		switch {
		case unspaced(r):
			flush()
			begin, end = i, i+size
			flush()
		case isWord(r):
			if begin < 0 {
				begin = i
			}
			end = i + size
		case invisible(r):
			skipped = true
		case (r == '+' || r == '#') && begin >= 0 && end == i:
			end = i + size
		default:
			flush()
		}
	}
	flush()
}

// plain reports ASCII, which needs no normalization.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// fold makes letters comparable in all ways of writing.
func fold(w string) string {
	w = strings.ToLower(w)
	if plain(w) {
		return w
	}
	return strings.NewReplacer("ß", "ss", "ς", "σ", "i̇", "i").Replace(w)
}

func isWord(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && !unicode.Is(unicode.Variation_Selector, r)
}

// invisible reports characters that only affect how others are written.
func invisible(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f ||
		r >= 0x80 && (unicode.In(r, unicode.Cf, unicode.Variation_Selector) || r == '\u034f')
}

// unspaced reports characters of scripts without blanks between words.
func unspaced(r rune) bool {
	return r >= 0xe00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && isWord(r)
}
