package theme

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mdText escapes what means something to CommonMark within a line. What means
// something only at its beginning is lineStart's business.
func mdText(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch r {
		case '\\', '`', '*', '_', '[', ']', '<', '~', '|':
			b.WriteByte('\\')
		case '&':
			if characterReference(s[i+1:]) {
				b.WriteByte('\\')
			}
		}
		b.WriteRune(r)
	}
	return b.String()
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
// a heading, a quotation, a list, a rule.
func lineStart(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '#', '>', '-', '+', '=':
		return `\` + s
	}
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if digits > 0 && digits < len(s) && (s[digits] == '.' || s[digits] == ')') {
		return s[:digits] + `\` + s[digits:]
	}
	return s
}

// mdLink is a text that may lead somewhere.
func mdLink(text, address string) string {
	if address == "" || text == "" {
		return mdText(text)
	}
	return "[" + mdText(text) + "](" + destination(address) + ")"
}

// destination is an address as the target of a link. It holds no blanks.
func destination(address string) string {
	var b strings.Builder
	for i, r := range address {
		if strings.ContainsRune(`\()<>`, r) || r == '&' && characterReference(address[i+1:]) {
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
		return mdText(text)
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
		return mdText(text)
	}
	return mdText(left) + mark + mdText(core) + mark + mdText(right)
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
