package resume

import "strings"

type tokenKind int

const (
	tokenText tokenKind = iota
	tokenStart
	tokenEnd
)

// token is a piece of HTML: text with its references not yet decoded, or a
// tag's name in lower case. Attributes are of no interest here.
type token struct {
	kind tokenKind
	data string
}

// tokenizer cuts HTML into tokens. It accepts anything, like a browser, and
// never looks at a byte more than a fixed number of times.
type tokenizer struct {
	src string
	pos int
}

// next returns the next token, false at the end. What has no end (a tag, a
// comment, a script) reaches to the end of the source, as in a browser.
func (z *tokenizer) next() (token, bool) {
	for z.pos < len(z.src) {
		rest := z.src[z.pos:]
		switch {
		case rest[0] != '<' || !opensMarkup(rest):
			// A "<" that opens nothing is text, like what follows it.
			n := 1
			for n < len(rest) && (rest[n] != '<' || !opensMarkup(rest[n:])) {
				n++
			}
			z.pos += n
			return token{tokenText, rest[:n]}, true
		case strings.HasPrefix(rest, "<!--"):
			z.skipPast("-->", 4)
		case rest[1] == '!' || rest[1] == '?' || rest[1] == '/' && !isLetter(rest[2]):
			z.skipPast(">", 2)
		case rest[1] == '/':
			if name, ok := z.tag(2); ok {
				return token{tokenEnd, name}, true
			}
		default:
			name, ok := z.tag(1)
			if !ok {
				continue
			}
			if isHidden(name) {
				z.skipContent(name)
				continue
			}
			return token{tokenStart, name}, true
		}
	}
	return token{}, false
}

// opensMarkup reports whether s, which begins with "<", begins a tag, a
// comment or the like.
func opensMarkup(s string) bool {
	if len(s) < 2 {
		return false
	}
	switch c := s[1]; c {
	case '!', '?':
		return true
	case '/':
		return len(s) > 2 // "</" and no name is skipped like a comment
	default:
		return isLetter(c)
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// skipPast moves behind the next end, which is looked for from offset on.
func (z *tokenizer) skipPast(end string, offset int) {
	i := strings.Index(z.src[z.pos+offset:], end)
	if i < 0 {
		z.pos = len(z.src)
		return
	}
	z.pos += offset + i + len(end)
}

// tag reads a tag whose name begins at offset. It is false when the tag has
// no end.
func (z *tokenizer) tag(offset int) (string, bool) {
	start := z.pos + offset
	end := start
	for end < len(z.src) && !isSpace(z.src[end]) && z.src[end] != '/' && z.src[end] != '>' {
		end++
	}
	// A quote counts only where a value begins, so that a stray one does not
	// swallow the rest of the text.
	var quote byte
	value := false
	for i := end; i < len(z.src); i++ {
		switch c := z.src[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			z.pos = i + 1
			return tagName(z.src[start:end]), true
		case value && (c == '"' || c == '\''):
			quote, value = c, false
		case c == '=':
			value = true
		case !isSpace(c):
			value = false
		}
	}
	z.pos = len(z.src)
	return "", false
}

// tagName is the name in lower case; one too long to be known is no name.
func tagName(s string) string {
	const longest = 32
	if len(s) > longest {
		return ""
	}
	return strings.ToLower(s)
}

// isHidden reports whether an element's content is not text to read.
func isHidden(name string) bool {
	switch name {
	case "script", "style", "title", "template", "iframe", "object", "noscript",
		"noembed", "noframes", "textarea":
		return true
	}
	return false
}

// skipContent moves behind the end tag of the hidden element just opened.
func (z *tokenizer) skipContent(name string) {
	for {
		i := strings.Index(z.src[z.pos:], "</")
		if i < 0 {
			z.pos = len(z.src)
			return
		}
		z.pos += i
		after := z.pos + 2 + len(name)
		if after <= len(z.src) && strings.EqualFold(z.src[z.pos+2:after], name) {
			z.tag(2)
			return
		}
		z.pos += 2
	}
}
