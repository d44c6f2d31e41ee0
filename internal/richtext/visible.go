package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	softHyphen   = '\u00ad'
	nonJoiner    = '\u200c'
	joiner       = '\u200d'
	firstUnusual = '\u034f' // the first character from U+00AE on that visibleRune looks at
)

// visibleRune returns the character to show for r: r itself, another one, or -1 to
// leave it out. last is the character before it, or -1; from is the text from r on,
// and all the whole text. Characters that do not show would divide a word for those
// who read the finished file.
func visibleRune(r, last rune, from, all string) rune {
	switch {
	case r < ' ' || r == 0x7f:
		return -1
	case r >= 0x80 && r < 0xa0:
		return fromWindows(r)
	case r == nonJoiner || r == joiner:
		next, size := utf8.DecodeRuneInString(from[len(string(joiner)):])
		if size == 0 {
			next = -1
		}
		if !joins(r, last, next) {
			return -1
		}
	case r == '\u200e' || r == '\u200f' || r == '\u061c':
		if !rightToLeft(all) {
			return -1
		}
	case isWordBullet(r):
		return '•'
	case r == softHyphen || r == '\u034f' || r == '\u180e' || r == '\u200b' || r == '\ufeff',
		r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u206f', r >= '\ufff9' && r <= '\ufffb',
		r >= '\ufdd0' && r <= '\ufdef', r&0xfffe == 0xfffe, unicode.Is(unicode.Co, r):
		return -1
	case r == '\u115f' || r == '\u1160':
		if next, _ := utf8.DecodeRuneInString(from[len("\u1160"):]); !unicode.Is(unicode.Hangul, next) {
			return -1
		}
	case unicode.Is(unicode.Variation_Selector, r):
		if last < 0 || unicode.IsLetter(last) && simple(last) {
			return -1
		}
	case r >= 0xe0000 && r <= 0xe007f: // tags, of which the flags of parts of countries are made
		if last != 0x1f3f4 && (last < 0xe0020 || last > 0xe007f) {
			return -1
		}
	}
	return r
}

// joins reports whether a joiner or non-joiner has a meaning between two characters,
// which are -1 at an end of the text: within words of scripts whose letters connect,
// and within emoji.
func joins(r, last, next rune) bool {
	if r == joiner && (last < 0 || isEmoji(last)) && (next < 0 || isEmoji(next)) {
		return true
	}
	if last >= 0 && !wordRune(last) || next >= 0 && !wordRune(next) {
		return false
	}
	return last < 0 && next < 0 || last >= 0 && !simple(last) || next >= 0 && !simple(next)
}

// joinsOthers reports whether a text begins or ends with a joiner or a non-joiner.
func joinsOthers(s string) bool {
	return s[0] == 0xe2 && (strings.HasPrefix(s, string(joiner)) || strings.HasPrefix(s, string(nonJoiner))) ||
		s[len(s)-1] >= 0x8c && (strings.HasSuffix(s, string(joiner)) || strings.HasSuffix(s, string(nonJoiner)))
}

// dropJoiners removes the joiners without a meaning from texts that are divided
// between spans.
func dropJoiners(t Text) {
	for i := range t {
		spans := t[i].Spans
		kept := spans[:0]
		last := rune(-1)
		for n, s := range spans {
			next := rune(' ')
			if n+1 < len(spans) && !spans[n+1].Break {
				next, _ = utf8.DecodeRuneInString(spans[n+1].Text)
			}
			if s.Break || n == 0 {
				last = ' '
			}
			if s.Text = withoutJoiners(s.Text, last, next); s.Text != "" {
				last, _ = utf8.DecodeLastRuneInString(s.Text)
				kept = append(kept, s)
			} else if s.Break && n+1 < len(spans) {
				spans[n+1].Break = true
			}
		}
		if len(kept) > 0 {
			t[i].Spans = kept
		}
	}
}

// withoutJoiners returns a text without the joiners that have no meaning between last
// and next at its ends.
func withoutJoiners(s string, last, next rune) string {
	for {
		r, size := utf8.DecodeRuneInString(s)
		if r != joiner && r != nonJoiner {
			break
		}
		after := next
		if size < len(s) {
			after, _ = utf8.DecodeRuneInString(s[size:])
		}
		if joins(r, last, after) {
			break
		}
		s = s[size:]
	}
	for {
		r, size := utf8.DecodeLastRuneInString(s)
		if r != joiner && r != nonJoiner {
			return s
		}
		before := last
		if size < len(s) {
			before, _ = utf8.DecodeLastRuneInString(s[:len(s)-size])
		}
		if joins(r, before, next) {
			return s
		}
		s = s[:len(s)-size]
	}
}

// isEmoji reports a character that can be a part of an emoji.
func isEmoji(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Variation_Selector) || r >= 0x1f3fb && r <= 0x1f3ff || r >= 0xe0020 && r <= 0xe007f
}

// simple reports a letter or a sign of a script whose letters do not connect.
func simple(r rune) bool {
	return r < 0x590 || unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Georgian, unicode.Han, unicode.Hiragana,
		unicode.Katakana, unicode.Hangul, unicode.Common)
}

// wordRune reports a letter, a mark on one, or a digit.
func wordRune(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.In(r, unicode.M, unicode.N)
}

// rightToLeft reports whether a text has a letter that is written from right to left.
func rightToLeft(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x590 && r <= 0x8ff && r != '\u061c' || r >= 0xfb1d && r <= 0xfdcf || r >= 0xfdf0 && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc ||
			r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
	})
}

// isWordBullet reports a bullet of the fonts Symbol and Wingdings as Word writes it.
func isWordBullet(r rune) bool {
	switch r {
	case '\uf0a7', '\uf0b7', '\uf0d8', '\uf0fc':
		return true
	}
	return false
}

// fromWindows returns the character that Windows-1252 has at a place where Unicode
// has a control character. Texts that were decoded wrongly contain these.
func fromWindows(r rune) rune {
	// The places without a character have a blank here.
	const table = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ"
	n := rune(0x80)
	for _, c := range table {
		if n == r && c != ' ' {
			return c
		}
		n++
	}
	return -1
}
