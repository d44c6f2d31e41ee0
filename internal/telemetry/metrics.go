// Package telemetry measures the service for Prometheus. It implements the observers that
// the other packages declare, so that none of them knows it: cmd wires them.
//
// Every metric is registered in a registry of its own, never in the global one. The values
// of a label come from a fixed list (see labels.go): no id, path or text of a caller or a
// resume ever becomes one.
package telemetry

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// namespace begins the name of every metric of the service.
const namespace = "letraz_export"

// Metrics holds the metrics of a process. Its methods that return an observer return nil
// for a nil Metrics: nothing is observed then, at no cost.
type Metrics struct {
	registry *prometheus.Registry

	mu     sync.Mutex
	faults []error // of register

	exports  exportMetrics
	http     httpMetrics
	attempts attemptMetrics
	browsers browserMetrics
	database databaseMetrics
	files    fileMetrics
	messages messageMetrics
	dispatch dispatchMetrics
	sweep    sweepMetrics
}

// Options describe the process.
type Options struct {
	Version string
	Role    string // the command, such as worker
}

// New returns the metrics of this process: those of the Go runtime, of the process and of
// the build. A metric of a role appears with the first call of the role's observer.
func New(o Options) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.register(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		constant("info", "Version and role of this process. The value is always 1.",
			1, prometheus.Labels{"version": o.Version, "role": o.Role, "go_version": runtime.Version()}),
		startTime(o.Role),
	)
	m.exports.add(m)
	return m
}

// register adds collectors. Err returns what was wrong with them.
func (m *Metrics) register(all ...prometheus.Collector) {
	for _, c := range all {
		if err := m.registry.Register(c); err != nil {
			m.mu.Lock()
			m.faults = append(m.faults, err)
			m.mu.Unlock()
		}
	}
}

// Err returns why metrics are missing, or nil: two have the same name, or a name is invalid.
func (m *Metrics) Err() error {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(m.faults...); err != nil {
		return fmt.Errorf("registering metrics: %w", err)
	}
	return nil
}

// sample returns a value that was read for a scrape. If it does not fit its description,
// the scrape reports that.
func sample(d *prometheus.Desc, value float64, label string) prometheus.Metric {
	s, err := prometheus.NewConstMetric(d, prometheus.GaugeValue, value, label)
	if err != nil {
		return prometheus.NewInvalidMetric(d, err)
	}
	return s
}

// Handler serves the metrics in the formats of Prometheus and OpenMetrics. If a value
// cannot be read, the others are served nevertheless.
func (m *Metrics) Handler(log *slog.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog:            slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ErrorHandling:       promhttp.ContinueOnError,
		Registry:            m.registry, // counts the scrapes that failed
		MaxRequestsInFlight: 4,
		EnableOpenMetrics:   true,
	})
}

// constant returns a gauge that never changes.
func constant(name, help string, value float64, labels prometheus.Labels) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help, ConstLabels: labels},
		func() float64 { return value })
}

// startTime returns the gauge that alerts on restarts read. process_start_time_seconds has
// no role.
func startTime(role string) prometheus.Collector {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: "start_time_seconds",
		Help: "Unix time at which this process started, with its role.", ConstLabels: prometheus.Labels{"role": role}})
	g.SetToCurrentTime()
	return g
}

// The following make the kinds of metrics that this package uses.

func counter(subsystem, name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help})
}

func counters(subsystem, name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help}, labels)
}

func gauge(subsystem, name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help})
}

func gauges(subsystem, name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help}, labels)
}

func histograms(subsystem, name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help, Buckets: buckets}, labels)
}

// Buckets of durations, in seconds.
var (
	// waits are from the creation of an export to its end.
	waits = []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800}
	// works are of a whole attempt, a step of it, or an HTTP request.
	works = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60}
	// calls are of one call of the database, the file store or NATS.
	calls = []float64{.0005, .002, .01, .05, .25, 1, 5}
)
