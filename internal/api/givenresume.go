package api

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
)

// A resume in the body of a request may have megabytes, and any members. It is taken out of
// the body before that is checked, so that it is parsed by the reader of resumes only, which
// bounds the values of a document.

// givenResumeIn is in the metadata of operations whose body may have a resume: the name of the
// member.
const givenResumeIn = "resume in the body"

type givenResumeKey struct{}

// givenFlag stands for the resume in the body that huma reads: whether there is one.
type givenFlag bool

// Schema implements huma.SchemaProvider.
func (givenFlag) Schema(huma.Registry) *huma.Schema { return anyObject("") }

// UnmarshalJSON takes any value.
func (f *givenFlag) UnmarshalJSON([]byte) error {
	*f = true
	return nil
}

// withoutResume replaces the first member of that name in a JSON object by an empty object,
// and returns the object and what the member was; nil if there is none, or it is no object. A
// second member stays, and is refused as a repeated one.
func withoutResume(body []byte, name string) (rest, resume []byte) {
	if !bytes.Contains(body, []byte(`"resume"`)) && !bytes.Contains(body, []byte(`\u`)) || !json.Valid(body) {
		return body, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return body, nil
	}
	for d.More() {
		key, _ := d.Token() // it is valid
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return body, nil // never: it is valid
		}
		if key == name && value[0] == '{' {
			end := int(d.InputOffset())
			rest = append(rest, body[:end-len(value)]...)
			rest = append(rest, "{}"...)
			return append(rest, body[end:]...), value
		}
	}
	return body, nil
}

// givenResume returns the resume that came with a request, or nil if the request names one.
func (s *server) givenResume(ctx context.Context, resumeID string, given bool, language string) (*export.Document, error) {
	const either = "give resume_id or resume, and not both"
	switch {
	case given && resumeID != "":
		return nil, invalid("body.resume", nil, either)
	case !given && resumeID == "":
		return nil, invalid("body", nil, either)
	case !given:
		return nil, nil
	}
	if err := knownLanguage("body.language", language); err != nil {
		return nil, err
	}
	raw, _ := ctx.Value(givenResumeKey{}).([]byte)
	r, _, err := s.ReadResume(raw, language)
	if err != nil {
		return nil, s.unreadable(ctx, "body.resume", err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return nil, s.unreadable(ctx, "body.resume", err) // never: it is valid
	}
	return &export.Document{JSON: compact.Bytes(), Notes: r.Notes}, nil
}
