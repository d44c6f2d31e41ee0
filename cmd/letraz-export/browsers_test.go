package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
)

func TestLogCounts(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	var stats chrome.Stats
	ctx, cancel := context.WithCancel(t.Context())
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() {
		defer close(done)
		logCounts(ctx, ticks, func() chrome.Stats { return stats }, slog.New(slog.NewTextHandler(&out, nil)))
	}()
	stats.Prints = 7
	ticks <- time.Time{}
	ticks <- time.Time{} // nothing new
	cancel()
	<-done
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "counts.prints=7 ") || !strings.Contains(lines[1], "counts.grows=0 ") {
		t.Errorf("it logs\n%s", out.String())
	}
}
