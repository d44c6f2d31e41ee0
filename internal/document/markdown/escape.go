package markdown

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escaped escapes the characters that have a meaning within a line, in CommonMark or
// GitHub's extensions of it. See lineStart for those at the beginning of a line.
//
// "<" becomes a character reference rather than "\<". Readers that turn bare
// addresses into links take a backslash as a part of the address, and would see HTML
// after it.
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

// line returns escaped text and links as a line of a paragraph.
func line(s string) string { return withoutAutolinks(lineStart(s)) }

// withoutAutolinks escapes the characters by which readers with GitHub's extensions
// find addresses in text: the colon of "https://", the dot of "www.", the at sign
// of a mail address. It leaves links and code as they are.
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
		case '`': // that of a text is escaped, too
			end := i + codeLength(line[i:])
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

// broken returns a line with a hard line break after it. A backslash at the end of
// the text becomes a reference, because some readers confuse it with that of the
// break.
func broken(line string) string {
	if before, ok := strings.CutSuffix(line, `\\`); ok {
		line = before + "&#92;"
	}
	return line + "\\\n"
}

// linkLength returns the length of the link at the beginning of a line, up to the
// parenthesis after its address.
func linkLength(line string) int {
	inAddress := false
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '`':
			i += codeLength(line[i:]) - 1
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

// characterReference reports whether an ampersand before the text begins a character
// reference, or may do so together with what follows the text.
func characterReference(s string) bool {
	rest := strings.TrimLeftFunc(s, func(r rune) bool {
		return r == '#' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	})
	return rest == "" || rest[0] == ';' && rest != s
}

// lineStart escapes the beginning of a line that would make it a heading, quotation,
// list, rule, or the second line of a table or definition.
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

// linked returns a text as a link, if it has an address.
func linked(text, address string) string {
	if address == "" || text == "" {
		return escaped(text)
	}
	return "[" + escaped(text) + "](" + destination(address) + ")"
}

// destination returns an address as the target of a link. Characters that would end
// it, or look like HTML, are percent-encoded, which does not change the target.
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

// emphasized puts marks around a text, given the characters before and after it
// (utf8.RuneError: none). In CommonMark, marks have to be next to a word. So blanks
// are placed outside of the marks, and punctuation if necessary. A text that cannot
// be emphasized is returned without marks.
func emphasized(text, mark string, before, after rune) string {
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
	for core != "" && !flanks(before, first(core)) {
		r, n := utf8.DecodeRuneInString(core)
		left, core, before = left+core[:n], core[n:], r
	}
	for core != "" && !flanks(after, lastRune(core)) {
		r, n := utf8.DecodeLastRuneInString(core)
		right, core, after = core[len(core)-n:]+right, core[:len(core)-n], r
	}
	if core == "" || before == '*' || after == '*' {
		return escaped(text)
	}
	return escaped(left) + mark + escaped(core) + mark + escaped(right)
}

// flanks reports whether a mark between an outer and an inner character belongs to the
// inner one (CommonMark, sections 6.2 and 2.1).
func flanks(outer, inner rune) bool {
	if blankRune(inner) {
		return false
	}
	return !punctuation(inner) || blankRune(outer) || punctuation(outer)
}

func blankRune(r rune) bool   { return r == utf8.RuneError || unicode.IsSpace(r) }
func punctuation(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
