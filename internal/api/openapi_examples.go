package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// exampleValues are examples of values by the name of their member, parameter or header. They
// are of one invented export, so that the examples of all operations agree.
var exampleValues = map[string]any{
	"id": "019afc38-9c1e-7d62-8f0a-3f6f0c5d1b7e", "ids": []any{"019afc38-9c1e-7d62-8f0a-3f6f0c5d1b7e"},
	"resume_id": "rsm_4f2a", "user_id": "user_ana", "job_id": "job_77",
	"status": "ready", "format": "pdf", "template": "modern", "paper": "a4", "language": "en", "attempt": 1,
	"pages": 1, "size": 38214, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "filename": "Ana Ribeiro – Resume.pdf",
	"created_at": "2031-03-02T09:30:00Z", "started_at": "2031-03-02T09:30:00.021Z", "finished_at": "2031-03-02T09:30:00.058Z", "expires_at": "2031-03-09T09:30:00Z",
	"downloaded": false, "download_count": 0, "download_url": "/d/AWS5Y2xhcmEAAAAAdzWUAAGvw4",
	"code": "render_timeout", "failure_code": "render_timeout", "location": "body.paper", "next_cursor": "019afc38-9c1e-7d62-8f0a-3f6f0c5d1b7e", "cursor": "019afc38-9c1e-7d62-8f0a-3f6f0c5d1b7e",
	"detail": "validation failed", "message": "expected value to be one of \"a4, letter\"", "value": "a5",
	"type": "about:blank", "instance": "about:blank",
	"limit": 20, "count": 1, "erased": 3, "left": 0, "name": "modern", "title": "Modern", "description": "Sans serif, with a line of colour.",
	"On-Behalf-Of": "user_ana", "Location": "/v1/exports/019afc38-9c1e-7d62-8f0a-3f6f0c5d1b7e", "Retry-After": 1, "Idempotency-Key": "5b3c9c1e-2f8a-4b7c-9a51-6a7d0c1f2e3d", "Idempotency-Replayed": "true",
	"path": "work[0].endDate", "token": "AWS5Y2xhcmEAAAAAdzWUAAGvw4", "events_url": "/e/AWW5Y2xhcmEAAAAAdzWUAAGvw4", "url": "/e/AXW5Y2xhcmEAAAAAdzWUAAGvw4",
	"Prefer": "wait=20", "Preference-Applied": "wait=20", "ETag": `W/"1930296600058000-ready-0"`, "If-None-Match": `W/"1930296600021000-rendering-0"`, "Last-Event-ID": "1930296600021000-rendering",
	"version": exampleVersion, "If-Match": versionTag(exampleVersion),
	"preview_url": "/v1/templates/modern/preview.png", "updated_at": "2031-03-02T09:30:00Z", "base": true,
}

// exampleVersion is the version of a resume.
const exampleVersion = "0b5e6f6a1c1f4e4f8a1d0a3c9f2b7e55"

// exampleResume is a JSON Resume.
var exampleResume = map[string]any{
	"basics": map[string]any{"name": "Ana Ribeiro", "email": "ana@example.org"},
	"work":   []any{map[string]any{"name": "Engine Works", "position": "Analyst", "startDate": "2029-02"}},
}

// leftOut are members that examples of a schema do not have, because they belong to another
// state of the same thing.
var leftOut = map[string][]string{
	"Export": {"failure", "fit", "ats", "wrap", "width", "job_id", "notes", "embed_source", "downloaded_at", "events_url"},
}

// exampleOf returns an example of a schema: the schema's own, else one for the name, else one
// that the schema allows. Optional members are left out unless all is set.
func exampleOf(schemas huma.Registry, name string, s *huma.Schema, all bool) any {
	schema := name
	if s.Ref != "" {
		schema = s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		s = schemas.SchemaFromRef(s.Ref)
	}
	known, isKnown := exampleValues[name]
	switch {
	case len(s.Examples) > 0:
		return s.Examples[0]
	case isKnown && allowed(s, known):
		return known
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	switch s.Type {
	case huma.TypeObject:
		object := map[string]any{}
		for _, property := range sortedKeys(s.Properties) {
			if all && !slices.Contains(leftOut[schema], property) || slices.Contains(s.Required, property) {
				object[property] = exampleOf(schemas, property, s.Properties[property], all)
			}
		}
		return object
	case huma.TypeArray:
		return []any{exampleOf(schemas, strings.TrimSuffix(name, "s"), s.Items, all)}
	case huma.TypeBoolean:
		return true
	case huma.TypeInteger, huma.TypeNumber:
		if s.Minimum != nil {
			return *s.Minimum
		}
		return 1
	}
	return exampleText(name, s)
}

// exampleText returns a text of the schema's form.
func exampleText(name string, s *huma.Schema) string {
	switch s.Format {
	case "date-time":
		return "2031-03-02T09:30:00Z"
	case "uuid":
		return "019afc38-9c1e-7d62-8f0a-3f6f0c5d1b7e"
	case "uri", "uri-reference":
		return "https://resumes.example/ana"
	}
	if name == "" {
		return "text"
	}
	return strings.ReplaceAll(name, "_", " ")
}

// allowed reports whether the value is of the schema's type, and one of its values.
func allowed(s *huma.Schema, value any) bool {
	if len(s.Enum) > 0 {
		for _, v := range s.Enum {
			if fmt.Sprint(v) == fmt.Sprint(value) {
				return true
			}
		}
		return false
	}
	switch value.(type) {
	case string:
		return s.Type == huma.TypeString
	case int:
		return s.Type == huma.TypeInteger || s.Type == huma.TypeNumber
	case bool:
		return s.Type == huma.TypeBoolean
	case []any:
		return s.Type == huma.TypeArray
	}
	return false
}

// described returns a description of a value of which only the name is known.
func described(name string, s *huma.Schema) string {
	if text, ok := valueDescriptions[name]; ok {
		return text
	}
	words := strings.ReplaceAll(strings.ReplaceAll(name, "_", " "), "-", " ")
	if s.PatternDescription != "" {
		return words + ": " + s.PatternDescription
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

var valueDescriptions = map[string]string{
	"id":          "The id of the export",
	"resume_id":   "The id of the resume",
	"user_id":     "The id of the user",
	"status":      "The state of the export. ready, failed and canceled are final; each becomes expired",
	"format":      "The kind of file",
	"template":    "The look of the document",
	"paper":       "The size of the pages",
	"pages":       "Number of pages",
	"filename":    "The name that the file is downloaded under",
	"created_at":  "When the export was asked for",
	"started_at":  "When the last attempt began",
	"finished_at": "When the export became final",
	"limit":       "Maximum number of elements in the answer",
	"count":       "Number of elements",
	"errors":      "What is wrong, value by value",
	"title":       "A name for people to read",
	"description": "One sentence about it",
}
