// Package api is the HTTP face of the service: it records export requests,
// tells where they stand, and hands out the finished files to their owners.
//
// It decides what a caller may see and how an error reads; it renders nothing.
package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Publisher wakes a worker.
type Publisher interface {
	PublishRequest(ctx context.Context, r export.Request) error
}

// Files holds the bytes of finished exports.
type Files interface {
	Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error)
	Delete(ctx context.Context, key string) error
	// Verify reads the bytes and returns export.ErrDamaged when they are others.
	Verify(ctx context.Context, key string, size int64, sum [32]byte) error
}

// Tokens tells whom a bearer token speaks for.
type Tokens interface {
	UserID(token string) (string, error)
}

// Config is what the API needs. All fields are required but where it says otherwise.
type Config struct {
	Store     Store
	Publisher Publisher
	Files     Files
	Tokens    Tokens
	Templates []Template // the first is the default
	Health    *Health
	// MaxAttempts an export gets before it fails; 1 or more.
	MaxAttempts int
	// Wake tells a dispatcher in this process that requests are due at once; it
	// must not block. Optional: a dispatcher elsewhere looks every second.
	Wake func()
	// StoreWithin bounds each call of the store. Default 5 s.
	StoreWithin time.Duration
	// SendWithin is how long the client of a download may take for each piece of
	// it, some 32 KB. Default 30 s.
	SendWithin time.Duration
	// RecheckEvery is how often a download under way asks whether its export is
	// still served. Default 1 s.
	RecheckEvery time.Duration
	Version      string // optional
	Logger       *slog.Logger
	Observer     Observer // optional
}

type server struct {
	Config
	waker     waker
	transfers transfers
	outages   outages
}

// Handler returns the service's HTTP handler.
func Handler(c Config) http.Handler {
	if c.Wake == nil {
		c.Wake = func() {}
	}
	if c.StoreWithin == 0 {
		c.StoreWithin = 5 * time.Second
	}
	if c.SendWithin == 0 {
		c.SendWithin = 30 * time.Second
	}
	if c.RecheckEvery == 0 {
		c.RecheckEvery = time.Second
	}
	c.Store = bounded{store: c.Store, within: c.StoreWithin}
	if c.Observer == nil {
		c.Observer = unobserved{}
	}
	c.Logger = slog.New(requestIDs{c.Logger.Handler()})
	s := &server{Config: c, outages: newOutages(c.Logger)}
	mux := http.NewServeMux()
	hc := huma.DefaultConfig("letraz-export", c.Version)
	hc.Info.Description = "Exports resumes: ask for one, follow it, download the file. Every call acts as the user its bearer token names. " +
		"Every answer has an X-Request-Id: the caller's own, or a new one. It stands in the log of the service, too."
	hc.Info.License = &huma.License{Name: "MIT", Identifier: "MIT"}
	hc.DocsPath, hc.SchemasPath = "", "" // no page that loads scripts from elsewhere
	hc.CreateHooks = nil                 // no "$schema" member in answers
	hc.OpenAPIPath = ""                  // see documents
	hc.Transformers = []huma.Transformer{boundProblem}
	hc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "sub is the user id; exp is required. Where the " +
			"service is configured so, iss and aud have to be its own. exp, nbf and iat are compared with 30 seconds of leeway"},
	}
	h := humago.New(mux, hc)
	h.UseMiddleware(onlyJSON, s.authenticate(h), checkQuery(h), checkBody(h, c.Logger))
	s.register(h)
	documents(mux, h.OpenAPI())
	mux.HandleFunc("GET /healthz", withoutQuery(c.Health.live))
	mux.HandleFunc("GET /readyz", withoutQuery(c.Health.ready))
	return s.observed(wellFormed(asProblems(mux)))
}

// onlyJSON answers in JSON whatever Accept asks for: there is nothing else.
func onlyJSON(ctx huma.Context, next func(huma.Context)) {
	req, _ := humago.Unwrap(ctx)
	req.Header.Del("Accept")
	next(ctx)
}

