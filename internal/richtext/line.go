package richtext

import (
	"strings"
	"unicode"
)

// Line returns a text that somebody typed as one clean line. It is empty if the text
// has nothing visible, such as a no-break space that an editor left behind.
func Line(s string) string {
	s = oneLine(s)
	if invisible(s) {
		return ""
	}
	return s
}

// oneLine replaces control characters and runs of blanks by one blank, and removes
// invalid UTF-8 and directional formatting. It keeps the joiners that some scripts and
// emoji need.
func oneLine(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range strings.ToValidUTF8(s, "") {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			// A no-break space keeps words together.
			if r == '\u00a0' || r == '\u202f' {
				b.WriteRune(r)
				continue
			}
			blank = b.Len() > 0
			continue
		case confusing(r):
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// invisible reports whether nothing of a text shows.
func invisible(s string) bool { return strings.TrimFunc(s, unseen) == "" }

// unseen reports characters that are invisible by themselves: blanks, joiners,
// directional marks, and fillers that count as letters.
func unseen(r rune) bool {
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

// confusing reports byte order marks and characters that override the direction of the
// text around them.
func confusing(r rune) bool {
	switch r {
	case '\ufeff', '\ufffe', '\uffff', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e',
		'\u2066', '\u2067', '\u2068', '\u2069':
		return true
	}
	return false
}
