package pdf

import (
	"bytes"
	"strings"
	"unicode/utf16"
)

// A value is nil, a bool, a float64, a name, a []byte (a string), a ref, an
// array, a dict or a *stream.
type (
	name  string
	ref   int // the number of another object
	array []any
	dict  []entry
)

type entry struct {
	key   name
	value any
}

// stream is a stream object: a dictionary and its bytes, which may be compressed.
type stream struct {
	dict dict
	raw  []byte
}

// get returns the value of a key, or nil.
func (d dict) get(key name) any {
	for _, e := range d {
		if e.key == key {
			return e.value
		}
	}
	return nil
}

// parser reads values from tokens.
type parser struct {
	lexer
	known *known
}

// known caches names and small numbers as interface values, so that each is allocated
// once.
type known struct {
	names   map[string]any
	numbers [1024]any
}

func newKnown() *known {
	k := &known{names: map[string]any{}}
	for i := range k.numbers {
		k.numbers[i] = float64(i)
	}
	return k
}

// name returns a name as a value.
func (k *known) name(b []byte) any {
	if v, ok := k.names[string(b)]; ok {
		return v
	}
	v := any(name(b))
	if len(k.names) < 4096 {
		k.names[string(b)] = v
	}
	return v
}

// number returns a number as a value.
func (k *known) number(n float64) any {
	if i := int(n); n >= 0 && n < float64(len(k.numbers)) && float64(i) == n {
		return k.numbers[i]
	}
	return n
}

// value reads a value.
func (p *parser) value(depth int) (any, error) {
	t, err := p.next()
	if err != nil {
		return nil, err
	}
	return p.from(t, depth)
}

// from reads the value that begins with the token t.
func (p *parser) from(t token, depth int) (any, error) {
	if depth > maxDepth {
		return nil, formErrorf("values nest deeper than %d levels", maxDepth)
	}
	switch t.kind {
	case aNumber:
		return p.reference(t.num), nil
	case aName:
		return p.known.name(t.data), nil
	case aString:
		return t.data, nil
	case openArray:
		return p.array(depth)
	case openDict:
		return p.dict(depth)
	case aKeyword:
		switch string(t.data) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		case "null":
			return nil, nil
		}
	}
	return nil, formErrorf("no value before byte %d", p.pos)
}

// reference reads the rest of "12 0 R", if it is that.
func (p *parser) reference(n float64) any {
	if n != float64(int(n)) || n <= 0 {
		return p.known.number(n)
	}
	back := p.pos
	generation, err := p.next()
	if err == nil && generation.kind == aNumber && generation.num == 0 {
		if r, err := p.next(); err == nil && r.kind == aKeyword && string(r.data) == "R" {
			return ref(n)
		}
	}
	p.pos = back
	return p.known.number(n)
}

func (p *parser) array(depth int) (any, error) {
	a := array{}
	for {
		t, err := p.next()
		if err != nil || t.kind == closeArray {
			return a, err
		}
		if t.kind == atEnd {
			return nil, formErrorf("an array without end")
		}
		v, err := p.from(t, depth+1)
		if err != nil {
			return nil, err
		}
		a = append(a, v)
	}
}

func (p *parser) dict(depth int) (any, error) {
	d := make(dict, 0, 6)
	for {
		key, err := p.next()
		if err != nil || key.kind == closeDict {
			return d, err
		}
		if key.kind != aName {
			return nil, formErrorf("a dictionary key that is not a name before byte %d", p.pos)
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n, _ := p.known.name(key.data).(name)
		d = append(d, entry{n, v})
	}
}

// decodeText decodes a text string: UTF-16 with a byte order mark, otherwise
// PDFDocEncoding, of which Chrome uses the ASCII part only.
func decodeText(b []byte) string {
	rest, wide := bytes.CutPrefix(b, []byte{0xFE, 0xFF})
	if wide {
		return decodeUTF16(rest)
	}
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

// decodeUTF16 decodes big-endian UTF-16.
func decodeUTF16(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units))
}
