package dispatch

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// run runs the dispatcher until the test ends.
func run(t *testing.T, d *Dispatcher) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { d.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		ended.Wait()
	})
}

func TestWake(t *testing.T) {
	t.Parallel()
	p := setup(t)
	d := p.dispatcher(t, func(c *Config) { c.Every = time.Hour })
	run(t, d)
	for n := range 3 {
		ids := p.requests(t, 2)
		if err := p.store.DispatchFailed(t.Context(), ids); err != nil { // as the API does
			t.Fatal(err)
		}
		for range 100 { // many calls at once, and none blocks
			d.Wake()
		}
		testenv.Eventually(t, "the messages are in the stream", func() bool { return len(p.published(t)) == 2*(n+1) })
	}
}

// The API wakes it with every request while the stream is away.
func TestWake_AfterFailedRound(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 1)
	q := &flaky{Queue: p.queue, called: make(chan struct{}, 1000)}
	d := p.dispatcher(t, func(c *Config) { c.Queue, c.Every = q, time.Hour })
	if err := p.store.DispatchFailed(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	run(t, d)
	<-q.called
	testenv.Eventually(t, "the request is put back", func() bool { return p.publishes(t, ids[0]) == "0" })
	d.Wake()
	if len(d.woken) != 1 || len(q.called) != 0 {
		t.Error("the round that failed was repeated at once")
	}
}

func TestPublish_OldestFirstAfterOutage(t *testing.T) {
	t.Parallel()
	p := setup(t)
	if err := p.nats.Close(); err != nil {
		t.Fatal(err)
	}
	testenv.Eventually(t, "the connection is lost", func() bool { return errors.Is(p.queue.Ping(t.Context()), queue.ErrDisconnected) })
	d := p.dispatcher(t)
	ids := p.requests(t, batch+50)
	for _, id := range ids {
		if err := p.store.DispatchFailed(t.Context(), []string{id}); err != nil { // as the API does
			t.Fatal(err)
		}
	}
	for range 3 { // rounds that fail must not change the order
		if err := d.Round(t.Context()); !errors.Is(err, queue.ErrDisconnected) {
			t.Errorf("error of the round: %v", err)
		}
	}
	p.nats = testenv.RestartNATS(t, p.nats, p.natsDir)
	testenv.Eventually(t, "the queue is back", func() bool { return p.queue.Ping(t.Context()) == nil })
	p.round(t, d)
	same(t, "the stream", p.published(t), ids)
}
