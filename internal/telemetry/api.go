package telemetry

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
)

// httpMetrics are about requests of the API.
type httpMetrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	bytes    prometheus.Counter
	replayed prometheus.Counter
	erased   prometheus.Counter
	limited  *prometheus.CounterVec
	audit    prometheus.Counter
	held     *prometheus.GaugeVec
}

// API returns the observer of the API.
func (m *Metrics) API() api.Observer {
	if m == nil {
		return nil
	}
	h := &m.http
	if h.requests != nil { // registered already
		return apiObserver{m}
	}
	h.requests = counters("http", "requests_total", "Requests by route and status; the route of an unknown path is empty, the status of a connection that was cut before the answer is cut.",
		"method", "route", "status")
	h.duration = histograms("http", "request_duration_seconds", "Time from the request to the end of the answer.", works, "method", "route")
	h.bytes = counter("http", "response_bytes_total", "Bytes of answers' bodies.")
	h.replayed = counter("", "replayed_total", "Requests that repeated an earlier one with the same Idempotency-Key.")
	h.erased = counter("", "erased_total", "Exports that were erased by request.")
	h.limited = counters("http", "limited_total", "Requests refused with 429, by what was exceeded: the rate of a user, of an API key, or of failures to authenticate from an address; "+
		"or the cap on waiting exports of a user or key.", "policy")
	for _, policy := range limitPolicies {
		h.limited.WithLabelValues(policy)
	}
	h.audit = counter("", "audit_failures_total", "Calls that could not be written to the audit log.")
	h.held = gauges("http", "held_requests", "Requests that hold their connection now, by kind: stream (of events), or wait (Prefer: wait=N).", "kind")
	for _, kind := range heldKinds {
		h.held.WithLabelValues(kind)
	}
	m.register(h.requests, h.duration, h.bytes, h.replayed, h.erased, h.limited, h.audit, h.held)
	return apiObserver{m}
}

var limitPolicies = []string{"user", "key", "failures", "user-waiting", "key-waiting"}

var heldKinds = []string{"stream", "wait"}

type apiObserver struct{ *Metrics }

// RequestFinished counts a request. The API passes patterns of routes and known methods.
func (o apiObserver) RequestFinished(_ context.Context, r api.FinishedRequest) {
	o.http.requests.WithLabelValues(r.Method, r.Route, statusLabel(r.Status)).Inc()
	o.http.duration.WithLabelValues(r.Method, r.Route).Observe(r.Duration.Seconds())
	o.http.bytes.Add(float64(r.Bytes))
}

// ExportAccepted counts an accepted export.
func (o apiObserver) ExportAccepted(_ context.Context, r export.Request, replayed bool) {
	if replayed {
		o.http.replayed.Inc()
		return
	}
	o.exports.accepted.WithLabelValues(formatLabel(r.Format), laneLabel(r.Lane)).Inc()
}

// ExportCanceled counts a canceled export.
func (o apiObserver) ExportCanceled(_ context.Context, r export.Request) { o.exports.ended(r, 0) }

// ExportsErased counts erased exports.
func (o apiObserver) ExportsErased(_ context.Context, n int64) { o.http.erased.Add(float64(n)) }

// RequestLimited counts a request beyond a limit.
func (o apiObserver) RequestLimited(_ context.Context, policy string) {
	o.http.limited.WithLabelValues(oneOf(policy, limitPolicies)).Inc()
}

// AuditFailed counts a call that is not in the audit log.
func (o apiObserver) AuditFailed(context.Context) { o.http.audit.Inc() }

// Holding records how many requests hold their connection.
func (o apiObserver) Holding(kind string, n int) {
	o.http.held.WithLabelValues(oneOf(kind, heldKinds)).Set(float64(n))
}

// ExportDownloaded counts a full download.
func (o apiObserver) ExportDownloaded(_ context.Context, r export.Request) {
	o.exports.downloaded.WithLabelValues(formatLabel(r.Format)).Inc()
}
