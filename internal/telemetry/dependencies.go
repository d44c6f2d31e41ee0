package telemetry

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// checkEvery is the shortest time between two checks of the dependencies.
const checkEvery = 5 * time.Second

var dependencyUp = prometheus.NewDesc(prometheus.BuildFQName(namespace, "dependency", "up"),
	"1 if a server that this process needs works, otherwise 0.", []string{"dependency"}, nil)

// Dependency is a server that this process needs, with a check that fails while it does
// not work.
type Dependency struct {
	Name  string
	Check func(ctx context.Context) error
}

// WatchDependencies adds whether each dependency works. They are checked when the metrics
// are read, at the same time and at most every few seconds.
func (m *Metrics) WatchDependencies(all []Dependency) {
	if m != nil {
		m.register(&dependencyCollector{all: all})
	}
}

// dependencyCollector checks the dependencies.
type dependencyCollector struct {
	all []Dependency

	mu      sync.Mutex
	checked time.Time
	up      []float64
}

// Describe is called by Prometheus.
func (c *dependencyCollector) Describe(descs chan<- *prometheus.Desc) { descs <- dependencyUp }

// Collect is called by Prometheus.
func (c *dependencyCollector) Collect(metrics chan<- prometheus.Metric) {
	for i, up := range c.state() {
		metrics <- sample(dependencyUp, up, c.all[i].Name)
	}
}

func (c *dependencyCollector) state() []float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.checked) < checkEvery {
		return c.up
	}
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	up := make([]float64, len(c.all))
	var running sync.WaitGroup
	for i, d := range c.all {
		running.Go(func() {
			if d.Check(ctx) == nil { // the probes log why one fails
				up[i] = 1
			}
		})
	}
	running.Wait()
	c.up, c.checked = up, time.Now()
	return up
}
