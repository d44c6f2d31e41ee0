package embedded

import (
	"context"
	"errors"
	"log/slog"
	"syscall"
	"time"
)

// Time limits for each way of stopping Postgres. An immediate shutdown kills remaining
// backends after five seconds.
const (
	stopFast      = 20 * time.Second
	stopImmediate = 7 * time.Second
	stopKill      = 5 * time.Second
)

// stop ends a Postgres server by a fast shutdown, then an immediate one, then a kill. ended
// waits up to the given time and reports whether the server has ended.
func stop(signal func(syscall.Signal) error, ended func(time.Duration) bool, log *slog.Logger) error {
	steps := []struct {
		name   string
		signal syscall.Signal
		wait   time.Duration
	}{
		{"fast", syscall.SIGINT, stopFast},
		{"immediate", syscall.SIGQUIT, stopImmediate},
		{"kill", syscall.SIGKILL, stopKill},
	}
	for _, step := range steps {
		if step.signal != syscall.SIGINT {
			log.Warn("postgres did not stop when asked; it will recover at the next start", "next", step.name)
		}
		if err := signal(step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
		if ended(step.wait) {
			return nil
		}
	}
	return errors.New("it outlived a kill signal")
}

// waitFor returns a function that waits for a channel to be closed.
func waitFor(done <-chan struct{}) func(time.Duration) bool {
	return func(limit time.Duration) bool {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		select {
		case <-done:
			return true
		case <-timer.C:
			return false
		}
	}
}

// waitUntilNot waits until the condition is false or ctx ends. It reports false if the limit
// is reached first.
func waitUntilNot(ctx context.Context, so func() bool) func(time.Duration) bool {
	return func(limit time.Duration) bool {
		timer, ticker := time.NewTimer(limit), time.NewTicker(pollInterval)
		defer timer.Stop()
		defer ticker.Stop()
		for so() {
			select {
			case <-ctx.Done():
				return true
			case <-timer.C:
				return false
			case <-ticker.C:
			}
		}
		return true
	}
}
