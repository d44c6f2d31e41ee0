package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/letrazapp/letraz-export/internal/export"
)

// exportMetrics are about exports, whichever role ends them.
type exportMetrics struct {
	accepted   *prometheus.CounterVec
	finished   *prometheus.CounterVec
	ready      *prometheus.HistogramVec
	downloaded *prometheus.CounterVec
}

// add adds the metrics about exports, which every role has.
func (m *exportMetrics) add(to *Metrics) {
	m.accepted = counters("", "accepted_total", "Exports that were answered with 202, without repeats of an earlier request.", "format", "lane")
	m.finished = counters("", "finished_total", "Exports that reached a final status. code is the failure code of failed ones.", "status", "code")
	m.ready = histograms("", "time_to_ready_seconds", "Time from the acceptance of an export until it is ready.", waits, "lane")
	m.downloaded = counters("", "downloaded_total", "Full downloads.", "format")
	to.register(m.accepted, m.finished, m.ready, m.downloaded)
	// So that rates are right from the first event on.
	for _, lane := range export.Lanes() {
		m.accepted.WithLabelValues(string(export.FormatTable()[0].Name), string(lane))
		m.ready.WithLabelValues(string(lane))
	}
	for _, s := range []export.Status{export.Ready, export.Canceled, export.Expired} {
		m.finished.WithLabelValues(string(s), "")
	}
	for _, c := range export.FailureCodes() {
		m.finished.WithLabelValues(string(export.Failed), string(c))
	}
}

// ended counts an export that reached a final status.
func (m *exportMetrics) ended(r export.Request, total time.Duration) {
	if !r.Status.Final() {
		return
	}
	code := export.FailureCode("")
	if r.Status == export.Failed && r.Failure != nil {
		code = r.Failure.Code
	}
	m.finished.WithLabelValues(string(r.Status), codeLabel(code)).Inc()
	if r.Status == export.Ready {
		m.ready.WithLabelValues(laneLabel(r.Lane)).Observe(total.Seconds())
	}
}
