package richtext

import (
	"strings"
	"unicode"
)

// Line returns text that a user typed as one clean line. It is empty if nothing of the text is
// visible, such as a no-break space that an editor left.
func Line(s string) string {
	s = oneLine(s)
	if invisible(s) {
		return ""
	}
	return s
}

// oneLine replaces runs of blanks and line breaks by one blank, and removes invalid
// UTF-8 and characters that do not show. It keeps the joiners and marks that some
// scripts and emoji need.
func oneLine(s string) string {
	if plainASCII(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "")
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	last := rune(-1)
	for i, r := range s {
		switch {
		case r > ' ' && r <= '~':
		case isBlank(r):
			blank = b.Len() > 0
			continue
		case r < 0xa0 || r == softHyphen || r >= firstUnusual:
			if r = visibleRune(r, last, s[i:], s); r < 0 {
				continue
			}
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// isBlank reports white space that is collapsed. No-break spaces keep words together,
// so they are not. The fillers of Hangul and Braille show as blanks.
func isBlank(r rune) bool {
	switch {
	case r <= ' ':
		return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1c && r <= 0x1f
	case r < 0x1680:
		return r == 0x85
	case r == '\u202f':
		return false
	}
	return unicode.IsSpace(r) || r == '\u3164' || r == '\uffa0' || r == '\u2800'
}

// invisible reports whether nothing of a text shows.
func invisible(s string) bool { return strings.TrimFunc(s, unseen) == "" }

// unseen reports characters that are invisible by themselves: blanks, joiners,
// directional marks, and fillers that count as letters.
func unseen(r rune) bool {
	if r > ' ' && r <= '~' {
		return false
	}
	switch r {
	case '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0':
		return true
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Variation_Selector)
}

// plainASCII reports that Line would change nothing, which is usual.
func plainASCII(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			return false
		}
	}
	return true
}
