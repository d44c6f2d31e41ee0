package telemetry

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/letrazapp/letraz-export/internal/export"
)

// QueueReader reads the state of the queue. It caches it, so that scrapes cannot load the
// database.
type QueueReader interface {
	State(ctx context.Context) (export.QueueState, error)
}

// scrapeTimeout bounds what a scrape waits for. Prometheus waits for 10 s by default.
const scrapeTimeout = 4 * time.Second

// WatchQueue adds the state of the queue, which is read when the metrics are. While it
// cannot be read, its metrics are missing, and database_errors_total says why.
func (m *Metrics) WatchQueue(q QueueReader) {
	if m != nil {
		m.register(queueCollector{q})
	}
}

type queueCollector struct{ reader QueueReader }

func queueDesc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(namespace, "queue", name), help, labels, nil)
}

var (
	queueWaiting   = queueDesc("waiting", "Exports that wait for a worker and may be claimed now.", "lane")
	queueOldest    = queueDesc("oldest_seconds", "For how long the first of them has been waiting.", "lane")
	queueResting   = queueDesc("resting", "Exports that wait for the time of their next attempt.", "lane")
	queueRendering = queueDesc("rendering", "Exports that a worker has claimed.", "lane")
	queueLag       = queueDesc("lag_seconds", "For how long the oldest row has been due, by what it is due for: publish, rescue, announce, sweep.", "task")
)

// Describe is called by Prometheus.
func (queueCollector) Describe(descs chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{queueWaiting, queueOldest, queueResting, queueRendering, queueLag} {
		descs <- d
	}
}

// Collect is called by Prometheus.
func (c queueCollector) Collect(metrics chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	state, err := c.reader.State(ctx)
	if err != nil {
		return // counted by the observer of the database
	}
	send := func(d *prometheus.Desc, value float64, label string) {
		metrics <- sample(d, value, label)
	}
	for _, l := range state.Lanes {
		lane := oneOf(l.Lane, append(export.Lanes(), export.Retries))
		send(queueWaiting, float64(l.Waiting), lane)
		send(queueOldest, l.Oldest.Seconds(), lane)
		send(queueResting, float64(l.Resting), lane)
		send(queueRendering, float64(l.Rendering), lane)
	}
	send(queueLag, state.Lag.Publish.Seconds(), "publish")
	send(queueLag, state.Lag.Rescue.Seconds(), "rescue")
	send(queueLag, state.Lag.Announce.Seconds(), "announce")
	send(queueLag, state.Lag.Sweep.Seconds(), "sweep")
}
