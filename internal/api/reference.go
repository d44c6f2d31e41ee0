package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// The reference at /docs is the OpenAPI document as a page to read. It loads nothing and runs
// no script.

//go:embed reference.gohtml
var referenceText string

var referencePage = template.Must(template.New("reference").Parse(referenceText))

// referencePolicy lets the page use its own style and nothing else.
const referencePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// serveReference serves the page, which is made when it is first asked for.
func serveReference(mux *http.ServeMux, doc *huma.OpenAPI) {
	page := sync.OnceValues(func() ([]byte, error) { return writeReference(doc) })
	mux.HandleFunc("GET /docs", withoutQuery(func(w http.ResponseWriter, _ *http.Request) {
		text, err := page()
		if err != nil {
			writeProblem(w, http.StatusInternalServerError, internalProblem)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", referencePolicy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(text) // the caller is gone
	}))
}

func writeReference(doc *huma.OpenAPI) ([]byte, error) {
	var page bytes.Buffer
	if err := referencePage.Execute(&page, newReference(doc)); err != nil {
		return nil, fmt.Errorf("writing the reference: %w", err)
	}
	return page.Bytes(), nil
}

// reference is what the page shows.
type reference struct {
	Title, Version, Description string
	Groups                      []referenceGroup
	Schemas                     []referenceSchema
	Errors                      []referenceAnswer // what a status means on every path
}

type referenceGroup struct {
	Name, Description string
	Operations        []referenceOperation
}

type referenceOperation struct {
	ID, Method, Path, Summary, Description string
	Public                                 bool // needs no token
	Parameters                             []referenceValue
	Body                                   []referenceValue
	Curl                                   string
	Answers                                []referenceAnswer
	Example                                string // of the first answer that has one
	Headers                                []referenceValue
	Errors                                 []string // statuses that mean the same on every path
}

type referenceAnswer struct {
	Status, Description string
	Schema              string   // the name of its type, or ""
	Types               []string // media types of a file
}

// referenceValue is a parameter, header or member.
type referenceValue struct {
	Name, In, Type, Description string
	Required                    bool
	Values                      []string
	Limits                      []string
	Schema                      string // the name of its type, or ""
}

type referenceSchema struct {
	Name, Description string
	Members           []referenceValue
}

func newReference(doc *huma.OpenAPI) reference {
	ref := reference{Title: doc.Info.Title, Version: doc.Info.Version, Description: doc.Info.Description}
	groups := map[string]*referenceGroup{}
	for _, tag := range doc.Tags {
		ref.Groups = append(ref.Groups, referenceGroup{Name: tag.Name, Description: tag.Description})
	}
	for i := range ref.Groups {
		groups[ref.Groups[i].Name] = &ref.Groups[i]
	}
	for _, op := range readingOrder(operations(doc)) {
		g := groups[op.Tags[0]]
		g.Operations = append(g.Operations, newReferenceOperation(doc, op))
	}
	for code, text := range responseDescriptions {
		if code >= 400 {
			ref.Errors = append(ref.Errors, referenceAnswer{Status: strconv.Itoa(code), Description: text})
		}
	}
	slices.SortFunc(ref.Errors, func(a, b referenceAnswer) int { return strings.Compare(a.Status, b.Status) })
	schemas := doc.Components.Schemas.Map()
	for _, name := range sortedKeys(schemas) {
		if strings.HasSuffix(name, "InputBody") {
			continue // shown with its operation
		}
		s := referenceSchema{Name: name, Description: schemas[name].Description, Members: schemaMembers(schemas[name])}
		if len(s.Members) > 0 {
			ref.Schemas = append(ref.Schemas, s)
		}
	}
	return ref
}

// readingOrder sorts operations as somebody learns them: what makes a thing before what lists,
// changes and deletes it, and the API's own paths before those of links.
func readingOrder(all []placed) []placed {
	rank := func(op placed) string {
		links := "0"
		if !strings.HasPrefix(op.path, "/v1/") {
			links = "1"
		}
		methods := []string{http.MethodPut, http.MethodPost, http.MethodGet, http.MethodHead, http.MethodDelete}
		return links + op.path + " " + strconv.Itoa(slices.Index(methods, op.method))
	}
	slices.SortStableFunc(all, func(a, b placed) int { return strings.Compare(rank(a), rank(b)) })
	return all
}

func newReferenceOperation(doc *huma.OpenAPI, op placed) referenceOperation {
	o := referenceOperation{ID: op.OperationID, Method: op.method, Path: op.path, Summary: op.Summary, Public: len(op.Security) == 0}
	if op.Description != op.Summary+"." {
		o.Description = op.Description
	}
	for _, p := range op.Parameters {
		v := schemaValue(p.Name, p.Schema)
		v.In, v.Required, v.Description = p.In, p.Required, p.Description
		o.Parameters = append(o.Parameters, v)
	}
	if op.RequestBody != nil {
		if media := op.RequestBody.Content[jsonType]; media != nil && media.Schema != nil {
			o.Body = schemaMembers(resolved(doc, media.Schema))
		}
	}
	seen := map[string]bool{}
	for _, status := range sortedKeys(op.Responses) {
		r := op.Responses[status]
		if code, _ := strconv.Atoi(status); code >= 400 && r.Description == responseDescriptions[code] {
			o.Errors = append(o.Errors, status)
			continue
		}
		a := referenceAnswer{Status: status, Description: r.Description}
		for _, kind := range sortedKeys(r.Content) {
			media := r.Content[kind]
			if media.Schema == nil || media.Schema.Format == "binary" || kind == "multipart/byteranges" {
				a.Types = append(a.Types, kind)
				continue
			}
			if kind != problemType {
				a.Schema = refName(media.Schema)
			}
			if code, _ := strconv.Atoi(status); o.Example == "" && code < 300 && media.Example != nil {
				o.Example = indented(media.Example)
			}
		}
		o.Answers = append(o.Answers, a)
		for _, name := range sortedKeys(r.Headers) {
			h := r.Headers[name]
			if h.Ref != "" {
				h = doc.Components.Headers[refPart(h.Ref)]
			}
			if h == nil || seen[name] || name == requestIDHeader {
				continue
			}
			seen[name] = true
			v := referenceValue{Name: name, Description: h.Description}
			if h.Schema != nil {
				v.Type = h.Schema.Type
			}
			o.Headers = append(o.Headers, v)
		}
	}
	o.Curl = curl(op)
	return o
}

// curl returns the operation as a command.
func curl(op placed) string {
	path := op.path
	for _, p := range op.Parameters {
		if p.In == "path" {
			path = strings.ReplaceAll(path, "{"+p.Name+"}", fmt.Sprint(p.Example))
		}
	}
	var b strings.Builder
	b.WriteString("curl ")
	if op.method != http.MethodGet {
		b.WriteString("-X " + op.method + " ")
	}
	b.WriteString("\"$LETRAZ_URL" + path + "\"")
	if len(op.Security) > 0 {
		b.WriteString(" \\\n  -H \"Authorization: Bearer $TOKEN\"")
	}
	if op.RequestBody != nil {
		if media := op.RequestBody.Content[jsonType]; media != nil && media.Example != nil {
			text, _ := json.Marshal(media.Example) // of values that can be
			b.WriteString(" \\\n  -H \"Content-Type: application/json\" \\\n  -d '" + strings.ReplaceAll(string(text), "'", `'\''`) + "'")
		}
	}
	if slices.ContainsFunc(sortedKeys(op.Responses), func(status string) bool {
		media := op.Responses[status].Content["application/pdf"]
		return status == "200" && media != nil
	}) {
		b.WriteString(" -OJ")
	}
	return b.String()
}

func indented(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return ""
	}
	return string(text)
}

