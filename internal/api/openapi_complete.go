package api

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
)

// tags are the groups of operations, in the order of the reference.
var tags = []*huma.Tag{
	{Name: "Exports", Description: "Ask for files, follow them, download and delete them."},
	{Name: "Batches", Description: "Ask for up to 500 files at once, and download them as one archive."},
	{Name: "Events", Description: "Follow exports as they change, as a stream of server-sent events."},
	{Name: "Resumes", Description: "Store the resumes that are exported."},
	{Name: "Templates", Description: "What documents can look like."},
	{Name: "Service", Description: "Probes, and this description."},
}

// tagOf returns the group of a path.
func tagOf(path string) string {
	switch {
	case strings.HasSuffix(path, "/events"), strings.HasPrefix(path, "/v1/events"), strings.HasPrefix(path, eventsLink):
		return "Events"
	case strings.HasPrefix(path, "/v1/batches"):
		return "Batches"
	case strings.HasPrefix(path, "/v1/resumes"):
		return "Resumes"
	case strings.HasPrefix(path, "/v1/templates"):
		return "Templates"
	case strings.HasPrefix(path, "/v1/"), strings.HasPrefix(path, "/d/"):
		return "Exports"
	}
	return "Service"
}

// complete adds to the document what all operations share and what huma cannot know from their
// types: groups, headers of every answer, examples, and the values that names can have.
func complete(doc *huma.OpenAPI, templates []Template) *huma.OpenAPI {
	doc.Info.Contact = &huma.Contact{Name: "letraz-export", URL: "https://github.com/letrazapp/letraz-export"}
	doc.Servers = []*huma.Server{{URL: "{address}", Description: "The server that this document was read from", Variables: map[string]*huma.ServerVariable{
		"address": {Default: "http://127.0.0.1:8080", Description: "Where the API is reached"},
	}}}
	doc.Components.Headers = map[string]*huma.Header{
		"RequestID":  {Description: "The id of the request, also in the service's log", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(128), Pattern: requestID.String()}, Example: "5c3c2f62-6a0e-4c7b-9f6e-4d1f5b0f8f3e"},
		"RetryAfter": {Description: "Seconds to wait before the next request", Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int32", Minimum: new(0.0), Maximum: new(86_400.0)}, Example: 1},
	}
	describeProbes(doc)
	used := map[string]bool{}
	for _, op := range operations(doc) {
		if len(op.Tags) == 0 {
			op.Tags = []string{tagOf(op.path)}
		}
		used[op.Tags[0]] = true
		if op.Description == "" {
			op.Description = op.Summary + "."
		}
		if len(op.Security) == 0 {
			op.Parameters = slices.DeleteFunc(op.Parameters, func(p *huma.Param) bool { return p.Name == onBehalfOf })
		}
		describeParameters(op)
		for status, r := range op.Responses {
			describeResponse(doc, op.path, status, r)
		}
		if body := op.RequestBody; body != nil {
			describeBody(doc, op.OperationID, body)
		}
	}
	for _, tag := range tags {
		if used[tag.Name] {
			doc.Tags = append(doc.Tags, tag)
		}
	}
	schemas := doc.Components.Schemas
	for name, s := range schemas.Map() {
		describeSchema(name, s, templates)
	}
	examples := map[string][]any{} // set last, because an example of a schema is made of those of its members
	for name, s := range schemas.Map() {
		if s.Type == huma.TypeObject && len(s.Properties) > 0 {
			examples[name] = []any{exampleOf(schemas, "", &huma.Schema{Ref: "#/components/schemas/" + name}, !strings.HasSuffix(name, "InputBody"))}
		}
		for property, p := range s.Properties {
			if p.Ref == "" && len(p.Examples) == 0 {
				p.Examples = []any{exampleOf(schemas, property, p, true)}
			}
		}
	}
	examples["ErrorModel"] = []any{problemExample(http.StatusUnprocessableEntity)}
	for name, example := range examples {
		schemas.Map()[name].Examples = example
	}
	return doc
}

// placed is an operation with its place in the document.
type placed struct {
	path, method string
	*huma.Operation
}

