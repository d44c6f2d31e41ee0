package pdf

// kind is the type of a token.
type kind uint8

const (
	atEnd kind = iota
	aNumber
	aName
	aString
	aKeyword
	openArray
	closeArray
	openDict
	closeDict
)

// token is the smallest part of a PDF's syntax (ISO 32000-1, 7.2 and 7.3).
type token struct {
	kind kind
	num  float64
	data []byte // of a name, a string (decoded) or a keyword
}

// lexer splits bytes into tokens.
type lexer struct {
	data  []byte
	pos   int
	arena []byte // storage shared by decoded strings, to save allocations
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// skipBlank skips white space and comments.
func (l *lexer) skipBlank() {
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		if c == '%' {
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
			continue
		}
		if !isBlank(c) {
			return
		}
		l.pos++
	}
}

// word reads up to the next white space or delimiter.
func (l *lexer) word() []byte {
	from := l.pos
	for l.pos < len(l.data) && !isBlank(l.data[l.pos]) && !isDelimiter(l.data[l.pos]) {
		l.pos++
	}
	return l.data[from:l.pos]
}

// peek reports whether the byte at an offset from the current position is c.
func (l *lexer) peek(offset int, c byte) bool {
	return l.pos+offset < len(l.data) && l.data[l.pos+offset] == c
}

// next reads a token.
func (l *lexer) next() (token, error) {
	l.skipBlank()
	if l.pos >= len(l.data) {
		return token{}, nil
	}
	switch c := l.data[l.pos]; {
	case c == '/':
		l.pos++
		return token{kind: aName, data: l.word()}, nil
	case c == '(':
		return l.literal()
	case c == '<' && l.peek(1, '<'):
		l.pos += 2
		return token{kind: openDict}, nil
	case c == '<':
		return l.hexadecimal()
	case c == '>' && l.peek(1, '>'):
		l.pos += 2
		return token{kind: closeDict}, nil
	case c == '[':
		l.pos++
		return token{kind: openArray}, nil
	case c == ']':
		l.pos++
		return token{kind: closeArray}, nil
	case isDelimiter(c):
		return token{}, formErrorf("an unexpected %q at byte %d", c, l.pos)
	case c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.':
		at := l.pos
		n, ok := parseNumber(l.word())
		if !ok {
			return token{}, formErrorf("an invalid number at byte %d", at)
		}
		return token{kind: aNumber, num: n}, nil
	default:
		return token{kind: aKeyword, data: l.word()}, nil
	}
}

// parseNumber reads an integer or a decimal fraction.
func parseNumber(b []byte) (float64, bool) {
	negative := false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		negative, b = b[0] == '-', b[1:]
	}
	if len(b) == 0 || len(b) > 32 {
		return 0, false
	}
	n, scale, fraction, digits := 0.0, 1.0, false, 0
	for _, c := range b {
		switch {
		case c == '.' && !fraction:
			fraction = true
		case c < '0' || c > '9':
			return 0, false
		default:
			digits++
			n = n*10 + float64(c-'0')
			if fraction {
				scale *= 10
			}
		}
	}
	n /= scale
	if negative {
		n = -n
	}
	return n, digits > 0
}

// literal reads a string in parentheses.
func (l *lexer) literal() (token, error) {
	at, from, depth := l.pos, len(l.arena), 0
	for ; l.pos < len(l.data); l.pos++ {
		switch c := l.data[l.pos]; c {
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				l.pos++
				return token{kind: aString, data: l.arena[from:len(l.arena):len(l.arena)]}, nil
			}
		case '\\':
			l.escape()
			continue
		}
		l.arena = append(l.arena, l.data[l.pos])
	}
	return token{}, formErrorf("a string without end at byte %d", at)
}

// escape decodes the escape sequence at the current position and stops at its last byte.
func (l *lexer) escape() {
	if l.pos+1 >= len(l.data) {
		return
	}
	l.pos++
	c := l.data[l.pos]
	switch c {
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case '\n': // the string continues on the next line
		return
	case '0', '1', '2', '3', '4', '5', '6', '7':
		n := int(c - '0')
		for i := 0; i < 2 && l.pos+1 < len(l.data) && l.data[l.pos+1] >= '0' && l.data[l.pos+1] <= '7'; i++ {
			l.pos++
			n = n*8 + int(l.data[l.pos]-'0')
		}
		c = byte(n)
	}
	l.arena = append(l.arena, c)
}

// hexadecimal reads a string in angle brackets.
func (l *lexer) hexadecimal() (token, error) {
	at, from := l.pos, len(l.arena)
	half, high := false, byte(0)
	for l.pos++; l.pos < len(l.data); l.pos++ {
		c := l.data[l.pos]
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case isBlank(c):
			continue
		case c == '>':
			if half { // a missing last digit is 0
				l.arena = append(l.arena, high<<4)
			}
			l.pos++
			return token{kind: aString, data: l.arena[from:len(l.arena):len(l.arena)]}, nil
		default:
			return token{}, formErrorf("an invalid hexadecimal string at byte %d", at)
		}
		if half = !half; half {
			high = c
		} else {
			l.arena = append(l.arena, high<<4|c)
		}
	}
	return token{}, formErrorf("a string without end at byte %d", at)
}
