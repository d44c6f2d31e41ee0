package api

import (
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// observed writes one line per request, without its query and headers, and
// answers a panic of a handler with a problem. When part of the answer is out
// already it cuts the connection instead: the caller must not take what there is
// for the whole.
func (s *server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		start := time.Now()
		defer func() {
			v := recover()
			if err, ok := v.(error); v != nil && (!ok || !errors.Is(err, http.ErrAbortHandler)) { // that is the server's own way to cut a connection
				s.Logger.ErrorContext(r.Context(), "a handler panicked", "panic", v, "path", shortened(r.URL.Path))
				if rec.status == 0 {
					writeProblem(rec, http.StatusInternalServerError, internalProblem)
					v = nil
				}
			}
			level := slog.LevelDebug
			if rec.status >= 500 && rec.status != http.StatusServiceUnavailable || v != nil { // why it is 503 is logged where it is known
				level = slog.LevelError
			}
			s.Logger.Log(r.Context(), level, "request", "method", r.Method, "path", shortened(r.URL.Path), "status", rec.status,
				"bytes", rec.written, "cut", v != nil, "duration_ms", time.Since(start).Milliseconds())
			if v != nil {
				panic(http.ErrAbortHandler)
			}
		}()
		// Answers are about one person's exports, and change.
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(rec, r)
	})
}

// recorder remembers what was answered.
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