// schemaMembers describes the members of an object, the required ones first.
func schemaMembers(s *huma.Schema) []referenceValue {
	var values []referenceValue
	for _, name := range sortedKeys(s.Properties) {
		v := schemaValue(name, s.Properties[name])
		v.Required = slices.Contains(s.Required, name)
		values = append(values, v)
	}
	slices.SortStableFunc(values, func(a, b referenceValue) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return values
}

// schemaValue describes one value.
func schemaValue(name string, s *huma.Schema) referenceValue {
	v := referenceValue{Name: name, Type: s.Type, Description: s.Description, Schema: refName(s)}
	if s.Type == huma.TypeArray {
		v.Type = "list"
		if v.Schema == "" && s.Items != nil {
			v.Type = "list of " + s.Items.Type
		}
	}
	if s.Format != "" && s.Type == huma.TypeString {
		v.Type = s.Format
	}
	for _, e := range s.Enum {
		v.Values = append(v.Values, fmt.Sprint(e))
	}
	limit := func(word string, n any) { v.Limits = append(v.Limits, fmt.Sprintf("%s %v", word, n)) }
	if s.Minimum != nil {
		limit("at least", *s.Minimum)
	}
	if s.Maximum != nil {
		limit("at most", strconv.FormatFloat(*s.Maximum, 'f', -1, 64))
	}
	if s.MaxLength != nil {
		limit("at most", strconv.Itoa(*s.MaxLength)+" characters")
	}
	if s.MaxItems != nil {
		limit("at most", strconv.Itoa(*s.MaxItems)+" elements")
	}
	if s.Default != nil {
		limit("default", s.Default)
	}
	return v
}

// refName returns the name of the type of a value, or of the elements of a list, or "".
func refName(s *huma.Schema) string {
	switch {
	case s.Ref != "":
		return refPart(s.Ref)
	case s.Items != nil && s.Items.Ref != "":
		return refPart(s.Items.Ref)
	}
	return ""
}

func refPart(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

func resolved(doc *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		return doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}