// operations returns every operation of the document, ordered by path and method.
func operations(doc *huma.OpenAPI) []placed {
	var all []placed
	for _, path := range sortedKeys(doc.Paths) {
		item := doc.Paths[path]
		for _, o := range []placed{
			{path, http.MethodGet, item.Get}, {path, http.MethodHead, item.Head}, {path, http.MethodPost, item.Post},
			{path, http.MethodPut, item.Put}, {path, http.MethodPatch, item.Patch}, {path, http.MethodDelete, item.Delete},
		} {
			if o.Operation != nil {
				all = append(all, o)
			}
		}
	}
	return all
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// describeProbes adds the operations that huma does not serve.
func describeProbes(doc *huma.OpenAPI) {
	state := &huma.Schema{Type: huma.TypeObject, Description: "The state of the process", Required: []string{"status", "checks"}, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"status": {Type: huma.TypeString, Enum: []any{"ok", "failing"}, Description: "Whether every check passed"},
		"checks": {Type: huma.TypeObject, Description: "The result of each check, by its name", AdditionalProperties: &huma.Schema{Type: huma.TypeString}, Examples: []any{map[string]any{"postgres": "ok", "store": "ok"}}},
	}}
	doc.Components.Schemas.Map()["Health"] = state
	health := map[string]*huma.MediaType{jsonType: {Schema: &huma.Schema{Ref: "#/components/schemas/Health"}}}
	probe := func(id, summary, description string) *huma.PathItem {
		return &huma.PathItem{Get: unauthenticated(id, summary, description+" It needs no token.", map[string]*huma.Response{
			"200": {Description: "Every check passed", Content: health},
			"503": {Description: "A check failed; checks says which", Content: health},
		})}
	}
	doc.Paths["/healthz"] = probe("live", "Whether the process works", "Fails if the process has to be restarted.")
	doc.Paths["/readyz"] = probe("ready", "Whether requests can be sent to the process", "Fails while something that the process needs cannot be reached.")
	doc.Paths["/openapi.json"] = &huma.PathItem{Get: unauthenticated("get-openapi", "This document", "The description of the API (OpenAPI 3.1). /openapi.yaml is the same as YAML; "+
		"/openapi-3.0.json and /openapi-3.0.yaml are for tools that do not read 3.1. It needs no token.", map[string]*huma.Response{
		"200": {Description: "The document", Content: map[string]*huma.MediaType{"application/openapi+json": {
			Schema:  &huma.Schema{Type: huma.TypeObject, Description: "An OpenAPI document", AdditionalProperties: true},
			Example: map[string]any{"openapi": "3.1.0"},
		}}},
	})}
}

// unauthenticated returns an operation that needs no token.
func unauthenticated(id, summary, description string, responses map[string]*huma.Response) *huma.Operation {
	for _, status := range []string{"400", "414", "422", "431"} {
		responses[status] = &huma.Response{Content: problemContent()}
	}
	return &huma.Operation{OperationID: id, Summary: summary, Description: description, Security: []map[string][]string{}, Responses: responses}
}

// describeParameters adds formats and examples to the parameters of an operation. The schemas
// are copied, because huma checks requests by the ones that it made: an id of another form is
// answered like one that does not exist.
func describeParameters(op placed) {
	for _, p := range op.Parameters {
		s := *p.Schema
		p.Schema = &s
		uuids := p.Name == "cursor" && strings.HasPrefix(op.path, "/v1/exports") || p.Name == "id" && (strings.HasPrefix(op.path, "/v1/exports/") || strings.HasPrefix(op.path, "/v1/batches/"))
		if uuids {
			s.Format = "uuid"
		}
		if p.Name == "failure_code" {
			s.Enum = failureCodes()
		}
		if p.Description == "" {
			p.Description = described(p.Name, &s)
		}
		s.PatternDescription = ""
		if p.Example == nil && p.Examples == nil {
			p.Example = exampleOf(nil, p.Name, &s, false)
		}
	}
}

// describeResponse adds to a response the headers that every answer has, and an example.
func describeResponse(doc *huma.OpenAPI, path, status string, r *huma.Response) {
	if r.Headers == nil {
		r.Headers = map[string]*huma.Param{}
	}
	r.Headers[requestIDHeader] = &huma.Param{Ref: "#/components/headers/RequestID"}
	for name, h := range r.Headers {
		if h.Ref == "" && h.Example == nil && h.Schema != nil {
			h.Example = exampleOf(doc.Components.Schemas, name, h.Schema, false)
		}
	}
	code, _ := strconv.Atoi(status)
	if code == http.StatusConflict && strings.HasSuffix(path, "/download") || code == http.StatusServiceUnavailable || code == http.StatusTooManyRequests {
		r.Headers["Retry-After"] = &huma.Param{Ref: "#/components/headers/RetryAfter"}
	}
	if d, ok := responseDescriptions[code]; ok && (r.Description == "" || r.Description == http.StatusText(code)) {
		r.Description = d
	}
	for kind, media := range r.Content {
		switch {
		case media.Example != nil || media.Examples != nil:
		case kind == problemType:
			media.Example = problemExample(code)
		case media.Schema == nil: // a file
			media.Schema = fileSchema()
		case media.Schema.Format != "binary":
			media.Example = exampleOf(doc.Components.Schemas, "", media.Schema, true)
		}
	}
}

