package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

const (
	// maxBody is the largest request body, in bytes. A request is a few ids.
	maxBody = 64 << 10
	// bodyTimeout is how long a caller may take to send it.
	bodyTimeout = 10 * time.Second
)

// checkBody reads the body of an operation that takes one and refuses what is
// not one JSON document that everybody reads in the same way. What is left to
// huma is whether the values are in range.
func checkBody(h huma.API, log *slog.Logger) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		op := ctx.Operation()
		if op.RequestBody == nil {
			next(ctx)
			return
		}
		req, w := humago.Unwrap(ctx)
		if f := mediaFault(req.Header); f != nil {
			if f.coding {
				ctx.SetHeader("Accept-Encoding", "identity")
			}
			f.answer(h, ctx)
			return
		}
		body, f := readBody(w, req, log)
		if f == nil {
			f = jsonFault(h.OpenAPI().Components.Schemas, op.RequestBody.Content[jsonType].Schema, body)
		}
		if f != nil {
			f.answer(h, ctx)
			return
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		req.Header.Set("Content-Type", jsonType) // however it was written
		next(ctx)
	}
}

const jsonType = "application/json"

// mediaFault is what is wrong with the headers that describe a body, or nil. A
// body without Content-Type is taken for JSON.
func mediaFault(header http.Header) *fault {
	f := &fault{status: http.StatusUnsupportedMediaType, detail: "send the body as " + jsonType + " in UTF-8, without a content coding"}
	for _, coding := range header.Values("Content-Encoding") {
		if !strings.EqualFold(strings.TrimSpace(coding), "identity") {
			f.coding = true
			f.add("header.Content-Encoding", "is not supported")
			return f
		}
	}
	types := header.Values("Content-Type")
	if len(types) == 0 || len(types) == 1 && types[0] == "" {
		return nil
	}
	kind, parameters, err := mime.ParseMediaType(types[0]) // in lower case
	charset, hasCharset := parameters["charset"]
	switch {
	case len(types) > 1:
		f.add("header.Content-Type", "is given more than once")
	case err != nil:
		f.add("header.Content-Type", "is malformed")
	case kind != jsonType:
		f.add("header.Content-Type", "is not "+jsonType)
	case hasCharset && !strings.EqualFold(charset, "utf-8"):
		f.add("header.Content-Type", "JSON is in UTF-8")
	default:
		return nil
	}
	return f
}

// readBody reads the body. That it cannot be read is the caller's fault, or
// their connection's.
func readBody(w http.ResponseWriter, req *http.Request, log *slog.Logger) ([]byte, *fault) {
	tooLarge := &fault{status: http.StatusRequestEntityTooLarge, detail: fmt.Sprintf("the body has more than %d bytes", maxBody)}
	if req.ContentLength > maxBody {
		return nil, tooLarge
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyTimeout)) // without one, the server's own applies
	body, err := io.ReadAll(io.LimitReader(req.Body, maxBody+1))
	_ = control.SetReadDeadline(time.Time{}) // it would end the request itself
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return nil, &fault{status: http.StatusRequestTimeout, detail: fmt.Sprintf("the body was not sent within %s", bodyTimeout)}
	case err != nil:
		log.DebugContext(req.Context(), "a request body could not be read", "error", err)
		return nil, &fault{status: http.StatusBadRequest, detail: "the body breaks off, or its transfer coding is malformed"}
	case len(body) > maxBody:
		return nil, tooLarge
	case len(body) == 0:
		f := &fault{status: http.StatusBadRequest, detail: "the request needs a body"}
		f.add("body", "is empty")
		return nil, f
	}
	return body, nil
}

// jsonFault is what is wrong with a body, or nil.
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

// bodyCheck finds what encoding/json lets pass although other readers of the
// same bytes would understand them differently: names given twice or in another
// case, null for a value, halves of characters; and what it refuses in words
// that are about Go: numbers.
type bodyCheck struct {
	schemas huma.Registry
	fault   *fault
}

// value checks a valid JSON value against its schema. Other types than the
// schema's are left to huma.
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

// members lists the members of a valid JSON object, repeats included.
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
