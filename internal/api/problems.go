package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
)

// problem is the one table from errors to answers. What is not in it is logged
// and told to the caller as an internal error without its text.
func (s *server) problem(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, export.ErrNotFound):
		return huma.Error404NotFound("there is no such export")
	case errors.Is(err, export.ErrResumeNotFound):
		return huma.Error404NotFound("there is no such resume", &huma.ErrorDetail{Location: "body.resume_id", Message: "unknown resume"})
	case errors.Is(err, export.ErrJobNotFound):
		return huma.Error422UnprocessableEntity("there is no such job posting", &huma.ErrorDetail{Location: "body.job_id", Message: "unknown job posting"})
	case errors.Is(err, export.ErrWrongStatus):
		return huma.Error409Conflict("the export has changed meanwhile; look at it again")
	case errors.Is(err, context.Canceled):
		return huma.NewError(499, "the caller went away")
	}
	s.Logger.ErrorContext(ctx, "answering a request failed", "error", err)
	return huma.Error500InternalServerError("something went wrong on our side; please try again")
}

func isWrongStatus(err error) bool { return errors.Is(err, export.ErrWrongStatus) }

// writeProblem answers with a problem document (RFC 9457) outside of huma.
func writeProblem(w http.ResponseWriter, status int, detail string) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail}) // the caller is gone
}

// problemPages lets the mux answer, and turns its own plain-text answers for
// unknown paths and methods into problem documents.
func problemPages(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		own := &discarded{header: http.Header{}}
		h.ServeHTTP(own, r)
		switch own.status {
		case http.StatusNotFound:
			writeProblem(w, own.status, "there is nothing at "+r.URL.Path+"; see /openapi.json")
		case http.StatusMethodNotAllowed:
			w.Header().Set("Allow", own.header.Get("Allow"))
			writeProblem(w, own.status, r.Method+" is not possible here; see /openapi.json")
		default: // a redirect to the cleaned path
			mux.ServeHTTP(w, r)
		}
	})
}

// discarded takes an answer of which only the status and headers matter.
type discarded struct {
	header http.Header
	status int
}

func (d *discarded) Header() http.Header         { return d.header }
func (d *discarded) Write(b []byte) (int, error) { return len(b), nil }
func (d *discarded) WriteHeader(status int)      { d.status = status }

// recovered answers a panic of a handler with a problem instead of a cut connection.
func (s *server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v) // the server's own way to cut a connection
			}
			s.Logger.ErrorContext(r.Context(), "a handler panicked", "panic", v, "path", r.URL.Path)
			writeProblem(w, http.StatusInternalServerError, "something went wrong on our side; please try again")
		}()
		next.ServeHTTP(w, r)
	})
}

// logged writes one line per request.
func (s *server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		start := time.Now()
		next.ServeHTTP(rec, r)
		level := slog.LevelDebug
		if rec.status >= 500 {
			level = slog.LevelError
		}
		s.Logger.Log(r.Context(), level, "request", "method", r.Method, "path", r.URL.Path, "status", rec.status,
			"bytes", rec.written, "duration_ms", time.Since(start).Milliseconds())
	})
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status  int
	written int64
}

// WriteHeader remembers the status.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes that reached the connection.
func (r *recorder) Write(b []byte) (int, error) {
	n, err := r.ResponseWriter.Write(b)
	r.written += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
