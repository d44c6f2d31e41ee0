package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
)

// countsEvery is the interval at which the browsers' counts are logged.
const countsEvery = 5 * time.Minute

// logCounts logs the browsers' counts since the start: at each tick if they have changed, and at
// the end.
func logCounts(ctx context.Context, ticks <-chan time.Time, stats func() chrome.Stats, log *slog.Logger) {
	var logged chrome.Stats
	for {
		ended := false
		select {
		case <-ctx.Done():
			ended = true
		case <-ticks:
		}
		if now := stats(); ended || now != logged {
			logged = now
			log.Info("browsers since the start", "counts", now)
		}
		if ended {
			return
		}
	}
}

// countBrowsers runs logCounts until the returned function is called, which waits for it.
func countBrowsers(engine *chrome.Engine, log *slog.Logger) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ticker := time.NewTicker(countsEvery)
	done := make(chan struct{})
	go func() {
		defer close(done)
		logCounts(ctx, ticker.C, engine.Stats, log)
	}()
	return func() error {
		ticker.Stop()
		cancel()
		<-done
		return nil
	}
}
