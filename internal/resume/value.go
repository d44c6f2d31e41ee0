package resume

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind is the JSON type of a value.
type kind int

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindText
	kindList
	kindObject
)

// String returns the kind with its article, for messages.
func (k kind) String() string {
	switch k {
	case kindBool:
		return "true or false"
	case kindNumber:
		return "a number"
	case kindText:
		return "a text"
	case kindList:
		return "a list"
	case kindObject:
		return "an object"
	default:
		return "null"
	}
}

// value is a JSON value. Unlike with encoding/json, it keeps the order of members (which
// is the order of a resume's sections) and the text of numbers.
type value struct {
	kind    kind
	text    string // a text's content; a number or boolean as written
	items   []*value
	members []member
}

type member struct {
	name  string
	value *value
}

func textValue(s string) *value { return &value{kind: kindText, text: s} }

func intValue(n int64) *value { return &value{kind: kindNumber, text: strconv.FormatInt(n, 10)} }

func textsValue(texts []string) *value {
	list := &value{kind: kindList}
	for _, s := range texts {
		list.items = append(list.items, textValue(s))
	}
	return list
}

// absent reports whether v counts as missing: nil, null, "", [] and {} do.
func (v *value) absent() bool {
	if v == nil {
		return true
	}
	switch v.kind {
	case kindNull:
		return true
	case kindText:
		return v.text == ""
	case kindList:
		return len(v.items) == 0
	case kindObject:
		return len(v.members) == 0
	default:
		return false
	}
}

// get returns the member name, or nil.
func (v *value) get(name string) *value {
	if v == nil {
		return nil
	}
	for _, m := range v.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// set sets the member name to x, at its position or at the end.
func (v *value) set(name string, x *value) {
	for i := range v.members {
		if v.members[i].name == name {
			v.members[i].value = x
			return
		}
	}
	v.members = append(v.members, member{name, x})
}

// append adds the compact JSON of v to dst. Unlike encoding/json it escapes
// only what JSON requires, to keep text readable.
func (v *value) append(dst []byte) []byte {
	switch v.kind {
	case kindBool, kindNumber:
		return append(dst, v.text...)
	case kindText:
		return appendText(dst, v.text)
	case kindList:
		dst = append(dst, '[')
		for i, item := range v.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.append(dst)
		}
		return append(dst, ']')
	case kindObject:
		dst = append(dst, '{')
		for i, m := range v.members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendText(dst, m.name), ':')
			dst = m.value.append(dst)
		}
		return append(dst, '}')
	default:
		return append(dst, "null"...)
	}
}

func appendText(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// sorted sorts the members of v and of all objects in it by name, and returns v. Details
// are sorted so that the same data gives the same bytes.
func (v *value) sorted() *value {
	slices.SortFunc(v.members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	for _, m := range v.members {
		m.value.sorted()
	}
	for _, item := range v.items {
		item.sorted()
	}
	return v
}

// equal reports whether v and w are the same JSON apart from the order of members. It
// sorts both.
func (v *value) equal(w *value) bool {
	return string(v.sorted().append(nil)) == string(w.sorted().append(nil))
}
