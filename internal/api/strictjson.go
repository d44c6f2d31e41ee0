package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// jsonFault returns what is wrong with a body, or nil.
func jsonFault(schemas huma.Registry, schema *huma.Schema, body []byte) *fault {
	var syntax *json.SyntaxError
	var any json.RawMessage
	if err := json.Unmarshal(body, &any); err != nil {
		f := &fault{status: http.StatusBadRequest, detail: "the body is not one JSON document"}
		if errors.As(err, &syntax) {
			f.add("body", fmt.Sprintf("byte %d: %s", syntax.Offset, syntax))
		}
		return f
	}
	c := bodyCheck{schemas: schemas, fault: &fault{status: http.StatusUnprocessableEntity, detail: "validation failed"}}
	if !utf8.Valid(body) {
		c.fault.add("body", "is not UTF-8")
	} else {
		c.value("body", schema, body)
	}
	if len(c.fault.errs) == 0 {
		return nil
	}
	return c.fault
}

// bodyCheck finds what encoding/json accepts although another parser could read it
// differently: repeated names, names in another case, null, unpaired surrogates. It
// also checks numbers, whose errors from encoding/json name Go types.
type bodyCheck struct {
	schemas huma.Registry
	fault   *fault
}

// value checks a valid JSON value. Values of another type than the schema's are
// refused by huma.
func (c bodyCheck) value(path string, s *huma.Schema, raw json.RawMessage) {
	for s.Ref != "" {
		s = c.schemas.SchemaFromRef(s.Ref)
	}
	raw = bytes.TrimSpace(raw)
	switch first := raw[0]; {
	case first == 'n' && !s.Nullable:
		c.fault.add(path, "is null; give a value, or leave the field out")
	case first == '{' && s.Type == huma.TypeObject:
		c.object(path, s, raw)
	case first == '[' && s.Type == huma.TypeArray:
		var items []json.RawMessage
		_ = json.Unmarshal(raw, &items) // it is valid
		for i, item := range items {
			c.value(fmt.Sprintf("%s[%d]", path, i), s.Items, item)
		}
	case first == '"' && s.Type == huma.TypeString:
		c.text(path, raw)
	case first == '-' || '0' <= first && first <= '9':
		c.number(path, s, string(raw))
	}
}

func (c bodyCheck) object(path string, s *huma.Schema, raw json.RawMessage) {
	seen := map[string]bool{}
	for _, m := range members(raw) {
		inner, known := s.Properties[m.name]
		at := path + "." + m.name
		switch {
		case seen[m.name]:
			c.fault.add(at, "is given more than once")
		case known:
			c.value(at, inner, m.value)
		default:
			c.fault.add(at, "unknown field; "+suggestion(m.name, s.Properties))
		}
		seen[m.name] = true
	}
}

func (c bodyCheck) text(path string, raw json.RawMessage) {
	var text string
	_ = json.Unmarshal(raw, &text) // it is valid
	switch {
	case strings.ContainsRune(text, 0):
		c.fault.add(path, "contains a NUL character")
	case strings.Count(text, "\ufffd") > strings.Count(string(raw), "\ufffd")+strings.Count(strings.ToLower(string(raw)), `\ufffd`):
		c.fault.add(path, "contains half of a surrogate pair") // which encoding/json replaces
	}
}

func (c bodyCheck) number(path string, s *huma.Schema, raw string) {
	switch s.Type {
	case huma.TypeInteger:
		if _, err := strconv.ParseInt(raw, 10, 64); !integer.MatchString(raw) {
			c.fault.add(path, "expected integer, in digits only")
		} else if err != nil {
			c.fault.add(path, "expected integer of no more than 64 bits")
		}
	default:
		if f, err := strconv.ParseFloat(raw, 64); err != nil || math.IsInf(f, 0) {
			c.fault.add(path, "expected number of no more than 64 bits")
		}
	}
}

type member struct {
	name  string
	value json.RawMessage
}

// members returns the members of a valid JSON object, repeated ones included.
func members(object []byte) []member {
	d := json.NewDecoder(bytes.NewReader(object))
	_, _ = d.Token() // the brace
	var list []member
	for d.More() {
		var m member
		token, _ := d.Token()
		m.name, _ = token.(string)
		if d.Decode(&m.value) != nil {
			break // never: it is valid
		}
		list = append(list, m)
	}
	return list
}
