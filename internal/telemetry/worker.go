package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/worker"
)

// attemptMetrics are about attempts at exports.
type attemptMetrics struct {
	claimed  *prometheus.CounterVec
	finished *prometheus.CounterVec
	duration *prometheus.HistogramVec
	steps    *prometheus.HistogramVec
	reused   prometheus.Counter
	stored   prometheus.Counter
	slots    *prometheus.GaugeVec
}

// Worker returns the observer of a worker.
func (m *Metrics) Worker() worker.Observer {
	if m == nil {
		return nil
	}
	a := &m.attempts
	if a.claimed != nil { // registered already
		return workerObserver{m}
	}
	a.claimed = counters("attempts", "claimed_total", "Attempts that began, by the lane of their message.", "lane")
	a.finished = counters("attempts", "finished_total", "Attempts that ended, by the status that the export has now: ready, failed, or queued again. code is why the attempt failed.", "status", "code")
	a.duration = histograms("attempts", "duration_seconds", "Time from the claim to the end of an attempt.", works, "status")
	a.steps = histograms("attempts", "step_duration_seconds", "Time of a step of an attempt: print (all prints of a document that is made to fit), copy, store.", works, "step")
	a.reused = counter("", "reused_total", "Files that were copied from an export of the same content.")
	a.stored = counter("", "stored_bytes_total", "Bytes of stored files.")
	a.slots = gauges("", "slots", "Slots of this worker by state, busy or idle.", "state")
	m.register(a.claimed, a.finished, a.duration, a.steps, a.reused, a.stored, a.slots)
	for _, lane := range export.MessageLanes() {
		a.claimed.WithLabelValues(string(lane))
	}
	a.slots.WithLabelValues("busy")
	a.slots.WithLabelValues("idle")
	for _, code := range export.FailureCodes() {
		a.finished.WithLabelValues(string(export.Failed), string(code))
	}
	a.finished.WithLabelValues(string(export.Ready), "")
	for _, step := range []string{"print", "copy", "store"} {
		a.steps.WithLabelValues(step)
	}
	return workerObserver{m}
}

type workerObserver struct{ *Metrics }

// Claimed counts an attempt.
func (o workerObserver) Claimed(r export.Request) {
	o.attempts.claimed.WithLabelValues(oneOf(r.MessageLaneOfAttempt(), export.MessageLanes())).Inc()
}

// Printed records the time of printing.
func (o workerObserver) Printed(_ export.Request, took time.Duration) {
	o.attempts.steps.WithLabelValues("print").Observe(took.Seconds())
}

// Reused counts a copy.
func (o workerObserver) Reused(_ export.Request, took time.Duration) {
	o.attempts.reused.Inc()
	o.attempts.steps.WithLabelValues("copy").Observe(took.Seconds())
}

// Stored records a stored file.
func (o workerObserver) Stored(_ export.Request, bytes int64, took time.Duration) {
	o.attempts.stored.Add(float64(bytes))
	o.attempts.steps.WithLabelValues("store").Observe(took.Seconds())
}

// Finished counts the end of an attempt, and of the export if the status is final.
func (o workerObserver) Finished(r export.Request, how worker.Result) {
	o.attempts.finished.WithLabelValues(string(r.Status), codeLabel(how.Code)).Inc()
	o.attempts.duration.WithLabelValues(string(r.Status)).Observe(how.Work.Seconds())
	o.exports.ended(r, how.Total)
}

// Slots records the state of the slots.
func (o workerObserver) Slots(busy, all int) {
	o.attempts.slots.WithLabelValues("busy").Set(float64(busy))
	o.attempts.slots.WithLabelValues("idle").Set(float64(max(all-busy, 0)))
}
