package resume

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxDepth bounds how deep lists and objects may nest. A JSON Resume needs 6.
	maxDepth = 64
	// maxValues bounds the values of a document, each of which takes a hundred
	// bytes of memory. A long resume has 2,000.
	maxValues = 100_000
)

// parser reads JSON into values. encoding/json is not enough here: it accepts
// duplicate members and broken Unicode silently, loses the order of members,
// and says where an error is only as a byte offset.
//
// What breaks the syntax ends the parse with a syntaxError. What is valid JSON
// that a resume cannot hold is added to problems, and the parse goes on.
type parser struct {
	data     []byte
	pos      int
	depth    int
	values   int // so far
	problems *problems
	path     []segment // of the value being read
}

// segment is one step of a path: a member, or an entry of a list.
type segment struct {
	name string
	list bool
	i    int
}

// syntaxError says what stands at an offset and what should.
type syntaxError struct {
	line, column int
	text         string
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.line, e.column, e.text)
}

// parseValue reads the one value that data holds, noting in ps what a resume
// cannot hold.
func parseValue(data []byte, ps *problems) (*value, error) {
	p := &parser{data: bytes.TrimPrefix(data, []byte("\ufeff")), problems: ps}
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

// errorf is a syntaxError at the current position. Columns count characters.
func (p *parser) errorf(format string, args ...any) error {
	before := p.data[:p.pos]
	start := bytes.LastIndexByte(before, '\n') + 1
	return &syntaxError{
		line:   bytes.Count(before, []byte("\n")) + 1,
		column: utf8.RuneCount(before[start:]) + 1,
		text:   fmt.Sprintf(format, args...),
	}
}

// found describes what stands at the current position.
func (p *parser) found() string {
	if p.pos >= len(p.data) {
		return "the end of the document"
	}
	r, _ := utf8.DecodeRune(p.data[p.pos:])
	return strconv.QuoteRune(r)
}

// problem notes that the value being read cannot be kept.
func (p *parser) problem(format string, args ...any) {
	path := ""
	for _, s := range p.path {
		if s.list {
			path = itemPath(path, s.i)
		} else {
			path = memberPath(path, s.name)
		}
	}
	p.problems.addf(path, format, args...)
}

func (p *parser) space() {
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// next returns the byte at the current position, 0 at the end.
func (p *parser) next() byte {
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}

func (p *parser) value() (*value, error) {
	if p.values++; p.values > maxValues {
		return nil, p.errorf("the document has more than %d values", maxValues)
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
		return textValue(s), nil
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	}
	for _, word := range []string{"null", "true", "false"} {
		if bytes.HasPrefix(p.data[p.pos:], []byte(word)) {
			p.pos += len(word)
			if word == "null" {
				return &value{kind: kindNull}, nil
			}
			return &value{kind: kindBool, text: word}, nil
		}
	}
	return nil, p.errorf("expected a value, found %s", p.found())
}

func (p *parser) nested(read func() (*value, error)) (*value, error) {
	if p.depth == maxDepth {
		return nil, p.errorf("lists and objects nest deeper than %d levels", maxDepth)
	}
	p.depth++
	defer func() { p.depth-- }()
	p.pos++ // the bracket
	return read()
}

func (p *parser) object() (*value, error) {
	v := &value{kind: kindObject}
	seen := map[string]bool{}
	p.space()
	if p.next() == '}' {
		p.pos++
		return v, nil
	}
	for {
		if p.next() != '"' {
			return nil, p.errorf("expected a member's name in double quotes, found %s", p.found())
		}
		// The path points at the object while the name is read, so that a
		// problem with the name is reported there.
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
		if seen[name] {
			p.problem("this member stands twice in one object")
		}
		x, err := p.value()
		if err != nil {
			return nil, err
		}
		p.path = p.path[:len(p.path)-1]
		if !seen[name] {
			v.members = append(v.members, member{name, x})
		}
		seen[name] = true
		p.space()
		switch p.next() {
		case ',':
			p.pos++
			p.space()
		case '}':
			p.pos++
			return v, nil
		default:
			return nil, p.errorf(`expected "," or "}" after the member, found %s`, p.found())
		}
	}
}

func (p *parser) list() (*value, error) {
	v := &value{kind: kindList}
	p.space()
	if p.next() == ']' {
		p.pos++
		return v, nil
	}
	for {
		p.path = append(p.path, segment{list: true, i: len(v.items)})
		x, err := p.value()
		if err != nil {
			return nil, err
		}
		p.path = p.path[:len(p.path)-1]
		v.items = append(v.items, x)
		p.space()
		switch p.next() {
		case ',':
			p.pos++
			p.space()
		case ']':
			p.pos++
			return v, nil
		default:
			return nil, p.errorf(`expected "," or "]" after the entry, found %s`, p.found())
		}
	}
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

func (p *parser) number() (*value, error) {
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
	// The database stores numbers as decimals of bounded length; beyond a
	// float64 nobody means a resume.
	f, err := strconv.ParseFloat(literal, 64)
	tiny := f == 0 && strings.ContainsAny(string(p.data[start:exponent]), "123456789")
	if err != nil || math.IsInf(f, 0) || tiny || len(literal) > 400 {
		p.problem("the number %s is out of range", quoted(literal))
	} else if f == 0 {
		// 0e999999 is zero, but not to everybody who reads it later.
		literal = strings.TrimPrefix(string(p.data[start:exponent]), "-")
	}
	return &value{kind: kindNumber, text: literal}, nil
}
