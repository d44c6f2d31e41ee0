package richtext

import (
	"html"
	"strings"
)

// maxEntity is the length of the longest name of a character reference, with "&" and
// ";", rounded up.
const maxEntity = 36

// decodeEntities decodes the character references in a text, also those that were
// escaped repeatedly, such as "&amp;nbsp;". A reference needs its semicolon. References
// to characters of inline markup stay, and those after a backslash: Markdown reads
// these as text.
func decodeEntities(s string) string {
	at := strings.IndexByte(s, '&')
	if at < 0 {
		return s
	}
	var b strings.Builder
	for at >= 0 {
		b.WriteString(s[:at])
		text, n := entity(s[at:])
		switch {
		case n == 0 || strings.HasSuffix(s[:at], `\`):
			text, n = "&", 1
		case len(text) == 1 && strings.Contains("*_`[]\\~#", text):
			text = s[at : at+n]
		}
		b.WriteString(text)
		s = s[at+n:]
		at = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return b.String()
}

// entity returns the text that the character reference at the start of s stands for,
// and the length of the reference, which is 0 if there is none.
func entity(s string) (text string, n int) {
	skip := 0
	for strings.HasPrefix(s[1+skip:], "amp;") {
		skip += len("amp;")
	}
	rest := s[1+skip:]
	end := 0
	for end < min(len(rest), maxEntity) && (rest[end] == '#' || wordRune(rune(rest[end]))) {
		end++
	}
	if end > 0 && end < len(rest) && rest[end] == ';' {
		name := "&" + rest[:end+1]
		if text = html.UnescapeString(name); text != name && !strings.HasSuffix(text, ";") {
			return text, 1 + skip + end + 1
		}
	}
	if skip > 0 {
		return "&", 1 + skip
	}
	return "", 0
}

// decodeUnlessCode is decodeEntities for a text that cannot have code between
// backticks, in which references are text. In others they are read with the markup.
func decodeUnlessCode(s string) string {
	if strings.IndexByte(s, '`') >= 0 {
		return s
	}
	return decodeEntities(s)
}

// lineFeeds returns a text with line feeds for the other characters that break lines.
func lineFeeds(s string) string {
	if !breaksLines(s) {
		return s
	}
	return strings.NewReplacer("\v", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(s)
}

// breaksLines reports whether a text has characters that break lines also in HTML.
func breaksLines(s string) bool {
	return strings.IndexByte(s, '\v') >= 0 || strings.Contains(s, "\u2028") || strings.Contains(s, "\u2029")
}
