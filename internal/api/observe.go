package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Observer is notified of what the API does, for metrics and traces. Its methods are called
// concurrently while callers wait: they must not block.
type Observer interface {
	// RequestFinished is called once for each request, including refused ones.
	RequestFinished(ctx context.Context, r FinishedRequest)
	// ExportAccepted is called when an export is answered with 202. replayed reports that an
	// earlier request with the same key created it.
	ExportAccepted(ctx context.Context, r export.Request, replayed bool)
	ExportCanceled(ctx context.Context, r export.Request)
	// ExportsErased is called when exports were erased by request.
	ExportsErased(ctx context.Context, n int64)
	// RequestLimited is called for each request that is refused because of a rate or a cap, with
	// its name: user, key, failures, user-waiting or key-waiting.
	RequestLimited(ctx context.Context, policy string)
	// AuditFailed is called when a call could not be written to the audit log.
	AuditFailed(ctx context.Context)
	// Holding is called when the number of requests that hold their connection changes, with the
	// kind of those, stream or wait, and their number now.
	Holding(kind string, n int)
	// ExportDownloaded is called for each full download.
	ExportDownloaded(ctx context.Context, r export.Request)
}

// FinishedRequest is a request and its answer. Method and Route have few values,
// whatever callers send.
type FinishedRequest struct {
	Method   string // "other" for those that HTTP does not define
	Route    string // a pattern such as /v1/exports/{id}; empty for unknown paths and methods
	Status   int    // 0 when the connection was cut before there was one
	Bytes    int64  // of the body of the answer
	Duration time.Duration
}

// unobserved is the Observer when there is none.
type unobserved struct{}

func (unobserved) RequestFinished(context.Context, FinishedRequest)     {}
func (unobserved) ExportAccepted(context.Context, export.Request, bool) {}
func (unobserved) ExportCanceled(context.Context, export.Request)       {}
func (unobserved) ExportsErased(context.Context, int64)                 {}
func (unobserved) RequestLimited(context.Context, string)               {}
func (unobserved) AuditFailed(context.Context)                          {}
func (unobserved) Holding(string, int)                                  {}
func (unobserved) ExportDownloaded(context.Context, export.Request)     {}

// observed gives each request an id, logs one record about it, without its query and headers,
// and notifies the observer. If a handler panics, it answers with a problem. If a part of the
// answer has been sent already, it breaks the connection instead, so that the caller does not
// take that part for the whole.
func (s *server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		r = identified(rec, r)
		held := &connection{ResponseController: http.NewResponseController(rec)}
		r = r.WithContext(context.WithValue(r.Context(), connectionKey{}, held))
		start := time.Now()
		defer func() {
			v := recover()
			if err, ok := v.(error); v != nil && (!ok || !errors.Is(err, http.ErrAbortHandler)) { // that is the server's own way to cut a connection
				s.Logger.ErrorContext(r.Context(), "a handler panicked", "panic", v, "path", loggedPath(r.URL.Path))
				if rec.status == 0 {
					writeProblem(rec, http.StatusInternalServerError, internalProblem)
					v = nil
				}
			}
			s.finished(r, rec, time.Since(start), v != nil)
			if v != nil {
				panic(http.ErrAbortHandler)
			}
		}()
		// Answers are about one person's exports, and change.
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer") // a link is a secret
		next.ServeHTTP(rec, r)
		held.finish()
	})
}

// finished logs a request and notifies the observer. ServeMux has set the pattern in r.
func (s *server) finished(r *http.Request, rec *recorder, took time.Duration, cut bool) {
	level := slog.LevelDebug
	if rec.status >= 500 && rec.status != http.StatusServiceUnavailable || cut { // why it is 503 is logged where it is known
		level = slog.LevelError
	}
	s.Logger.Log(r.Context(), level, "request", "method", shortened(r.Method), "path", loggedPath(r.URL.Path), "status", rec.status,
		"bytes", rec.written, "cut", cut, "duration_ms", took.Milliseconds())
	_, route, _ := strings.Cut(r.Pattern, " ")
	f := FinishedRequest{Method: r.Method, Route: route, Status: rec.status, Bytes: rec.written, Duration: took}
	if !slices.Contains(methods, r.Method) {
		f.Method = "other"
	}
	s.Observer.RequestFinished(r.Context(), f)
}

// methods are the methods of RFC 9110 section 9 and RFC 5789.
var methods = []string{"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"}

// recorder records the status and the size of an answer.
type recorder struct {
	http.ResponseWriter
	status  int // 0 until the answer begins
	written int64
}

// WriteHeader remembers the status, and sends the first one.
func (r *recorder) WriteHeader(status int) {
	first := r.status < http.StatusOK // 1xx come before the answer
	r.status = status
	if first {
		r.ResponseWriter.WriteHeader(status)
	}
}

// Write counts the bytes that were handed to the connection.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.written += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
