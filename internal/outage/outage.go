// Package outage logs faults that repeat: the first failure at once, the following
// ones as a count now and then, and the end with how many there were and for how
// long. It knows nothing of the project.
package outage

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Log logs one kind of fault, such as a server that cannot be reached. It is safe for
// concurrent use.
type Log struct {
	logger *slog.Logger
	o      Options

	mu       sync.Mutex
	failures int       // since the first one that is not over
	since    time.Time // when that was
	said     time.Time // when a failure was logged last
}

// Options configure a Log.
type Options struct {
	// Fault is the message of a failure: what fails, its consequence, what to do.
	Fault string
	// Over is the message when the fault ends. If it is empty, the end is not logged, and
	// failures are only counted.
	Over string
	// Level of a failure. Default: info.
	Level slog.Level
	// Every is the interval between messages while the failures continue. Default 10 min.
	Every time.Duration
}

// New returns a Log that writes to the logger.
func New(logger *slog.Logger, o Options) *Log {
	if o.Every == 0 {
		o.Every = 10 * time.Minute
	}
	return &Log{logger: logger, o: o}
}

// Failed counts a failure. It is logged, with the attributes, when it is the first
// one, or the last message is some time ago.
func (l *Log) Failed(err error, attributes ...any) {
	l.mu.Lock()
	l.failures++
	now := time.Now()
	if l.failures == 1 {
		l.since = now
	}
	failures, since := l.failures, l.since
	say := failures == 1 || now.Sub(l.said) >= l.o.Every
	if say {
		l.said = now
	}
	l.mu.Unlock()
	if !say {
		return
	}
	if failures > 1 {
		attributes = append(attributes, "failures", failures, "for_seconds", int64(now.Sub(since).Seconds()))
	}
	if err != nil {
		attributes = append(attributes, "error", err)
	}
	l.logger.Log(context.Background(), l.o.Level, l.o.Fault, attributes...)
}

// Recovered ends the outage, if there is one.
func (l *Log) Recovered() {
	l.mu.Lock()
	failures, since := l.failures, l.since
	l.failures = 0
	l.mu.Unlock()
	if failures > 0 && l.o.Over != "" {
		l.logger.Info(l.o.Over, "failures", failures, "seconds", int64(time.Since(since).Seconds()))
	}
}
