// Package tree parses JSON into values that keep what encoding/json loses: the order of
// members, members of the same name, and numbers as they are written. It knows nothing
// of resumes. What it has to repair is reported as notes.
package tree

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the JSON type of a value.
type Kind int

// The kinds. The zero Kind is Null.
const (
	Null Kind = iota
	Bool
	Number
	Text
	List
	Object
)

// String returns the kind with its article, for messages.
func (k Kind) String() string {
	switch k {
	case Bool:
		return "true or false"
	case Number:
		return "a number"
	case Text:
		return "a text"
	case List:
		return "a list"
	case Object:
		return "an object"
	default:
		return "null"
	}
}

// Value is a JSON value. The zero Value is null.
type Value struct {
	Kind    Kind
	Text    string   // of a text its content, of a number or boolean how it is written
	Items   []*Value // of a list
	Members []Member // of an object, in the order of the source
	Parts   bool     // of a list whose items are parts of one text of the source
}

// Member is one member of an object.
type Member struct {
	Name  string
	Value *Value
}

// NewText returns a text.
func NewText(s string) *Value { return &Value{Kind: Text, Text: s} }

// NewInt returns a number.
func NewInt(n int64) *Value { return &Value{Kind: Number, Text: strconv.FormatInt(n, 10)} }

// NewTexts returns a list of texts.
func NewTexts(texts []string) *Value {
	list := &Value{Kind: List}
	for _, s := range texts {
		list.Items = append(list.Items, NewText(s))
	}
	return list
}

// NewList returns a list.
func NewList(items ...*Value) *Value { return &Value{Kind: List, Items: items} }

// NewObject returns an object.
func NewObject(members ...Member) *Value { return &Value{Kind: Object, Members: members} }

// Absent reports whether v counts as missing: nil, null, "", [] and {} do.
func (v *Value) Absent() bool {
	if v == nil {
		return true
	}
	switch v.Kind {
	case Null:
		return true
	case Text:
		return v.Text == ""
	case List:
		return len(v.Items) == 0
	case Object:
		return len(v.Members) == 0
	default:
		return false
	}
}

// Get returns the member name of an object, or nil.
func (v *Value) Get(name string) *Value {
	if v == nil {
		return nil
	}
	for _, m := range v.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// Set sets the member name of an object to x, at its position or at the end.
func (v *Value) Set(name string, x *Value) {
	for i := range v.Members {
		if v.Members[i].Name == name {
			v.Members[i].Value = x
			return
		}
	}
	v.Members = append(v.Members, Member{name, x})
}

// Take removes the member name of an object and returns it, or nil.
func (v *Value) Take(name string) *Value {
	for i, m := range v.Members {
		if m.Name == name {
			v.Members = slices.Delete(v.Members, i, i+1)
			return m.Value
		}
	}
	return nil
}

// Append appends the compact JSON of v to dst. Unlike encoding/json it escapes only what
// JSON requires, to keep text readable.
func (v *Value) Append(dst []byte) []byte {
	switch v.Kind {
	case Bool, Number:
		return append(dst, v.Text...)
	case Text:
		return appendText(dst, v.Text)
	case List:
		dst = append(dst, '[')
		for i, item := range v.Items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.Append(dst)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i, m := range v.Members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendText(dst, m.Name), ':')
			dst = m.Value.Append(dst)
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

// Sorted sorts the members of v and of all objects in it by name, and returns v.
func (v *Value) Sorted() *Value {
	slices.SortFunc(v.Members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	for _, m := range v.Members {
		m.Value.Sorted()
	}
	for _, item := range v.Items {
		item.Sorted()
	}
	return v
}

// Equal reports whether v and w are the same JSON apart from the order of members. It
// sorts both.
func (v *Value) Equal(w *Value) bool {
	return string(v.Sorted().Append(nil)) == string(w.Sorted().Append(nil))
}