// documents serves the OpenAPI document, also in the older version that some
// tools need. Each is made once.
func documents(mux *http.ServeMux, doc *huma.OpenAPI) {
	for path, made := range map[string]func() ([]byte, error){
		"/openapi.json": doc.MarshalJSON, "/openapi-3.0.json": doc.Downgrade, "/openapi.yaml": doc.YAML, "/openapi-3.0.yaml": doc.DowngradeYAML,
	} {
		once := sync.OnceValues(made)
		kind := "application/openapi+" + strings.TrimPrefix(filepath.Ext(path), ".")
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

// register ties operations to routes.
func (s *server) register(h huma.API) {
	caller := []map[string][]string{{"bearer": {}}}
	huma.Register(h, huma.Operation{
		OperationID: "create-export", Method: http.MethodPost, Path: "/v1/exports", DefaultStatus: http.StatusAccepted,
		Summary: "Ask for an export", Description: "The answer comes at once; the file a moment later. Follow Location. " +
			"With an Idempotency-Key it is safe to ask again when no answer came: there is one export, and the repeat gets it as it then stands.",
		Security: caller, MaxBodyBytes: -1, BodyReadTimeout: -1, // checkBody bounds both
		Errors: errorsOf(404, 408, 413, 415),
	}, s.create)
	huma.Register(h, huma.Operation{
		OperationID: "list-exports", Method: http.MethodGet, Path: "/v1/exports", Summary: "List exports, newest first",
		Security: caller, Errors: errorsOf(),
	}, s.list)
	huma.Register(h, huma.Operation{
		OperationID: "get-export", Method: http.MethodGet, Path: "/v1/exports/{id}", Summary: "See where an export stands",
		Security: caller, Errors: errorsOf(404),
	}, s.get)
	huma.Register(h, huma.Operation{
		OperationID: "download-export", Method: http.MethodGet, Path: "/v1/exports/{id}/download", Summary: "Download the file",
		Description: "Range and conditional requests work as RFC 9110 says, with the ETag of the answer.",
		Security:    caller, Errors: errorsOf(404, 409, 410, 412, 416),
		Responses: map[string]*huma.Response{
			"200": {Description: "The file", Content: mediaTypes()},
			"206": {Description: "A part of the file", Content: partTypes()},
			"304": {Description: "The caller has the file already"},
		},
	}, s.download)
	huma.Register(h, huma.Operation{
		OperationID: "delete-export", Method: http.MethodDelete, Path: "/v1/exports/{id}", DefaultStatus: http.StatusNoContent,
		Summary: "Cancel an export on its way, or erase a finished one now", Security: caller, Errors: errorsOf(404),
	}, s.delete)
	s.registerRetry(h, caller)
	s.registerErase(h, caller)
	huma.Register(h, huma.Operation{
		OperationID: "list-templates", Method: http.MethodGet, Path: "/v1/templates", Summary: "List the templates",
		Security: caller, Errors: errorsOf(),
	}, s.templates)
}

// errorsOf are the statuses of an operation's problems: its own and those that
// every call may end in. huma adds 500.
func errorsOf(own ...int) []int {
	all := append([]int{400, 401, 403, 414, 422, 431, 503}, own...)
	slices.Sort(all)
	return all
}

// mediaTypes are those of all files, for the documentation.
func mediaTypes() map[string]*huma.MediaType {
	types := map[string]*huma.MediaType{}
	for _, f := range export.Formats() {
		name, _, _ := strings.Cut(f.ContentType(), ";")
		types[name] = &huma.MediaType{}
	}
	return types
}

// partTypes are those of parts of files: several ranges come in one body.
func partTypes() map[string]*huma.MediaType {
	types := mediaTypes()
	types["multipart/byteranges"] = &huma.MediaType{}
	return types
}
