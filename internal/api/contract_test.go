package api_test

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"

	"github.com/letrazapp/letraz-export/internal/api"
)

// contract is the document of the API, as tests check answers against it.
type contract struct {
	doc       openAPI
	text      []byte
	validator validator.Validator
}

// contractOf parses the document of an API with the templates of the fixture.
var contractOf = sync.OnceValues(func() (contract, error) {
	text, err := api.Document("1.2.3", fixtureTemplates).MarshalJSON()
	if err != nil {
		return contract{}, err
	}
	c := contract{text: text}
	if c.doc, err = parseOpenAPI(text); err != nil {
		return contract{}, err
	}
	parsed, err := libopenapi.NewDocument(text)
	if err != nil {
		return contract{}, err
	}
	var errs []error
	if c.validator, errs = validator.NewValidator(parsed, config.WithoutSecurityValidation(), config.WithFormatAssertions()); len(errs) > 0 {
		return contract{}, errs[0]
	}
	return c, nil
})

// standardHeaders are headers of answers that the document need not have: HTTP defines them.
var standardHeaders = map[string]bool{
	"Accept-Ranges": true, "Allow": true, "Cache-Control": true, "Connection": true, "Content-Disposition": true, "Content-Length": true, "Content-Range": true,
	"Content-Security-Policy": true, "Content-Type": true, "Date": true, "Last-Modified": true, "Referrer-Policy": true, "Server": true, "Vary": true,
	"X-Content-Type-Options": true, "Accept-Encoding": true, "Www-Authenticate": true,
	// Of CORS: the Fetch standard defines them.
	"Access-Control-Allow-Origin": true, "Access-Control-Expose-Headers": true,
}

// keepsContract returns next, and reports an answer that the document does not describe.
func keepsContract(t testing.TB, next http.Handler) http.Handler {
	t.Helper()
	c, err := contractOf()
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorded{ResponseWriter: w, status: http.StatusOK}
		asked := r.Clone(r.Context())
		next.ServeHTTP(rec, r)
		if fault := c.fault(asked, rec); fault != "" && r.Context().Err() == nil {
			t.Errorf("%s %s: the document does not describe the answer %d: %s\n%.500s", asked.Method, asked.URL.Path, rec.status, fault, rec.body.String())
		}
	})
}

// fault returns in what the answer differs from the document, or "".
func (c contract) fault(r *http.Request, rec *recorded) string {
	op, ok := c.doc.routed(r.Method, r.URL.EscapedPath())
	switch {
	case r.Method == http.MethodOptions: // a preflight request, which the Fetch standard describes
		return ""
	case r.Method == http.MethodHead, rec.status == http.StatusMethodNotAllowed, rec.status == http.StatusRequestURITooLong, rec.status == http.StatusRequestHeaderFieldsTooLarge:
		return ""
	case rec.status == http.StatusNotFound && (!ok || r.URL.EscapedPath() != r.URL.Path || strings.Contains(r.URL.Path, "/.")):
		return "" // there is no such path
	case r.RequestURI == "*", strings.HasPrefix(r.URL.Path, "/openapi"), r.URL.Path == "/docs":
		return "" // forms of the document itself
	case !ok:
		return "it has no such path"
	}
	documented, ok := op.Responses[strconv.Itoa(rec.status)]
	if !ok {
		return "it has no such status of " + op.OperationID
	}
	for name := range rec.Header() {
		if !standardHeaders[name] && !hasHeader(documented.Headers, name) {
			return "it has no header " + name
		}
	}
	kind, _, _ := mime.ParseMediaType(rec.Header().Get("Content-Type"))
	if _, ok := documented.Content[kind]; !ok && len(documented.Content) > 0 {
		return "it has no type " + kind
	}
	if !strings.HasSuffix(kind, "json") || !rec.whole || len(documented.Content) == 0 {
		return ""
	}
	if strings.HasSuffix(r.URL.Path, "/download") && rec.status < 300 {
		return "" // a file, which may be JSON
	}
	if item, ok := c.doc.Paths[r.URL.Path]; r.URL.EscapedPath() != r.URL.Path || ok && item[strings.ToLower(r.Method)].OperationID == "" {
		return "" // the validator does not route these as ServeMux does: an escaped slash in an id, GET of /v1/exports/retry
	}
	res := &http.Response{StatusCode: rec.status, Header: rec.Header(), Body: io.NopCloser(bytes.NewReader(rec.body.Bytes())), Request: r}
	if ok, errs := c.validator.ValidateHttpResponse(r, res); !ok {
		var text strings.Builder
		for _, e := range errs {
			text.WriteString(e.Message + ": " + e.Reason)
			for _, s := range e.SchemaValidationErrors {
				text.WriteString("; " + s.Reason + " at " + s.FieldPath)
			}
		}
		return text.String()
	}
	return ""
}

func hasHeader[V any](headers map[string]V, name string) bool {
	for h := range headers {
		if strings.EqualFold(h, name) {
			return true
		}
	}
	return false
}

// recorded keeps what a handler answers.
type recorded struct {
	http.ResponseWriter
	status int
	began  bool
	body   bytes.Buffer
	whole  bool // body has everything that was written
}

// maxRecorded is the size of answers, in bytes, of which the body is checked.
const maxRecorded = 1 << 20

func (r *recorded) WriteHeader(status int) {
	if !r.began && status >= http.StatusOK {
		r.began, r.status, r.whole = true, status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorded) Write(b []byte) (int, error) {
	if !r.began {
		r.WriteHeader(http.StatusOK)
	}
	n, err := r.ResponseWriter.Write(b)
	if r.whole = r.whole && err == nil && r.body.Len()+n <= maxRecorded; r.whole {
		r.body.Write(b[:n])
	}
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorded) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// TestDocument_Complete checks that every operation is described for people: with a group, a
// summary, a description, examples, and what each answer means.
func TestDocument_Complete(t *testing.T) {
	t.Parallel()
	c, err := contractOf()
	if err != nil {
		t.Fatal(err)
	}
	if ok, errs := c.validator.ValidateDocument(); !ok {
		t.Fatalf("the document is no OpenAPI document: %v", errs)
	}
	undescribed := regexp.MustCompile(`"description":""`)
	if undescribed.Match(c.text) {
		t.Error("a description is empty")
	}
	for path, operations := range c.doc.Paths {
		for method, op := range operations {
			name := method + " " + path
			if op.OperationID == "" || op.Summary == "" || op.Description == "" || len(op.Tags) != 1 {
				t.Errorf("%s: operationId %q, summary %q, description %q, tags %q", name, op.OperationID, op.Summary, op.Description, op.Tags)
			}
			for _, p := range op.Parameters {
				if p.Description == "" || p.Example == nil && p.In != "path" {
					t.Errorf("%s: parameter %s: description %q, example %v", name, p.Name, p.Description, p.Example)
				}
			}
			for status, r := range op.Responses {
				if code, _ := strconv.Atoi(status); r.Description == "" || r.Description == http.StatusText(code) {
					t.Errorf("%s: the answer %s is described as %q", name, status, r.Description)
				}
			}
		}
	}
}
