package telemetry

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/queue"
)

// databaseMetrics are about statements.
type databaseMetrics struct {
	duration *prometheus.HistogramVec
	errors   *prometheus.CounterVec
}

// Database returns the observer of the database.
func (m *Metrics) Database() postgres.Observer {
	if m == nil {
		return nil
	}
	d := &m.database
	if d.duration != nil { // registered already
		return databaseObserver{m}
	}
	d.duration = histograms("database", "statement_duration_seconds", "Time of a statement, by its name in the program.", calls, "statement")
	d.errors = counters("database", "errors_total", "Statements and connections that failed, by kind: unavailable (the database does not answer), or failed.", "kind")
	m.register(d.duration, d.errors)
	for _, kind := range []string{"unavailable", "failed"} {
		d.errors.WithLabelValues(kind)
	}
	return databaseObserver{m}
}

type databaseObserver struct{ *Metrics }

// Statement records a statement.
func (o databaseObserver) Statement(_ context.Context, name string, took time.Duration, err error) {
	o.database.duration.WithLabelValues(name).Observe(took.Seconds())
	o.failed(err)
}

// Connection records that no connection could be had.
func (o databaseObserver) Connection(err error) { o.failed(err) }

func (o databaseObserver) failed(err error) {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
	case errors.Is(err, export.ErrUnavailable):
		o.database.errors.WithLabelValues("unavailable").Inc()
	default:
		o.database.errors.WithLabelValues("failed").Inc()
	}
}

// WatchDatabase adds the state of the connections.
func (m *Metrics) WatchDatabase(stats func() postgres.Stats) {
	if m == nil {
		return
	}
	m.register(
		gaugeFunc("database", "connections_used", "Database connections in use.", func() float64 { return float64(stats().Used) }),
		gaugeFunc("database", "connections_open", "Database connections that are open.", func() float64 { return float64(stats().Open) }),
		gaugeFunc("database", "connections_max", "Maximum database connections of this process.", func() float64 { return float64(stats().Max) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: namespace, Subsystem: "database", Name: "connection_wait_seconds_total",
			Help: "Time that statements waited for a connection."}, func() float64 { return stats().Waited.Seconds() }),
	)
}

// fileMetrics are about the file store.
type fileMetrics struct {
	duration *prometheus.HistogramVec
	errors   *prometheus.CounterVec
}

// Files returns the observer of the file store.
func (m *Metrics) Files() blob.Observer {
	if m == nil {
		return nil
	}
	f := &m.files
	if f.duration != nil { // registered already
		return fileObserver{m}
	}
	f.duration = histograms("files", "operation_duration_seconds", "Time of an operation of the file store. open does not include reading.", calls, "operation")
	f.errors = counters("files", "errors_total", "Operations of the file store that failed. A file that does not exist is no failure.", "operation")
	m.register(f.duration, f.errors)
	for _, operation := range blob.Operations() {
		f.errors.WithLabelValues(operation)
	}
	return fileObserver{m}
}

type fileObserver struct{ *Metrics }

// Operation records an operation.
func (o fileObserver) Operation(_ context.Context, name string, took time.Duration, err error) {
	o.files.duration.WithLabelValues(name).Observe(took.Seconds())
	if err != nil && !errors.Is(err, blob.ErrNotFound) && !errors.Is(err, context.Canceled) {
		o.files.errors.WithLabelValues(name).Inc()
	}
}

// messageMetrics are about NATS.
type messageMetrics struct {
	published *prometheus.HistogramVec
	errors    *prometheus.CounterVec
}

// Messages returns the observer of the queue.
func (m *Metrics) Messages() queue.Observer {
	if m == nil {
		return nil
	}
	q := &m.messages
	if q.published != nil { // registered already
		return queueObserver{m}
	}
	q.published = histograms("nats", "publish_duration_seconds", "Time until a message is stored, by kind: request or event.", calls, "kind")
	q.errors = counters("nats", "publish_errors_total", "Messages that could not be published, by kind: request or event.", "kind")
	m.register(q.published, q.errors)
	for _, kind := range []string{queue.RequestMessage, queue.EventMessage} {
		q.errors.WithLabelValues(kind)
	}
	return queueObserver{m}
}

type queueObserver struct{ *Metrics }

// Published records a message.
func (o queueObserver) Published(_ context.Context, kind string, took time.Duration, err error) {
	o.messages.published.WithLabelValues(kind).Observe(took.Seconds())
	if err != nil {
		o.messages.errors.WithLabelValues(kind).Inc()
	}
}

// WatchConnection adds the state of the connection to NATS.
func (m *Metrics) WatchConnection(state func() queue.Connection) {
	if m == nil {
		return
	}
	m.register(
		gaugeFunc("nats", "connected", "1 while this process is connected to NATS, otherwise 0.", func() float64 {
			if state().Connected {
				return 1
			}
			return 0
		}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: namespace, Subsystem: "nats", Name: "reconnects_total",
			Help: "Times that the connection to NATS was made again."}, func() float64 { return float64(state().Reconnects) }),
	)
}
