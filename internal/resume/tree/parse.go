package tree

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/note"
)

// Limits of a document.
const (
	// MaxDepth bounds the nesting of lists and objects. A JSON Resume needs 6.
	MaxDepth = 64
	// MaxValues bounds the values of a document, each of which takes a hundred
	// bytes of memory. A long resume has 2,000.
	MaxValues = 100_000
)

// parser parses JSON into values. encoding/json does not suffice: it silently accepts
// duplicate members and invalid Unicode, loses the order of members, and reports the
// position of an error only as a byte offset.
type parser struct {
	data     []byte
	pos      int
	depth    int
	values   int // so far
	notes    *note.List
	path     []segment // of the value being read
	comments bool      // whether there was a note on comments
}

// segment is one step of a path: a member, or an entry of a list.
type segment struct {
	name string
	list bool
	i    int
}

// SyntaxError says why a document cannot be parsed, and where. It also reports a document
// that exceeds MaxDepth or MaxValues.
type SyntaxError struct {
	Line, Column int // from 1; columns count characters
	Text         string
}

// Error returns position and text.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Text)
}

// Parse parses JSON. What it repairs is added to notes. The error is a [*SyntaxError].
func Parse(data []byte, notes *note.List) (*Value, error) {
	p := &parser{data: bytes.TrimPrefix(data, []byte("\ufeff")), notes: notes}
	if bad := invalidUTF8(p.data); bad >= 0 {
		p.pos = bad
		return nil, p.errorf("the text is not valid UTF-8")
	}
	p.space()
	if p.pos == len(p.data) {
		return nil, p.errorf("the document is empty")
	}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.pos < len(p.data) {
		return nil, p.errorf("expected the end of the document, found %s", p.found())
	}
	return v, nil
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// errorf returns a SyntaxError at the current position.
func (p *parser) errorf(format string, args ...any) error {
	before := p.data[:p.pos]
	start := bytes.LastIndexByte(before, '\n') + 1
	return &SyntaxError{
		Line:   bytes.Count(before, []byte("\n")) + 1,
		Column: utf8.RuneCount(before[start:]) + 1,
		Text:   fmt.Sprintf(format, args...),
	}
}

// found describes the character at the current position.
func (p *parser) found() string {
	if p.pos >= len(p.data) {
		return "the end of the document"
	}
	r, _ := utf8.DecodeRune(p.data[p.pos:])
	return strconv.QuoteRune(r)
}

// note adds a note on the value being read.
func (p *parser) note(code note.Code, message, hint string) {
	path := ""
	for _, s := range p.path {
		if s.list {
			path = ItemPath(path, s.i)
		} else {
			path = MemberPath(path, s.name)
		}
	}
	p.notes.Add(path, code, message, hint)
}

// space skips white space, and comments as in JavaScript.
func (p *parser) space() {
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
			continue
		}
		n := comment(p.data[p.pos:])
		if n == 0 {
			return
		}
		p.pos += n
		if !p.comments {
			p.note(note.Repaired, "comments were left out", "JSON has no comments")
			p.comments = true
		}
	}
}

// comment returns the length of a comment at the start of data, or 0.
func comment(data []byte) int {
	switch {
	case bytes.HasPrefix(data, []byte("//")):
		if end := bytes.IndexByte(data, '\n'); end >= 0 {
			return end
		}
		return len(data)
	case bytes.HasPrefix(data, []byte("/*")):
		if end := bytes.Index(data[2:], []byte("*/")); end >= 0 {
			return end + 4
		}
	}
	return 0
}

// next returns the byte at the current position, 0 at the end.
func (p *parser) next() byte {
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}

func (p *parser) value() (*Value, error) {
	if p.values++; p.values > MaxValues {
		return nil, p.errorf("the document has more than %d values", MaxValues)
	}
	switch c := p.next(); {
	case c == '{':
		return p.nested(p.object)
	case c == '[':
		return p.nested(p.list)
	case c == '"':
		s, err := p.text()
		if err != nil {
			return nil, err
		}
		return NewText(s), nil
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	}
	for _, word := range []string{"null", "true", "false"} {
		if bytes.HasPrefix(p.data[p.pos:], []byte(word)) {
			p.pos += len(word)
			if word == "null" {
				return &Value{Kind: Null}, nil
			}
			return &Value{Kind: Bool, Text: word}, nil
		}
	}
	return nil, p.errorf("expected a value, found %s", p.found())
}

