package testenv

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/queue"
)

// NATS starts a server for one test on a loopback port. It stores its data in dir, or in
// a new directory if dir is empty.
func NATS(t testing.TB, dir string) *embedded.NATS {
	t.Helper()
	if dir == "" {
		dir = t.TempDir()
	}
	n, err := embedded.StartNATS(embedded.NATSOptions{Dir: dir, Listen: "127.0.0.1:0", MaxStore: 8 << 30})
	if err != nil {
		t.Fatalf("starting NATS for the test: %v", err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Errorf("stopping NATS: %v", err)
		}
	})
	return n
}

// Queue connects to a server and provisions its streams.
func Queue(t testing.TB, n *embedded.NATS) *queue.Queue {
	t.Helper()
	q, err := queue.Connect(queue.Options{URL: n.URL(), Name: t.Name(), Logger: Logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	if err := q.Provision(ctx); err != nil {
		t.Fatal(err)
	}
	return q
}

// Logger returns a logger that writes to the log of the test.
func Logger(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Eventually waits until ok returns true. It fails the test after ten seconds.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("timed out waiting for: %s", what)
		case <-tick.C:
		}
	}
}
