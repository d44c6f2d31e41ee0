package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/letrazapp/letraz-export/internal/dispatch"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/sweep"
)

// dispatchMetrics are about the dispatcher.
type dispatchMetrics struct {
	rounds    *prometheus.CounterVec
	last      prometheus.Gauge
	published prometheus.Counter
	rescued   *prometheus.CounterVec
	announced prometheus.Counter
	held      prometheus.Gauge
}

// Dispatch returns the observer of a dispatcher.
func (m *Metrics) Dispatch() dispatch.Observer {
	if m == nil {
		return nil
	}
	d := &m.dispatch
	if d.rounds != nil { // registered already
		return dispatchObserver{m}
	}
	d.rounds = counters("dispatch", "rounds_total", "Rounds of the dispatcher, by result: ok or failed.", "result")
	d.last = gauge("dispatch", "last_success_time_seconds", "Unix time of the end of the last round that succeeded.")
	d.published = counter("dispatch", "published_total", "Messages that the dispatcher published: of retries, or again.")
	d.rescued = counters("dispatch", "rescued_total", "Exports whose lease ran out, by the status they have now: queued or failed.", "status")
	d.announced = counter("dispatch", "announced_total", "Final statuses that the dispatcher announced because the process that set them had not.")
	d.held = gauge("dispatch", "stream_messages", "Messages in the stream of requests, as last counted.")
	m.register(d.rounds, d.last, d.published, d.rescued, d.announced, d.held)
	for _, result := range []string{"ok", "failed"} {
		d.rounds.WithLabelValues(result)
	}
	for _, s := range []export.Status{export.Queued, export.Failed} {
		d.rescued.WithLabelValues(string(s))
	}
	d.last.SetToCurrentTime() // the time of the start, until there is one
	return dispatchObserver{m}
}

type dispatchObserver struct{ *Metrics }

// Round counts a round.
func (o dispatchObserver) Round(err error) {
	o.dispatch.rounds.WithLabelValues(resultLabel(err)).Inc()
	if err == nil {
		o.dispatch.last.SetToCurrentTime()
	}
}

// Published counts published messages.
func (o dispatchObserver) Published(messages int) { o.dispatch.published.Add(float64(messages)) }

// Rescued counts a rescued export, and its end if no attempt is left.
func (o dispatchObserver) Rescued(r export.Request) {
	o.dispatch.rescued.WithLabelValues(oneOf(r.Status, []export.Status{export.Queued, export.Failed})).Inc()
	o.exports.ended(r, 0)
}

// Announced counts announced statuses.
func (o dispatchObserver) Announced(statuses int) { o.dispatch.announced.Add(float64(statuses)) }

// Held records the number of messages in the stream.
func (o dispatchObserver) Held(messages int) { o.dispatch.held.Set(float64(messages)) }

// sweepMetrics are about the sweeper.
type sweepMetrics struct {
	passes   *prometheus.CounterVec
	last     prometheus.Gauge
	duration prometheus.Histogram
	due      prometheus.Gauge
	oldest   prometheus.Gauge
	files    *prometheus.CounterVec
	purged   prometheus.Counter
	unknown  prometheus.Gauge
}

// Sweep returns the observer of a sweeper.
func (m *Metrics) Sweep() sweep.Observer {
	if m == nil {
		return nil
	}
	s := &m.sweep
	if s.passes != nil { // registered already
		return sweepObserver{m}
	}
	s.passes = counters("sweep", "passes_total", "Passes of the sweeper, by result: ok or failed.", "result")
	s.last = gauge("sweep", "last_success_time_seconds", "Unix time of the end of the last pass that succeeded.")
	s.duration = prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Subsystem: "sweep", Name: "pass_duration_seconds",
		Help: "Time of a pass.", Buckets: works})
	s.due = gauge("sweep", "due", "Exports that were due to expire when the last pass began, counted up to 10,000.")
	s.oldest = gauge("sweep", "lag_seconds", "For how long the oldest of them had been due.")
	s.files = counters("sweep", "files_total", "Files, by what the sweeper did: deleted, failed to delete, orphan (deleted because no row needs it).", "result")
	s.purged = counter("sweep", "purged_total", "Rows that were deleted after their retention.")
	s.unknown = gauge("sweep", "unknown_files", "Files without a row that the last search kept, because the database may be the wrong one.")
	m.register(s.passes, s.last, s.duration, s.due, s.oldest, s.files, s.purged, s.unknown)
	for _, result := range []string{"ok", "failed"} {
		s.passes.WithLabelValues(result)
	}
	for _, result := range []string{"deleted", "failed", "orphan"} {
		s.files.WithLabelValues(result)
	}
	s.last.SetToCurrentTime() // the time of the start, until there is one
	return sweepObserver{m}
}

type sweepObserver struct{ *Metrics }

// Swept counts what a pass did.
func (o sweepObserver) Swept(res sweep.Result, took time.Duration, err error) {
	s := &o.sweep
	s.passes.WithLabelValues(resultLabel(err)).Inc()
	if err == nil {
		s.last.SetToCurrentTime()
	}
	s.duration.Observe(took.Seconds())
	s.due.Set(float64(res.Lag.Due))
	s.oldest.Set(res.Lag.Oldest.Seconds())
	s.files.WithLabelValues("deleted").Add(float64(res.Files))
	s.files.WithLabelValues("failed").Add(float64(res.Failed))
	s.files.WithLabelValues("orphan").Add(float64(res.Orphans))
	s.purged.Add(float64(res.Purged))
	s.unknown.Set(float64(res.Unknown))
	o.exports.finished.WithLabelValues(string(export.Expired), "").Add(float64(res.Expired))
}