func (p *parser) nested(read func() (*Value, error)) (*Value, error) {
	if p.depth == MaxDepth {
		return nil, p.errorf("lists and objects nest deeper than %d levels", MaxDepth)
	}
	p.depth++
	defer func() { p.depth-- }()
	p.pos++ // the bracket
	return read()
}

func (p *parser) object() (*Value, error) {
	v := &Value{Kind: Object}
	members := newBuilder(v)
	p.space()
	if p.next() == '}' {
		p.pos++
		return v, nil
	}
	for {
		if p.next() != '"' {
			return nil, p.errorf("expected a member's name in double quotes, found %s", p.found())
		}
		// While the name is read the path is that of the object, where problems with
		// the name are reported.
		name, err := p.text()
		if err != nil {
			return nil, err
		}
		p.space()
		if p.next() != ':' {
			return nil, p.errorf(`expected ":" after the member's name, found %s`, p.found())
		}
		p.pos++
		p.space()
		p.path = append(p.path, segment{name: name})
		x, err := p.value()
		if err != nil {
			return nil, err
		}
		if done := members.add(Member{name, x}); done != "" {
			p.note(note.Repaired, twice+done, writeOnce)
		}
		p.path = p.path[:len(p.path)-1]
		p.space()
		switch p.next() {
		case ',':
			p.pos++
			p.space()
			if p.next() == '}' {
				p.trailingComma()
				return v, nil
			}
		case '}':
			p.pos++
			return v, nil
		default:
			return nil, p.errorf(`expected "," or "}" after the member, found %s`, p.found())
		}
	}
}

func (p *parser) list() (*Value, error) {
	v := &Value{Kind: List}
	p.space()
	if p.next() == ']' {
		p.pos++
		return v, nil
	}
	for {
		p.path = append(p.path, segment{list: true, i: len(v.Items)})
		x, err := p.value()
		if err != nil {
			return nil, err
		}
		p.path = p.path[:len(p.path)-1]
		v.Items = append(v.Items, x)
		p.space()
		switch p.next() {
		case ',':
			p.pos++
			p.space()
			if p.next() == ']' {
				p.trailingComma()
				return v, nil
			}
		case ']':
			p.pos++
			return v, nil
		default:
			return nil, p.errorf(`expected "," or "]" after the entry, found %s`, p.found())
		}
	}
}

// trailingComma ends a list or object whose last entry has a comma after it.
func (p *parser) trailingComma() {
	p.pos++ // the bracket
	p.note(note.Repaired, "the comma after the last entry was left out", "remove the comma")
}

// digits reads at least one digit.
func (p *parser) digits() error {
	start := p.pos
	for '0' <= p.next() && p.next() <= '9' {
		p.pos++
	}
	if p.pos == start {
		return p.errorf("expected a digit, found %s", p.found())
	}
	return nil
}

func (p *parser) number() (*Value, error) {
	start := p.pos
	if p.next() == '-' {
		p.pos++
	}
	if p.next() == '0' {
		p.pos++
	} else if err := p.digits(); err != nil {
		return nil, err
	}
	if p.next() == '.' {
		p.pos++
		if err := p.digits(); err != nil {
			return nil, err
		}
	}
	exponent := p.pos
	if c := p.next(); c == 'e' || c == 'E' {
		p.pos++
		if c := p.next(); c == '+' || c == '-' {
			p.pos++
		}
		if err := p.digits(); err != nil {
			return nil, err
		}
	}
	literal := string(p.data[start:p.pos])
	// The database stores numbers as decimals of bounded length. Numbers beyond a
	// float64 are not plausible in a resume.
	f, err := strconv.ParseFloat(literal, 64)
	tiny := f == 0 && strings.ContainsAny(string(p.data[start:exponent]), "123456789")
	if err != nil || math.IsInf(f, 0) || tiny || len(literal) > 400 {
		p.note(note.Repaired, "the number "+Quoted(literal)+" is out of range and was read as a text", "write it in quotes")
		return NewText(literal), nil
	}
	if f == 0 {
		// 0e999999 is zero, but not all programs that read it later accept it.
		literal = strings.TrimPrefix(string(p.data[start:exponent]), "-")
	}
	return &Value{Kind: Number, Text: literal}, nil
}
