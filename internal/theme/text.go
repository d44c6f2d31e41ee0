package theme

import (
	"html"
	"html/template"
	"strings"
	"unicode"
)

// clean makes one line of text that somebody typed. Where nothing is to be seen,
// as with the no-break space or the joiner that an editor leaves behind, nothing
// is left.
func clean(s string) string {
	s = oneLine(s)
	if nothingSeen(s) {
		return ""
	}
	return s
}

// oneLine makes control characters and runs of blanks one blank, and drops broken
// UTF-8 and direction overrides. The joiners that some scripts and emoji need stay.
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
			// A no-break space was put there to keep something together.
			if r == '\u00a0' || r == '\u202f' {
				b.WriteRune(r)
				continue
			}
			blank = b.Len() > 0
			continue
		case dropped(r):
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

// nothingSeen reports a text of which nothing shows.
func nothingSeen(s string) bool { return strings.TrimFunc(s, unseen) == "" }

// unseen reports characters that show nothing by themselves: blanks, joiners and
// marks for the direction, and the fillers that pass for letters.
func unseen(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0':
		return true
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Variation_Selector)
}

// cleanLines is clean for text that may hold several lines.
func cleanLines(s string) []string {
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(s, "\r", "\n")) {
		if line = clean(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// cleanAll is clean for every text of a list, without the empty ones.
func cleanAll(list []string) []string {
	var out []string
	for _, s := range list {
		if s = clean(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// plainASCII reports that clean would change nothing, which is usual.
func plainASCII(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			return false
		}
	}
	return true
}

// dropped reports characters that are invisible and can only confuse: byte
// order marks and what overrides the direction of the text around it.
func dropped(r rune) bool {
	switch r {
	case '\ufeff', '\ufffe', '\uffff', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e',
		'\u2066', '\u2067', '\u2068', '\u2069':
		return true
	}
	return false
}

// lineLength is how many letters a line of a page holds, about.
const lineLength = 100

// lineCount estimates how many lines HTML takes on a page: every block and line
// break begins one. Wide characters count twice, and marks on others not at all.
func lineCount(s string) int {
	lines, width := 0, 0
	for s != "" {
		text, rest, _ := strings.Cut(s, "<")
		for _, r := range html.UnescapeString(text) {
			switch {
			case r < '\u0300': // Latin: neither marks nor wide
				width++
			case unicode.Is(unicode.M, r):
			case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
				width += 2
			default:
				width++
			}
		}
		tag, after, _ := strings.Cut(rest, ">")
		s = after
		if name, _, _ := strings.Cut(tag, " "); s == "" || name == "p" || name == "li" || name == "br" {
			lines += (width + lineLength - 1) / lineLength
			width = 0
		}
	}
	return lines
}

// markLong gives the long paragraphs and items of rich text a class, by which
// stylesheets tell them from those that stay on one page.
func markLong(body template.HTML) template.HTML {
	const open = ` dir="auto"` // in the opening tag of each block, and quoted nowhere else
	blocks := strings.Split(string(body), open)
	for i, block := range blocks[1:] {
		if lineCount(block) >= longBlock {
			blocks[i+1] = ` class="long"` + block
		}
	}
	return template.HTML(strings.Join(blocks, open))
}
