package richtext

import (
	"strings"
)

// maxDestination bounds the address of a link with its title.
const maxDestination = 2048

// bracket is an opening bracket that may begin a link or a picture.
type bracket struct {
	at      int
	picture bool
}

// closeBracket reads the bracket at i that may end the text of a link or a picture. A
// link leads somewhere only outside of other links. Of a picture, its description
// stays.
func (r *inlineReader) closeBracket(i int, linked bool) int {
	if len(r.brackets) == 0 {
		return i + 1
	}
	open := r.brackets[len(r.brackets)-1]
	r.brackets = r.brackets[:len(r.brackets)-1]
	raw, n := destination(r.text[i+1:])
	if n == 0 || raw == "" || open.at < r.lastLink {
		return i + 1
	}
	end := i + 1 + n
	if open.picture {
		if strings.ContainsAny(raw, "./:") {
			r.cut(open.at-1, open.at+1)
			r.cut(i, end)
			return end
		}
		return i + 1
	}
	if strings.TrimSpace(r.text[open.at+1:i]) == "" {
		return end // without a text, the address is the text
	}
	target := linkTarget(address(raw))
	switch {
	case target != "":
		r.cut(open.at, open.at+1)
		r.cut(i, end)
		if !linked {
			r.looks = append(r.looks, look{open.at, end, &Mark{Kind: Link, URL: target}})
		}
		r.lastLink = open.at
	case wordRune(r.before(open.at)) || !strings.ContainsAny(raw, "./:#"):
		return i + 1 // "array[0](x)"
	default: // it leads nowhere, and is shown as written
		r.cut(open.at, open.at+1)
		r.edits = append(r.edits, edit{i, end, " (" + oneLine(raw) + ")"})
		r.lastLink = open.at
	}
	return end
}

// destination reads the address of a link in parentheses, with or without a title.
// n is the length of all, or 0 if there is none.
func destination(s string) (raw string, n int) {
	if s == "" || s[0] != '(' {
		return "", 0
	}
	s = s[:min(len(s), maxDestination)]
	at := skipBlanks(s, 1)
	if at < len(s) && s[at] == '<' {
		end := strings.IndexAny(s[at:], ">\n")
		if end < 0 || s[at+end] != '>' {
			return "", 0
		}
		raw, at = s[at+1:at+end], at+end+1
	} else {
		end := bareDestination(s[at:])
		raw, at = s[at:at+end], at+end
	}
	after := skipBlanks(s, at)
	if after > at {
		at = skipBlanks(s, after+title(s[after:]))
	}
	if at >= len(s) || s[at] != ')' {
		return "", 0
	}
	return unescaped(raw), at + 1
}

// bareDestination returns the length of an address that is not in angle brackets.
// Parentheses in it are balanced.
func bareDestination(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.IndexByte(escapable, s[i+1]) >= 0:
			i++
		case c == '(':
			depth++
		case c == ')' && depth == 0, c <= ' ', c == '<':
			return i
		case c == ')':
			depth--
		}
	}
	return len(s)
}

// title returns the length of a title in quotation marks or parentheses.
func title(s string) int {
	if s == "" || strings.IndexByte(`"'(`, s[0]) < 0 {
		return 0
	}
	last := s[0]
	if last == '(' {
		last = ')'
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case last:
			return i + 1
		}
	}
	return 0
}

// skipBlanks returns where the blanks from at on end.
func skipBlanks(s string, at int) int {
	for at < len(s) && (s[at] == ' ' || s[at] == '\n') {
		at++
	}
	return at
}

// unescaped returns an address without the escapes of Markdown.
func unescaped(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return decodeEntities(s)
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(escapable, s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return decodeEntities(b.String())
}

// autolink reads an address in angle brackets. A mail address in these stays as it
// is.
func (r *inlineReader) autolink(i int, linked bool) int {
	rest := r.text[i+1:]
	end := strings.IndexAny(rest[:min(len(rest), maxDestination)], " \n<>")
	if end <= 0 || rest[end] != '>' {
		return i + 1
	}
	raw := rest[:end]
	scheme, _, ok := strings.Cut(raw, ":")
	if !ok {
		return i + 1
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto", "tel":
	default:
		return i + 1
	}
	target := linkTarget(address(raw))
	if target == "" {
		return i + 1
	}
	r.cut(i, i+1)
	r.cut(i+1+end, i+2+end)
	if !linked {
		r.looks = append(r.looks, look{i, i + 2 + end, &Mark{Kind: Link, URL: target}})
	}
	return i + 2 + end
}
