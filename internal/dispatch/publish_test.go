package dispatch

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// The API records a request while the stream is away; nobody publishes it but the dispatcher.
func TestPublish_NATSDown(t *testing.T) {
	t.Parallel()
	p := setup(t)
	// The address of a server that is down.
	if err := p.nats.Close(); err != nil {
		t.Fatal(err)
	}
	testenv.Eventually(t, "the connection is lost", func() bool { return errors.Is(p.queue.Ping(t.Context()), queue.ErrDisconnected) })
	ids := p.requests(t, 3)
	p.due(t)
	d := p.dispatcher(t)
	if err := d.Round(t.Context()); !errors.Is(err, queue.ErrDisconnected) {
		t.Errorf("error of the round: %v", err)
	}
	for _, id := range ids {
		if r, n := p.row(t, id), p.publishes(t, id); r.Status != export.Queued || n != "1" {
			t.Errorf("%s is %s, published %s times", id, r.Status, n)
		}
	}
	p.nats = testenv.RestartNATS(t, p.nats, p.natsDir)
	testenv.Eventually(t, "the queue is back", func() bool { return p.queue.Ping(t.Context()) == nil })
	// No help with the time here: the failed round put them back for its next one.
	testenv.Eventually(t, "the messages are in the stream", func() bool {
		p.round(t, d)
		return len(p.published(t)) == 3
	})
	same(t, "the stream", p.published(t), ids)
}

func TestPublish_MessageIsThere(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 2)
	d := p.dispatcher(t)
	p.round(t, d)
	same(t, "before it is due", p.published(t), nil)
	for range 3 {
		p.due(t)
		p.round(t, d)
	}
	same(t, "after three rounds", p.published(t), ids)
}

// Without this a long queue would be published again every few seconds.
func TestPublish_RepeatsAreDueLater(t *testing.T) {
	t.Parallel()
	p := setup(t)
	id := p.requests(t, 1)[0]
	d := p.dispatcher(t)
	last := ""
	for range 4 {
		p.due(t)
		p.round(t, d)
		wait := testenv.Value(t, p.url, "SELECT lpad(extract(epoch FROM dispatch_due_at - dispatched_at)::int::text, 6, '0') FROM export_request WHERE id = $1", id)
		if wait <= last || wait > "003600" {
			t.Errorf("due again after %s s, before after %s s", wait, last)
		}
		last = wait
	}
}

func TestPublish_OldestFirst(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 10)
	// Written last to first, the rows lie and are due in that order.
	for _, id := range slices.Backward(ids) {
		testenv.Exec(t, p.url, "UPDATE export_request SET dispatch_due_at = now() WHERE id = $1", id)
	}
	p.round(t, p.dispatcher(t))
	same(t, "the stream", p.published(t), ids)
}

func TestPublish_StreamRefuses(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 10)
	p.due(t)
	q := &flaky{Queue: p.queue, accept: 4}
	d := p.dispatcher(t, func(c *Config) { c.Queue, c.Every = q, time.Millisecond })
	if err := d.Round(t.Context()); !errors.Is(err, errStream) {
		t.Fatalf("error of the round: %v", err)
	}
	if q.attempts != 5 {
		t.Errorf("%d calls of Publish, want it to stop after the fifth, which failed", q.attempts)
	}
	same(t, "the stream", p.published(t), ids[:4])
	for i, id := range ids {
		if want := strconv.Itoa(1 + min(1, max(0, 4-i))); p.publishes(t, id) != want {
			t.Errorf("request %d counts %s publishes, want %s", i, p.publishes(t, id), want)
		}
	}
	q.accept = 1000
	testenv.Eventually(t, "the rest is published", func() bool {
		p.round(t, d)
		return len(p.published(t)) == 10
	})
	same(t, "the stream", p.published(t), ids)
}

