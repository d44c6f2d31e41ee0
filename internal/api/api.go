// Package api serves the HTTP API: it creates export requests, reports their
// status, and sends finished files to their owners.
//
// It decides what a caller may see and how errors are answered. Rendering is left
// to the worker, storage to the packages behind the interfaces declared here.
package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/link"
	"github.com/letrazapp/letraz-export/internal/watch"
)

// Publisher publishes the message that makes a worker take a request.
type Publisher interface {
	PublishRequest(ctx context.Context, r export.Request) error
}

// Files is the store of finished exports' files.
type Files interface {
	Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error)
	Delete(ctx context.Context, key string) error
	// Verify reads the bytes and returns export.ErrDamaged when they are others.
	Verify(ctx context.Context, key string, size int64, sum [32]byte) error
}

// Tokens verifies bearer tokens.
type Tokens interface {
	UserID(token string) (string, error)
}

// Config configures the API. Fields are required unless they say otherwise.
type Config struct {
	Store     Store
	Publisher Publisher
	Files     Files
	Tokens    Tokens
	Templates []Template // the first is the default
	Health    *Health
	// ReadResume reads the resumes that callers send.
	ReadResume ResumeReader
	// WriteResumes says whether callers may store and delete resumes. It must be false where
	// the tables of resumes are not the service's own.
	WriteResumes bool
	// Preview makes the previews of resumes.
	Preview Previewer
	// FrameAncestors has the sources of pages that may show previews in a frame, as the
	// directive frame-ancestors of a content security policy has them. Default: 'none'.
	FrameAncestors string
	// CreateUsers makes a user of an identity that only the token knows. Without it, such
	// callers are refused.
	CreateUsers bool
	// Links signs and checks links. Optional: without it there are none, and download_url is the
	// path that takes the bearer token.
	Links *link.Keyring
	// PublicURL is the address of the API for clients, without a slash at its end, which URLs in
	// answers begin with. Optional: without it, they are paths.
	PublicURL string
	// Watch tells callers that wait how exports change. Optional: without it, no request waits
	// and there are no streams of events.
	Watch *watch.Hub
	// Changes tells other processes of changes that have no event. Optional.
	Changes Changes
	// MaxStreams and MaxUserStreams are the maximum numbers of open streams of events, of all
	// users and of one. Default 10,000 and 20.
	MaxStreams     int
	MaxUserStreams int
	// StreamWithin is the time after which a stream ends; its client then connects again. It
	// bounds how long a token that has expired meanwhile is of use. Default 1 h.
	StreamWithin time.Duration
	// HeartbeatEvery is the interval of comments in a stream in which nothing happens. Default
	// 15 s.
	HeartbeatEvery time.Duration
	// Limits are the limits of fair use. Optional.
	Limits Limits
	// Origins are the origins whose pages may call the API (CORS): see CheckOrigin. Optional.
	Origins []string
	// TrustedProxies are the networks of proxies whose X-Forwarded-For names the client. Optional.
	TrustedProxies []netip.Prefix
	// AuditAddresses has the audit log keep the addresses of clients.
	AuditAddresses bool
	// Background runs work that no answer waits for, and waits for it at shutdown. Default: a
	// goroutine, for which nobody waits.
	Background func(work func())
	// MaxAttempts is the maximum number of attempts of an export; at least 1.
	MaxAttempts int
	// Wake notifies a dispatcher in this process that requests are due. It must not block.
	// Optional: without it, the dispatcher checks every second.
	Wake func()
	// StoreWithin bounds each call of the store. Default 5 s.
	StoreWithin time.Duration
	// SendWithin bounds the time in which a client has to receive each 32 KB of a
	// download. Default 30 s.
	SendWithin time.Duration
	// RecheckEvery is the interval at which a running download checks that its
	// export may still be served. Default 1 s.
	RecheckEvery time.Duration
	// Traceparent returns the trace context (W3C traceparent) of the current span, which goes
	// with an export, or "". Optional.
	Traceparent func(ctx context.Context) string
	Version     string // optional
	Logger      *slog.Logger
	Observer    Observer // optional
}

// Changes is told that a request has changed. It must not block.
type Changes interface {
	Changed(r export.Request)
	// ChangedAll is told that any of the user's requests may have changed.
	ChangedAll(userID string)
}

type server struct {
	Config
	waits      crowd
	streams    crowd
	forecast   forecast
	publishing publishing
	transfers  transfers
	archives   archives
	outages    outages
	keys       *keyring
	limits     limits
	now        func() time.Time
}

// Handler returns the HTTP handler of the API. A request passes, in this order:
//
//	observed      request id, log line, observer, panics
//	cors          origins of pages
//	wellFormed    size of URL and headers, spelling of the path
//	asProblems    plain-text errors of the standard library
//	ServeMux      method and path
//	authenticate  token or key, rates, scope, user
//	audited       audit log
//	checkQuery    query string and headers
//	checkBody     body
//	huma          values against the OpenAPI document
//	the handler
func Handler(c Config) http.Handler {
	if c.Traceparent == nil {
		c.Traceparent = func(context.Context) string { return "" }
	}
	if c.Background == nil {
		c.Background = func(work func()) { go work() }
	}
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
	if c.MaxStreams == 0 {
		c.MaxStreams = 10_000
	}
	if c.MaxUserStreams == 0 {
		c.MaxUserStreams = 20
	}
	if c.StreamWithin == 0 {
		c.StreamWithin = time.Hour
	}
	if c.HeartbeatEvery == 0 {
		c.HeartbeatEvery = 15 * time.Second
	}
	c.Store = bounded{store: c.Store, within: c.StoreWithin}
	if c.Observer == nil {
		c.Observer = unobserved{}
	}
	c.Logger = slog.New(requestIDs{c.Logger.Handler()})
	s := &server{Config: c, outages: newOutages(c.Logger), limits: newLimits(c.Limits), keys: newKeyring(c.Store, c.Limits.KeyWaiting), now: time.Now}
	s.streams.changed = func(n int) { s.Observer.Holding("stream", n) }
	s.waits.changed = func(n int) { s.Observer.Holding("wait", n) }
	mux := http.NewServeMux()
	doc := s.register(mux)
	serveDocuments(mux, doc)
	serveReference(mux, doc)
	mux.HandleFunc("GET /healthz", withoutQuery(c.Health.live))
	mux.HandleFunc("GET /readyz", withoutQuery(c.Health.ready))
	return s.observed(cors(c.Origins, wellFormed(asProblems(mux))))
}

// register adds every operation to mux and returns the document that describes them.
func (s *server) register(mux *http.ServeMux) *huma.OpenAPI {
	h := humago.New(mux, openAPIConfig(s.Version))
	h.UseMiddleware(onlyJSON, s.authenticate(h), s.audited, checkQuery(h), checkBody(h, s.Logger))
	s.registerCreate(h)
	s.registerRead(h)
	s.registerDownload(h)
	s.registerLinks(h)
	s.registerEvents(h)
	s.registerDelete(h)
	s.registerRetry(h)
	s.registerErase(h)
	s.registerBatches(h)
	s.registerTemplates(h)
	s.registerResumes(h)
	s.registerPreviews(h)
	return describeCallers(complete(h.OpenAPI(), s.Templates))
}

// Document returns the OpenAPI document of an API with the version and templates, without
// serving it.
func Document(version string, templates []Template) *huma.OpenAPI {
	s := &server{Config: Config{Version: version, Templates: templates, Logger: slog.New(slog.DiscardHandler)}}
	return s.register(http.NewServeMux())
}
