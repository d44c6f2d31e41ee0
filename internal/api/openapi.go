package api

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/export"
)

// openAPIConfig describes the API as a whole.
func openAPIConfig(version string) huma.Config {
	c := huma.DefaultConfig("letraz-export", version)
	c.Info.Description = "Exports resumes to files: create an export, poll its status, download the file. " +
		"Every call acts as a user: the subject of its bearer token, or, with an API key, the user in On-Behalf-Of. " +
		"Requests are read strictly: unknown or repeated fields and parameters, null, and empty parameters are refused. " +
		"A body without Content-Type is read as JSON. Errors are problem documents (RFC 9457). " +
		"Every answer has an X-Request-Id, taken from the request if it has a valid one; the service's log lines have it, too. " +
		"Server is letraz-export/ and the version."
	c.Info.License = &huma.License{Name: "MIT", Identifier: "MIT"}
	c.DocsPath, c.SchemasPath = "", "" // huma's page loads scripts from elsewhere
	c.CreateHooks = nil                // no "$schema" member in answers
	c.OpenAPIPath = ""                 // see serveDocuments
	c.Transformers = []huma.Transformer{boundProblem}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "sub is the user id, and exp is required. iss and aud are required " +
			"if the service is configured to check them. exp, nbf and iat are compared with a leeway of 30 seconds."},
		"key": {Type: "http", Scheme: "bearer", BearerFormat: "letraz_ID_SECRET", Description: "An API key, for programs that act for users. " +
			"On-Behalf-Of names the user. The description of each operation says which scope a key needs."},
	}
	return c
}

// operation adds to an operation what all have in common: they need a token or an API key, and
// can have the errors of every request in addition to their own.
func operation(op huma.Operation, errors ...int) huma.Operation {
	op.Security = []map[string][]string{{"bearer": {}}, {"key": {}}}
	switch scope := scopeOf(&op); scope {
	case anyKey:
	case noKey:
		op.Description += " Not for API keys."
	default:
		op.Description += " API keys need the scope " + string(scope) + "."
	}
	op.Description = strings.TrimSpace(op.Description)
	op.Parameters = append(op.Parameters, &huma.Param{Name: onBehalfOf, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MinLength: new(1), MaxLength: new(maxUserID), Pattern: visible.String(), PatternDescription: "visible ASCII characters"},
		Description: "With an API key: the id of the user to act as. It may be left out if the key may act for one user only"})
	op.MaxBodyBytes, op.BodyReadTimeout = -1, -1 // checkBody bounds both
	op.Errors = append([]int{400, 401, 403, 414, 422, 429, 431, 503}, errors...)
	slices.Sort(op.Errors)
	return op
}

// large marks an operation whose body, and whose problems, may be those of a whole batch.
func large(op huma.Operation) huma.Operation {
	op.Metadata = map[string]any{"large": true}
	return op
}

// bodyLimit returns the maximum size of the body of an operation, in bytes.
func bodyLimit(op *huma.Operation) int64 {
	if op.Metadata["large"] != nil {
		return maxBatchBody
	}
	return maxBody
}

// problemErrors returns the maximum number of errors in a problem of an operation.
func problemErrors(op *huma.Operation) int {
	if op.Metadata["large"] != nil {
		return export.MaxBatch
	}
	return maxProblemErrors
}

// problemContent describes the body of an error.
func problemContent() map[string]*huma.MediaType {
	return map[string]*huma.MediaType{problemType: {Schema: &huma.Schema{Ref: "#/components/schemas/ErrorModel"}}}
}

// bodyErrors adds the errors of operations that have a body.
func bodyErrors(errors ...int) []int { return append(errors, 408, 413, 415) }

// jsonResponse documents an answer with another status than the default one. huma fills in
// its schema and headers from those of the default.
func jsonResponse(h huma.API, description string) *huma.Response {
	return &huma.Response{Description: description, Headers: etagHeader(),
		Content: map[string]*huma.MediaType{jsonType: {Schema: h.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Resume](), true, "Resume")}}}
}

// onlyJSON ignores the Accept header: the API answers in JSON only.
func onlyJSON(ctx huma.Context, next func(huma.Context)) {
	req, _ := humago.Unwrap(ctx)
	req.Header.Del("Accept")
	next(ctx)
}

// documentTypes are the paths of the document, with their media types.
var documentTypes = map[string]string{
	"/openapi.json": "application/openapi+json", "/openapi-3.0.json": "application/openapi+json",
	"/openapi.yaml": "application/openapi+yaml", "/openapi-3.0.yaml": "application/openapi+yaml",
}

// serveDocuments serves the OpenAPI document as JSON and YAML, in version 3.1 and
// in 3.0, which some tools need. Each is made when it is first asked for.
func serveDocuments(mux *http.ServeMux, doc *huma.OpenAPI) {
	for path, made := range map[string]func() ([]byte, error){
		"/openapi.json": doc.MarshalJSON, "/openapi-3.0.json": doc.Downgrade, "/openapi.yaml": doc.YAML, "/openapi-3.0.yaml": doc.DowngradeYAML,
	} {
		once := sync.OnceValues(made)
		kind := documentTypes[path]
		mux.HandleFunc("GET "+path, withoutQuery(func(w http.ResponseWriter, _ *http.Request) {
			data, err := once()
			if err != nil {
				writeProblem(w, http.StatusInternalServerError, internalProblem)
				return
			}
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(data) // the caller is gone
		}))
	}
}
