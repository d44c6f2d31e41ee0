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
	open := p.pos
	p.pos++ // the quote
	var b strings.Builder
	nul, lone, raw, odd := false, false, false, false
	for {
		start := p.pos
		for p.pos < len(p.data) && p.data[p.pos] != '"' && p.data[p.pos] != '\\' && p.data[p.pos] >= 0x20 {
			p.pos++
		}
		b.Write(p.data[start:p.pos])
		switch {
		case p.pos == len(p.data):
			p.pos = open
			return "", p.errorf("the text that begins here has no closing quote")
		case p.data[p.pos] == '"':
			p.pos++
			if nul {
				p.note(note.Dropped, `the character \u0000 was left out, because it cannot be stored`, `remove \u0000`)
			}
			if lone {
				p.note(note.Dropped, "half of a character was replaced by \ufffd", "write the character instead of its escapes")
			}
			if raw {
				p.note(note.Repaired, "a line break or control character stands in the text as it is", `write \n for a line break`)
			}
			if odd {
				p.note(note.Repaired, "a backslash before another character was kept", `write \\ for a backslash`)
			}
			return b.String(), nil
		case p.data[p.pos] == '\\':
			if p.pos+1 < len(p.data) && !escapable(p.data[p.pos+1]) {
				// As in C:\docs or it\'s, which JavaScript allows.
				odd = true
				if p.pos++; p.data[p.pos] != '\'' {
					b.WriteByte('\\')
				}
				continue
			}
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			if r == 0 {
				nul = true
				continue
			}
			if utf16.IsSurrogate(r) {
				lone = true
				r = utf8.RuneError
			}
			b.WriteRune(r)
		case p.data[p.pos] == 0:
			nul = true
			p.pos++
		default:
			raw = true
			b.WriteByte(p.data[p.pos])
			p.pos++
		}
	}
}

// escapable reports whether an escape sequence can begin with a backslash and c.
func escapable(c byte) bool { return strings.IndexByte(`"\/bfnrtu`, c) >= 0 || c < ' ' }

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
