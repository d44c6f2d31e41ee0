package markdown

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escaped escapes what means something to CommonMark within a line, or to readers
// with the extensions of GitHub. What means something only at its beginning is
// lineStart's business.
//
// "<" becomes a character reference rather than "\<": readers that make links of
// bare addresses take a backslash for a part of the address, and what follows it
// would be HTML. Addresses themselves are escaped so that they stay text.
func escaped(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch r {
		case '<':
			b.WriteString("&lt;")
			continue
		case '&':
			if characterReference(s[i+1:]) {
				b.WriteString("&amp;")
				continue
			}
		case '\\', '`', '*', '_', '[', ']', '~', '|', '$':
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// line makes a line of escaped text and links: nothing at its beginning means
// anything, and addresses in its text stay text.
func line(s string) string { return withoutAutolinks(lineStart(s)) }

// withoutAutolinks escapes the characters by which readers with GitHub's extensions
// find addresses in text: the colon of "https://", the dot of "www.", the at sign
// of a mail address. It leaves links as they are.
func withoutAutolinks(line string) string {
	if !strings.ContainsAny(line, ":.@") {
		return line
	}
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			b.WriteByte('\\')
			i++
		case '[': // that of a text is escaped
			end := i + linkLength(line[i:])
			b.WriteString(line[i : end-1])
			i = end - 1
		case ':':
			if strings.HasPrefix(line[i:], "://") {
				b.WriteByte('\\')
			}
		case '.':
			if i >= 3 && strings.EqualFold(line[i-3:i], "www") {
				b.WriteByte('\\')
			}
		case '@':
			if i > 0 && line[i-1] != ' ' && i+1 < len(line) && line[i+1] != ' ' {
				b.WriteByte('\\')
			}
		}
		if i < len(line) {
			b.WriteByte(line[i])
		}
	}
	return b.String()
}

// broken is a line with a line break after it. A backslash of the text's own is no
// neighbour for that of the break: some readers count them wrong.
func broken(line string) string {
	if before, ok := strings.CutSuffix(line, `\\`); ok {
		line = before + "&#92;"
	}
	return line + "\\\n"
}

// linkLength is how long the link is with which a line begins: up to the
// parenthesis after its address.
func linkLength(line string) int {
	inAddress := false
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case ']':
			inAddress = true
		case ')':
			if inAddress {
				return i + 1
			}
		}
	}
	return len(line)
}

// characterReference reports whether text after an ampersand makes one of it, or may
// do so with what comes next.
func characterReference(s string) bool {
	rest := strings.TrimLeftFunc(s, func(r rune) bool {
		return r == '#' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	})
	return rest == "" || rest[0] == ';' && rest != s
}

// lineStart escapes what would make something else than text of an escaped line:
// a heading, a quotation, a list, a rule, the second line of a table or of a
// definition.
func lineStart(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '#', '>', '-', '+', '=', ':':
		return `\` + s
	}
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if digits > 0 && digits < len(s) && (s[digits] == '.' || s[digits] == ')') {
		return s[:digits] + `\` + s[digits:]
	}
	return s
}

// linked is a text that may lead somewhere.
func linked(text, address string) string {
	if address == "" || text == "" {
		return escaped(text)
	}
	return "[" + escaped(text) + "](" + destination(address) + ")"
}

// destination is an address as the target of a link. What ends one, or could be
// taken for HTML, is percent-encoded: that leads to the same place.
func destination(address string) string {
	var b strings.Builder
	for i, r := range address {
		switch {
		case r <= ' ', r == 0x7f, strings.ContainsRune("\\<>\"'`|*~", r), unicode.IsSpace(r), unicode.IsControl(r):
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
			continue
		case r == '&' && characterReference(address[i+1:]):
			b.WriteString("&amp;")
			continue
		case r == '(', r == ')', r == '[', r == ']':
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// emphasised puts marks around a text, given the characters that stand before and
// after it (utf8.RuneError: none). CommonMark sees emphasis only where a mark leans
// on a word: blanks stay outside, punctuation where it must, and a text that
// nothing helps stays as it is.
func emphasised(text, mark string, before, after rune) string {
	if mark == "" {
		return escaped(text)
	}
	core := strings.Trim(text, " ")
	at := strings.Index(text, core)
	left, right := text[:at], text[at+len(core):]
	if left != "" {
		before = ' '
	}
	if right != "" {
		after = ' '
	}
	for core != "" && !leans(before, first(core)) {
		r, n := utf8.DecodeRuneInString(core)
		left, core, before = left+core[:n], core[n:], r
	}
	for core != "" && !leans(after, lastRune(core)) {
		r, n := utf8.DecodeLastRuneInString(core)
		right, core, after = core[len(core)-n:]+right, core[:len(core)-n], r
	}
	if core == "" || before == '*' || after == '*' {
		return escaped(text)
	}
	return escaped(left) + mark + escaped(core) + mark + escaped(right)
}

// leans reports whether a mark between an outer and an inner character belongs to
// the inner one: the flanking of CommonMark, sections 6.2 and 2.1.
func leans(outer, inner rune) bool {
	if blankRune(inner) {
		return false
	}
	return !punctuation(inner) || blankRune(outer) || punctuation(outer)
}

func blankRune(r rune) bool   { return r == utf8.RuneError || unicode.IsSpace(r) }
func punctuation(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
