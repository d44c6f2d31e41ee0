package telemetry

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/letrazapp/letraz-export/internal/chrome"
)

// browserMetrics are about browsers.
type browserMetrics struct {
	prints   *prometheus.CounterVec
	duration prometheus.Histogram
	starts   *prometheus.CounterVec
	start    prometheus.Histogram
	recycles *prometheus.CounterVec
}

// Browsers returns the observer of the browsers.
func (m *Metrics) Browsers() chrome.Observer {
	if m == nil {
		return nil
	}
	b := &m.browsers
	if b.prints != nil { // registered already
		return browserObserver{m}
	}
	b.prints = counters("browser", "prints_total", "Attempts to print a document in a browser, by result: ok, timeout, crashed, killed, or failed.", "result")
	b.duration = prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Subsystem: "browser", Name: "print_duration_seconds",
		Help: "Time of one print, also of one that failed.", Buckets: works})
	b.starts = counters("browser", "starts_total", "Browsers that were started after the first, by result: ok or failed.", "result")
	b.start = prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Subsystem: "browser", Name: "start_duration_seconds",
		Help: "Time of starting a browser, also of one that failed.", Buckets: works})
	b.recycles = counters("browser", "recycles_total", "Browsers that were replaced, by reason: count (of documents), age, memory, or other.", "reason")
	m.register(b.prints, b.duration, b.starts, b.start, b.recycles)
	for _, result := range []string{"ok", "timeout", "crashed", "killed", "failed"} {
		b.prints.WithLabelValues(result)
	}
	for _, result := range []string{"ok", "failed"} {
		b.starts.WithLabelValues(result)
	}
	for _, reason := range append(recycleReasons(), other) {
		b.recycles.WithLabelValues(reason)
	}
	return browserObserver{m}
}

func recycleReasons() []string { return []string{"count", "age", "memory"} }

type browserObserver struct{ *Metrics }

// Printed counts an attempt to print.
func (o browserObserver) Printed(took time.Duration, err error) {
	result := resultLabel(err)
	switch {
	case errors.Is(err, chrome.ErrTimeout):
		result = "timeout"
	case errors.Is(err, chrome.ErrCrashed):
		result = "crashed"
	case errors.Is(err, chrome.ErrKilled):
		result = "killed"
	}
	o.browsers.prints.WithLabelValues(result).Inc()
	o.browsers.duration.Observe(took.Seconds())
}

// Started counts the start of a browser.
func (o browserObserver) Started(took time.Duration, err error) {
	o.browsers.starts.WithLabelValues(resultLabel(err)).Inc()
	o.browsers.start.Observe(took.Seconds())
}

// Recycled counts a browser that is replaced.
func (o browserObserver) Recycled(reason string) {
	o.browsers.recycles.WithLabelValues(oneOf(reason, recycleReasons())).Inc()
}

// Slots does nothing: the slots of a worker are those that it takes messages for.
func (o browserObserver) Slots(int, int) {}

// WatchBrowsers adds the browsers' number and memory.
func (m *Metrics) WatchBrowsers(stats func() chrome.Stats) {
	if m == nil {
		return
	}
	m.register(
		gaugeFunc("browser", "processes", "Browsers that run now, including the one on standby.", func() float64 { return float64(stats().Browsers) }),
		gaugeFunc("browser", "memory_bytes", "Private memory of all browsers, as last measured.", func() float64 { return float64(stats().Memory) }),
	)
}

func gaugeFunc(subsystem, name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help}, value)
}