// fileSchema describes a body that is a file.
func fileSchema() *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "binary", Description: "The bytes of the file"}
}

// responseDescriptions say what a status means, where the operation does not.
var responseDescriptions = map[int]string{
	200: "The request succeeded",
	201: "It was made",
	202: "The request was recorded and is worked on",
	204: "The request succeeded; there is no more to say",
	400: "The request is malformed: its path, query string, headers or body cannot be read",
	401: "The token is missing, wrong or expired",
	403: "The caller is known and may not do this",
	404: "There is no such thing, or it is somebody else's",
	405: "The method is not possible here",
	408: "The body was not sent in time",
	409: "The state of the export does not allow this; detail says why",
	410: "The export has expired",
	412: "A condition of the request does not hold",
	413: "The body is too large",
	414: "The URL is too long",
	415: "The body has another type or coding than JSON in UTF-8",
	416: "The file has no such range",
	422: "A value is not allowed; errors names each",
	429: "There were too many requests; Retry-After says when to go on",
	431: "The headers are too large",
	500: "Something went wrong on the server's side",
	503: "The service is busy or restarting; Retry-After says when to try again",
}

// problemExample is a problem document as it may come with a status.
func problemExample(status int) map[string]any {
	p := map[string]any{"title": http.StatusText(status), "status": status, "detail": strings.ToLower(responseDescriptions[status])}
	if status == http.StatusUnprocessableEntity {
		p["detail"] = "validation failed"
		p["errors"] = []any{map[string]any{"location": "body.paper", "message": "expected value to be one of \"a4, letter\"", "value": "a5"}}
	}
	return p
}

// describeBody adds an example to a request body.
func describeBody(doc *huma.OpenAPI, id string, body *huma.RequestBody) {
	if body.Description == "" {
		body.Description = "The request"
	}
	for _, media := range body.Content {
		if media.Schema == nil {
			media.Schema = fileSchema()
			continue
		}
		if media.Example == nil && media.Examples == nil {
			media.Example = exampleOf(doc.Components.Schemas, "", media.Schema, false)
			if example, ok := bodyExamples[id]; ok {
				media.Example = example
			}
		}
	}
}

// bodyExamples are requests as people would write them, by operation.
var bodyExamples = map[string]any{
	"create-export": map[string]any{"resume_id": "rsm_4f2a", "format": "pdf", "template": "modern", "paper": "a4"},
}

// describeSchema adds to a schema what its Go type does not say.
func describeSchema(name string, s *huma.Schema, templates []Template) {
	if s.Description == "" {
		s.Description = schemaDescription(name)
	}
	for property, p := range s.Properties {
		if name == "ErrorModel" || name == "ErrorDetail" {
			p.Examples = nil // huma's own, of another service
		}
		if p.Type == huma.TypeArray {
			p.Nullable = false // empty ones are left out
		}
		p.PatternDescription = ""
		if p.Ref != "" {
			continue
		}
		if p.Description == "" {
			p.Description = described(property, p)
		}
		if property == "template" && p.Type == huma.TypeString && len(p.Enum) == 0 {
			for _, t := range templates {
				p.Enum = append(p.Enum, t.Name)
			}
			p.PrecomputeMessages() // huma checks requests by this schema
		}
	}
	if code := s.Properties["code"]; name == "Failure" && code != nil {
		code.Enum = failureCodes()
	}
}

// schemaDescription returns what a schema is, from its name if it has no description.
func schemaDescription(name string) string {
	if text, ok := schemaDescriptions[name]; ok {
		return text
	}
	words := strings.ToLower(camelWords.ReplaceAllString(name, " $1"))
	if operation, ok := strings.CutSuffix(words, " input body"); ok {
		return "The body of a request:" + operation
	}
	if operation, ok := strings.CutSuffix(words, " output body"); ok {
		return "The body of an answer:" + operation
	}
	return strings.ToUpper(words[1:2]) + words[2:]
}

var camelWords = regexp.MustCompile(`([A-Z][a-z]+)`)

var schemaDescriptions = map[string]string{
	"ErrorModel":  "A problem document (RFC 9457)",
	"ErrorDetail": "One fault of a request",
	"Export":      "An export: a file that was asked for, and what became of it",
	"Failure":     "Why an export failed",
	"Note":        "A remark for the author of the resume",
	"Template":    "A look that documents can have",
	"Resume":      "A stored resume, without its content",
	"AskedFit":    "A number of pages that the document has to fit",
	"Fit":         "How the document was made to fit a number of pages",
	"ATS":         "What applicant tracking systems read in the file",
}

func failureCodes() []any {
	var codes []any
	for _, c := range export.FailureCodes() {
		codes = append(codes, string(c))
	}
	return codes
}
