package tree

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/note"
)

// text parses a string. The input has been checked to be valid UTF-8.
func (p *parser) text() (string, error) {
	p.pos++ // the quote
	var b strings.Builder
	nul, lone := false, false
	for {
		start := p.pos
		for p.pos < len(p.data) && p.data[p.pos] != '"' && p.data[p.pos] != '\\' && p.data[p.pos] >= 0x20 {
			p.pos++
		}
		b.Write(p.data[start:p.pos])
		switch {
		case p.pos == len(p.data):
			return "", p.errorf("expected a closing quote, found %s", p.found())
		case p.data[p.pos] == '"':
			p.pos++
			if nul {
				p.note(note.Dropped, `the character \u0000 cannot be stored`, "")
			}
			if lone {
				p.note(note.Dropped, "half of a surrogate pair is not a character", "")
			}
			return b.String(), nil
		case p.data[p.pos] == '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			nul = nul || r == 0
			if utf16.IsSurrogate(r) {
				lone = true
				r = utf8.RuneError
			}
			b.WriteRune(r)
		default:
			return "", p.errorf("expected %s to be escaped inside a text", p.found())
		}
	}
}

// escape parses one escape sequence, or the two of a surrogate pair. It returns a lone
// surrogate unchanged.
func (p *parser) escape() (rune, error) {
	p.pos++ // the backslash
	c := p.next()
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 && c != 0 {
		p.pos++
		return rune("\"\\/\b\f\n\r\t"[i]), nil
	}
	if c != 'u' {
		return 0, p.errorf(`expected one of "\/bfnrtu after the backslash, found %s`, p.found())
	}
	p.pos++
	r, err := p.hex4()
	if err != nil {
		return 0, err
	}
	if utf16.IsSurrogate(r) && bytes.HasPrefix(p.data[p.pos:], []byte(`\u`)) {
		back := p.pos
		p.pos += 2
		low, err := p.hex4()
		if err != nil {
			return 0, err
		}
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, nil
		}
		p.pos = back
	}
	return r, nil
}

func (p *parser) hex4() (rune, error) {
	var r rune
	for range 4 {
		c := p.next()
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		// c|0x20 also maps control characters to digits.
		if digit < 0 || c < '0' {
			return 0, p.errorf("expected four hexadecimal digits, found %s", p.found())
		}
		r = r<<4 | rune(digit)
		p.pos++
	}
	return r, nil
}
