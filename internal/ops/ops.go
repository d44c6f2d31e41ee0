// Package ops serves the operations port of a process: probes, metrics, and the state of
// the queue. It is meant for the machines that run the service, not for its users.
package ops

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/letrazapp/letraz-export/internal/outage"
)

// Config configures the operations port.
type Config struct {
	// Health answers /healthz and /readyz.
	Health http.Handler
	// Metrics answers /metrics.
	Metrics http.Handler
	// Queue is shown at /ops/queue. Optional: without it there is no such route.
	Queue *Queue
	// Token is the bearer token of /ops/queue. If it is empty, only callers on this machine
	// are answered.
	Token  string
	Logger *slog.Logger
}

type server struct {
	Config
	reads *outage.Log
}

// Handler returns the handler of the operations port.
func Handler(c Config) http.Handler {
	s := &server{Config: c, reads: outage.New(c.Logger, outage.Options{Level: slog.LevelWarn,
		Fault: "the state of the queue cannot be read: /ops/queue answers 503", Over: "the state of the queue can be read again"})}
	mux := http.NewServeMux()
	mux.Handle("/healthz", c.Health)
	mux.Handle("/readyz", c.Health)
	mux.Handle("GET /metrics", c.Metrics)
	if c.Queue != nil {
		mux.HandleFunc("GET /ops/queue", s.queue)
	}
	return mux
}

// queue answers with the state of the queue.
func (s *server) queue(w http.ResponseWriter, r *http.Request) {
	if status, reason := s.refuse(r); status != 0 {
		if status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Bearer realm="letraz-export operations"`)
		}
		s.problem(w, status, reason)
		return
	}
	state, err := s.Queue.State(r.Context())
	if err != nil {
		if r.Context().Err() == nil {
			s.reads.Failed(err)
		}
		w.Header().Set("Retry-After", "5")
		s.problem(w, http.StatusServiceUnavailable, "the database does not answer in time")
		return
	}
	s.reads.Recovered()
	s.answer(w, http.StatusOK, "application/json", toWire(state))
}

// refuse returns the status and the reason of a refusal, or 0.
func (s *server) refuse(r *http.Request) (status int, reason string) {
	if s.Token == "" {
		if local(r) {
			return 0, ""
		}
		return http.StatusForbidden, "only callers on the same machine are answered: start letraz-export with --ops-token or --ops-token-file to admit others"
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || !equal(strings.TrimSpace(token), s.Token) {
		return http.StatusUnauthorized, "send the operations token as a bearer token"
	}
	return 0, ""
}

// equal compares two texts in a time that depends on neither.
func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// local reports whether the caller is on this machine. One behind a proxy is not, even if
// the proxy is.
func local(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// problem answers with a problem document (RFC 9457).
func (s *server) problem(w http.ResponseWriter, status int, detail string) {
	s.answer(w, status, "application/problem+json", map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail})
}

func (s *server) answer(w http.ResponseWriter, status int, contentType string, body any) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.Logger.Debug("an answer of the operations port was not sent", "error", err)
	}
}