// The requests are put back although the round's context has ended.
func TestPublish_RoundStopped(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 3)
	p.due(t)
	ctx, cancel := context.WithCancel(t.Context())
	d := p.dispatcher(t, func(c *Config) { c.Queue, c.Every = stopping{p.queue, cancel}, time.Millisecond })
	if err := d.Round(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error of the round: %v", err)
	}
	d = p.dispatcher(t)
	testenv.Eventually(t, "the messages are in the stream", func() bool {
		p.round(t, d)
		return len(p.published(t)) == 3
	})
	same(t, "the stream", p.published(t), ids)
}

// stopping ends the round's context before it publishes.
type stopping struct {
	*queue.Queue
	cancel func()
}

func (q stopping) PublishRequest(ctx context.Context, r export.Request) error {
	q.cancel()
	return q.Queue.PublishRequest(ctx, r)
}

func TestPublish_ManyDispatchers(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 2*batch+50) // more than one batch for each
	p.due(t)
	var rounds sync.WaitGroup
	queues := make([]*flaky, 3)
	for i := range queues {
		queues[i] = &flaky{Queue: p.queue, accept: len(ids)}
		d := p.dispatcher(t, func(c *Config) { c.Queue = queues[i] })
		rounds.Go(func() {
			if err := d.Round(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	rounds.Wait()
	total := 0
	for _, q := range queues {
		total += q.attempts
	}
	if total != len(ids) {
		t.Errorf("%d publishes for %d requests", total, len(ids))
	}
	got := p.published(t)
	slices.Sort(got)
	same(t, "the stream", got, ids)
}

func TestPublish_WaitingRequestsOnly(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 5)
	p.finish(t, ids[1])
	if _, err := p.store.CancelExport(t.Context(), ids[2]); err != nil {
		t.Fatal(err)
	}
	p.due(t)
	testenv.Exec(t, p.url, "UPDATE export_request SET next_attempt_at = now() + interval '1 h' WHERE id = $1", ids[3])
	testenv.Exec(t, p.url, "UPDATE export_request SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h' WHERE id = $1", ids[4])
	p.round(t, p.dispatcher(t))
	same(t, "the stream", p.published(t), ids[:1])
}

func TestRestore_StreamLostEverything(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 3)
	p.due(t)
	d := p.dispatcher(t)
	p.round(t, d)
	if err := p.nats.Close(); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	p.nats = testenv.RestartNATS(t, p.nats, empty)
	p.due(t)
	// Only the dispatcher creates the streams, and it has just checked them. A round that
	// fails because they are missing makes the next one check again.
	d.RestoreEvery = time.Hour
	testenv.Eventually(t, "a round succeeds", func() bool { return d.Round(t.Context()) == nil })
	p.due(t) // what a failed round put back rests a little
	p.round(t, d)
	same(t, "the new stream", p.published(t), ids)
}

func TestRestore_NothingToPublish(t *testing.T) {
	t.Parallel()
	p := setup(t)
	d := p.dispatcher(t, func(c *Config) { c.RestoreEvery = time.Nanosecond })
	p.round(t, d)
	if err := p.nats.Close(); err != nil {
		t.Fatal(err)
	}
	p.nats = testenv.RestartNATS(t, p.nats, t.TempDir())
	testenv.Eventually(t, "the streams are there again", func() bool {
		return d.Round(t.Context()) == nil && p.queue.Ping(t.Context()) == nil
	})
}

// Published often in vain, a request would be due again only in an hour.
func TestRestore_MessagesLost(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 3)
	p.due(t)
	p.round(t, p.dispatcher(t))
	testenv.Exec(t, p.url, "UPDATE export_request SET dispatched_at = now() - interval '1 h', dispatch_due_at = now() + interval '1 h'")
	testenv.Purge(t, p.nats, "EXPORTS")
	p.round(t, p.dispatcher(t))
	same(t, "the purged stream", p.published(t), ids)
	p.round(t, p.dispatcher(t))
	same(t, "another round", p.published(t), ids)
}
