package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/letrazapp/letraz-export/internal/outage"
)

// Check is one check of a probe. Its name appears in the answer.
type Check struct {
	Name string
	Do   func(ctx context.Context) error
}

// Health answers /healthz and /readyz.
type Health struct {
	// Live are the checks whose failure requires a restart.
	Live []Check
	// Ready are the checks whose failure is temporary. No requests should be sent to the
	// process while one fails.
	Ready  []Check
	Logger *slog.Logger

	mu      sync.Mutex
	outages map[string]*outage.Log // of the checks, by name
}

// note logs when a check begins to fail and when it succeeds again.
func (h *Health) note(check string, err error) {
	h.mu.Lock()
	log, known := h.outages[check]
	if !known {
		if h.outages == nil {
			h.outages = map[string]*outage.Log{}
		}
		log = outage.New(h.Logger.With("check", check), outage.Options{Level: slog.LevelWarn, Fault: "a health check fails", Over: "a health check succeeds again"})
		h.outages[check] = log
	}
	h.mu.Unlock()
	if err != nil {
		log.Failed(err)
	} else {
		log.Recovered()
	}
}

// checkTimeout bounds one probe.
const checkTimeout = 5 * time.Second

// Handler serves both probes, for roles without an API.
func (h *Health) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", withoutQuery(h.live))
	mux.HandleFunc("GET /readyz", withoutQuery(h.ready))
	return wellFormed(asProblems(mux))
}

func (h *Health) live(w http.ResponseWriter, r *http.Request)  { h.answer(w, r, h.Live) }
func (h *Health) ready(w http.ResponseWriter, r *http.Request) { h.answer(w, r, h.Ready) }

// answer runs the checks concurrently, so that a hanging one does not delay the others. The
// answer names the failed checks. Their errors are only logged, since a probe needs no
// authentication; a HealthReason is also in the answer.
func (h *Health) answer(w http.ResponseWriter, r *http.Request, checks []Check) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
	defer cancel()
	errs := make([]error, len(checks))
	var running sync.WaitGroup
	for i, c := range checks {
		running.Go(func() { errs[i] = c.Do(ctx) })
	}
	running.Wait()
	status, results := http.StatusOK, make(map[string]string, len(checks))
	for i, c := range checks {
		results[c.Name] = "ok"
		h.note(c.Name, errs[i])
		if err := errs[i]; err != nil {
			status, results[c.Name] = http.StatusServiceUnavailable, "failing"
			var told interface{ HealthReason() string }
			if errors.As(err, &told) {
				results[c.Name] += ": " + told.HealthReason()
			}
		}
	}
	word := "ok"
	if status != http.StatusOK {
		word = "failing"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": word, "checks": results}) // the prober is gone
}
