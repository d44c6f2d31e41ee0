package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// openAPI has the parts of the served document that the generator uses.
type openAPI struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]schema }
}

type operation struct {
	OperationID, Summary, Description string
	Tags                              []string
	Parameters                        []struct {
		Name, In, Description string
		Required              bool
		Schema                schema
		Example               any
	}
	RequestBody *struct {
		Content map[string]struct{ Schema schema }
	}
	Responses map[string]struct {
		Description string
		Headers     map[string]json.RawMessage
		Content     map[string]json.RawMessage
	}
}

type schema struct {
	Ref                  string `json:"$ref"`
	Type                 kind
	Enum                 []any
	Pattern              string
	MinLength, MaxLength *int
	Minimum, Maximum     *float64
	Properties           map[string]schema
	Items                *schema
	Required             []string
}

// kind is a type of JSON. Of several types, as for nullable values, it is the first.
type kind string

// UnmarshalJSON reads one type or a list.
func (k *kind) UnmarshalJSON(data []byte) error {
	var list []string
	if json.Unmarshal(data, &list) == nil {
		*k = kind(list[0])
		return nil
	}
	return json.Unmarshal(data, (*string)(k))
}

func parseOpenAPI(text []byte) (doc openAPI, err error) {
	err = json.Unmarshal(text, &doc)
	return doc, err
}

// requestGen generates requests of the operations of a document, valid ones and ones with
// faults.
type requestGen struct {
	doc    openAPI
	values map[string][]string // texts that mean something, by the parameter's or field's name
	tokens map[string]string   // by user
}

// request is a generated request.
type request struct {
	op     operation
	method string
	path   string // as it is sent, without the query
	query  string
	header http.Header
	body   string
	valid  bool // as far as the document says; no fault was put in
}

func (r request) String() string {
	return fmt.Sprintf("%s %.300s?%.500s\n%.1000v\n%.500s", r.method, r.path, r.query, r.header, r.body)
}

// draw generates a request with up to three faults.
func (g requestGen) draw(t *rapid.T) request {
	path := rapid.SampledFrom(slices.Sorted(maps.Keys(g.doc.Paths))).Draw(t, "path")
	method := rapid.SampledFrom(slices.Sorted(maps.Keys(g.doc.Paths[path]))).Draw(t, "method")
	r := request{op: g.doc.Paths[path][method], method: strings.ToUpper(method), header: http.Header{}, valid: true}
	user := rapid.SampledFrom(slices.Sorted(maps.Keys(g.tokens))).Draw(t, "user")
	r.header.Set("Authorization", "Bearer "+g.tokens[user])
	var query []string
	for _, p := range r.op.Parameters {
		if p.Name == "On-Behalf-Of" && rapid.IntRange(0, 5).Draw(t, "as another") > 0 {
			continue
		}
		if !p.Required && rapid.Bool().Draw(t, "without "+p.Name) {
			continue
		}
		value := g.text(t, p.Name, p.Schema)
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case "query":
			query = append(query, url.QueryEscape(p.Name)+"="+url.QueryEscape(value))
		case "header":
			r.header.Set(p.Name, value)
		}
	}
	r.path, r.query = path, strings.Join(query, "&")
	if r.op.RequestBody != nil {
		r.header.Set("Content-Type", "application/json")
		r.body = g.value(t, "body", r.op.RequestBody.Content["application/json"].Schema)
	}
	for range rapid.SampledFrom([]int{0, 0, 1, 1, 1, 2, 3}).Draw(t, "faults") {
		g.spoil(t, &r)
	}
	return r
}

func (g requestGen) resolve(s schema) schema {
	for s.Ref != "" {
		s = g.doc.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	return s
}

// value generates a JSON value of the schema.
func (g requestGen) value(t *rapid.T, name string, s schema) string {
	s = g.resolve(s)
	if s.Type == "array" {
		items := make([]string, rapid.IntRange(1, 3).Draw(t, "items of "+name))
		for i := range items {
			items[i] = g.value(t, name, *s.Items)
		}
		return "[" + strings.Join(items, ",") + "]"
	}
	if s.Type != "object" {
		text := g.text(t, name, s)
		if s.Type == "string" {
			quoted, _ := json.Marshal(text) // a text can be
			return string(quoted)
		}
		return text
	}
	var fields []string
	for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
		if slices.Contains(s.Required, field) || rapid.SampledFrom([]bool{true, false, false}).Draw(t, "with "+field) {
			fields = append(fields, fmt.Sprintf("%q:%s", field, g.value(t, field, s.Properties[field])))
		}
	}
	return "{" + strings.Join(fields, ",") + "}"
}

// text generates a value of a schema of a single value, in plain text.
func (g requestGen) text(t *rapid.T, name string, s schema) string {
	least, most := 0.0, 3000.0
	if s.Minimum != nil {
		least = *s.Minimum
	}
	if s.Maximum != nil {
		most = *s.Maximum
	}
	switch {
	case name == "On-Behalf-Of":
		return rapid.SampledFrom(g.values[name]).Draw(t, name)
	case len(s.Enum) > 0:
		return fmt.Sprint(rapid.SampledFrom(s.Enum).Draw(t, name))
	case s.Type == "boolean":
		return fmt.Sprint(rapid.Bool().Draw(t, name))
	case s.Type == "integer":
		return fmt.Sprint(rapid.Int64Range(int64(least), int64(most)).Draw(t, name))
	case s.Type == "number":
		return fmt.Sprint(rapid.Float64Range(least, most).Draw(t, name))
	case s.Pattern != "":
		return rapid.StringMatching(s.Pattern).Filter(func(v string) bool { return s.MaxLength == nil || len(v) <= *s.MaxLength }).Draw(t, name)
	case len(g.values[name]) > 0 && rapid.SampledFrom([]bool{true, true, true, false}).Draw(t, "known "+name):
		return rapid.SampledFrom(g.values[name]).Draw(t, name)
	}
	length := 100
	if s.MaxLength != nil {
		length = *s.MaxLength
	}
	return rapid.StringOfN(rapid.RuneFrom(nil, letters...).Filter(func(c rune) bool { return c != 0 }), 1, length, -1).Draw(t, name)
}
