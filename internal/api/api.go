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
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/erase"
	"github.com/letrazapp/letraz-export/internal/export"
)

// Store is where requests live.
type Store interface {
	Caller(ctx context.Context, userID string) (export.Caller, error)
	CreateExport(ctx context.Context, n export.New) (export.Request, error)
	Export(ctx context.Context, id string) (export.Request, error)
	Exports(ctx context.Context, f export.Filter) ([]export.Request, error)
	CancelExport(ctx context.Context, id string) (export.Request, error)
	ExpireExport(ctx context.Context, id string) (export.Request, error)
	FinishSweep(ctx context.Context, ids []string) (int64, error)
	MarkDownloaded(ctx context.Context, id string) error
	FailDamaged(ctx context.Context, id, blobKey string) (export.Request, error)
	RetryExport(ctx context.Context, id string) (export.Request, error)
	RetryFailed(ctx context.Context, f export.Failures) ([]string, error)
	DispatchFailed(ctx context.Context, ids []string) error
	erase.Store
}

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

// Template is a look that can be asked for.
type Template struct {
	Name        string `json:"name" doc:"What template takes"`
	Title       string `json:"title"`
	Description string `json:"description"`
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
}

// maxBody is the largest request body, in bytes. A request is a few ids.
const maxBody = 64 << 10

const bodyTimeout = 10 * time.Second

type server struct {
	Config
	waker     waker
	transfers transfers
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
	c.Store = bounded{c.Store, c.StoreWithin}
	s := &server{Config: c}
	mux := http.NewServeMux()
	hc := huma.DefaultConfig("letraz-export", c.Version)
	hc.Info.Description = "Exports resumes: ask for one, follow it, download the file. Every call acts as the user its bearer token names."
	hc.Info.License = &huma.License{Name: "MIT", Identifier: "MIT"}
	hc.DocsPath, hc.SchemasPath = "", "" // no page that loads scripts from elsewhere
	hc.CreateHooks = nil                 // no "$schema" member in answers
	hc.RejectUnknownQueryParameters = true
	hc.Transformers = []huma.Transformer{boundProblem}
	hc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "sub is the user id"},
	}
	h := humago.New(mux, hc)
	h.UseMiddleware(s.authenticate(h))
	s.register(h)
	mux.HandleFunc("GET /healthz", c.Health.live)
	mux.HandleFunc("GET /readyz", c.Health.ready)
	return s.observed(problemPages(mux))
}

// register ties operations to routes.
func (s *server) register(h huma.API) {
	caller := []map[string][]string{{"bearer": {}}}
	huma.Register(h, huma.Operation{
		OperationID: "create-export", Method: http.MethodPost, Path: "/v1/exports", DefaultStatus: http.StatusAccepted,
		Summary: "Ask for an export", Description: "The answer comes at once; the file a moment later. Follow Location. " +
			"With an Idempotency-Key it is safe to ask again when no answer came: there is one export, and the repeat gets it as it then stands.",
		Security: caller, MaxBodyBytes: maxBody, BodyReadTimeout: bodyTimeout,
		Errors: []int{400, 401, 403, 404, 413, 415, 422, 503},
	}, s.create)
	// RawBody is for strictness, not another way to ask.
	delete(h.OpenAPI().Paths["/v1/exports"].Post.RequestBody.Content, "application/octet-stream")
	huma.Register(h, huma.Operation{
		OperationID: "list-exports", Method: http.MethodGet, Path: "/v1/exports", Summary: "List exports, newest first",
		Security: caller, Errors: []int{401, 403, 422, 503},
	}, s.list)
	huma.Register(h, huma.Operation{
		OperationID: "get-export", Method: http.MethodGet, Path: "/v1/exports/{id}", Summary: "See where an export stands",
		Security: caller, Errors: []int{401, 403, 404, 503},
	}, s.get)
	huma.Register(h, huma.Operation{
		OperationID: "download-export", Method: http.MethodGet, Path: "/v1/exports/{id}/download", Summary: "Download the file",
		Security: caller, Errors: []int{401, 403, 404, 409, 410, 503},
		Responses: map[string]*huma.Response{"200": {Description: "The file",
			Content: mediaTypes()}},
	}, s.download)
	huma.Register(h, huma.Operation{
		OperationID: "delete-export", Method: http.MethodDelete, Path: "/v1/exports/{id}", DefaultStatus: http.StatusNoContent,
		Summary: "Cancel an export on its way, or erase a finished one now", Security: caller, Errors: []int{401, 403, 404, 503},
	}, s.delete)
	s.registerRetry(h, caller)
	s.registerErase(h, caller)
	huma.Register(h, huma.Operation{
		OperationID: "list-templates", Method: http.MethodGet, Path: "/v1/templates", Summary: "List the templates",
		Security: caller, Errors: []int{401, 403, 503},
	}, s.templates)
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
