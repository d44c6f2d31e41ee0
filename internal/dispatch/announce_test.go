package dispatch

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/announce"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestAnnounce_RepeatedUntilMarked(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 2)
	p.finish(t, ids[0])
	q := &flaky{Queue: p.queue, accept: 1000}
	// The event is published, but marking it fails.
	forgetful := p.dispatcher(t, func(c *Config) { c.Announcer = announce.New(unmarked{p.store}, announce.Stream{Publisher: q}) })
	for range 2 {
		if err := forgetful.Round(t.Context()); !errors.Is(err, errMark) {
			t.Fatalf("error of the round: %v", err)
		}
	}
	if q.attempts != 2 || testenv.Value(t, p.url, "SELECT announced FROM export_request WHERE id = $1", ids[0]) != "" {
		t.Errorf("%d events", q.attempts)
	}
	d := p.dispatcher(t, func(c *Config) { c.Queue = q })
	p.round(t, d)
	p.round(t, d)
	if q.attempts != 3 || testenv.Value(t, p.url, "SELECT announced FROM export_request WHERE id = $1", ids[0]) != "ready" {
		t.Errorf("%d events; a marked one is not published again", q.attempts)
	}
	// The stream drops the repeats.
	same(t, "the events", p.events(t), []string{"ready." + ids[0]})
}

func TestAnnounce_FinalStatuses(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 5)
	p.finish(t, ids[0])
	failing, err := p.store.ClaimExport(t.Context(), export.Message{ExportID: ids[1]}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.store.FailExport(t.Context(), failing, export.Failure{Code: export.Internal, Message: "m"}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.store.CancelExport(t.Context(), ids[2]); err != nil {
		t.Fatal(err)
	}
	if _, err := p.store.ClaimExport(t.Context(), export.Message{ExportID: ids[3]}, time.Minute); err != nil {
		t.Fatal(err)
	}
	p.round(t, p.dispatcher(t))
	events := slices.Sorted(slices.Values(p.events(t))) // they are published side by side
	same(t, "the events", events, []string{"canceled." + ids[2], "failed." + ids[1], "ready." + ids[0]})

	// What was announced as ready is announced as expired in its time.
	testenv.Exec(t, p.url, "UPDATE export_request SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h' WHERE id = $1", ids[0])
	if n, err := p.store.FinishSweep(t.Context(), ids[:1]); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	p.round(t, p.dispatcher(t))
	if got := p.events(t); len(got) != 4 || got[3] != "expired."+ids[0] {
		t.Errorf("the events are %q", got)
	}
}

// Whoever ended a request announces it first; the dispatcher only makes up for it.
func TestAnnounce_LeavesTimeToOthers(t *testing.T) {
	t.Parallel()
	p := setup(t)
	id := p.requests(t, 1)[0]
	p.finish(t, id)
	p.round(t, p.dispatcher(t, func(c *Config) { c.AnnounceAfter = time.Hour }))
	same(t, "the events", p.events(t), nil)
	testenv.Exec(t, p.url, "UPDATE export_request SET status_at = status_at - interval '1 h'")
	p.round(t, p.dispatcher(t, func(c *Config) { c.AnnounceAfter = time.Hour }))
	same(t, "the events", p.events(t), []string{"ready." + id})
}

func TestAnnounce_StreamRefuses(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 3)
	for _, id := range ids {
		p.finish(t, id)
	}
	q := &flaky{Queue: p.queue, accept: 2}
	d := p.dispatcher(t, func(c *Config) { c.Queue = q })
	if err := d.Round(t.Context()); !errors.Is(err, errStream) {
		t.Fatalf("error of the round: %v", err)
	}
	if n := testenv.Value(t, p.url, "SELECT count(*) FROM export_request WHERE announced = 'ready'"); n != "2" {
		t.Errorf("%s rows are marked", n)
	}
	q.accept = 1000
	p.round(t, d)
	if q.attempts != 4 {
		t.Errorf("%d publishes for three events of which one was refused", q.attempts)
	}
	same(t, "the events", slices.Sorted(slices.Values(p.events(t))), []string{"ready." + ids[0], "ready." + ids[1], "ready." + ids[2]})
}

// A part that fails does not stop the others.
func TestRound_PartFails(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 2)
	p.finish(t, ids[0])
	p.due(t)
	d := p.dispatcher(t, func(c *Config) { c.Store = unrescuing{c.Store} })
	if err := d.Round(t.Context()); !errors.Is(err, errRescue) {
		t.Errorf("error of the round: %v", err)
	}
	same(t, "the stream", p.published(t), ids[1:])
	same(t, "the events", p.events(t), []string{"ready." + ids[0]})
}

func TestRun_RepeatsFailedRounds(t *testing.T) {
	t.Parallel()
	p := setup(t)
	q := &flaky{Queue: p.queue, called: make(chan struct{}, 1000)} // refuses everything
	id := p.requests(t, 1)[0]
	p.due(t)
	d := p.dispatcher(t, func(c *Config) { c.Queue, c.Every = q, time.Millisecond })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.Run(ctx)
	}()
	for range 3 { // a round that fails is followed by another
		select {
		case <-q.called:
		case <-time.After(10 * time.Second):
			t.Error("there is no further round")
		}
	}
	cancel()
	<-done
	if r, n := p.row(t, id), p.publishes(t, id); r.Status != export.Queued || n != "1" {
		t.Errorf("%s, published %s times", r.Status, n)
	}
}

// Run ends at once while it waits.
func TestRun_StopsWhileWaiting(t *testing.T) {
	t.Parallel()
	p := setup(t)
	id := p.requests(t, 1)[0]
	p.finish(t, id)
	d := p.dispatcher(t, func(c *Config) { c.Every = time.Hour })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.Run(ctx)
	}()
	testenv.Eventually(t, "the first round is over", func() bool {
		return testenv.Value(t, p.url, "SELECT announced FROM export_request") == "ready"
	})
	cancel()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("Run has not returned")
	}
}

var (
	errMark   = errors.New("the mark was not written")
	errRescue = errors.New("rescuing failed")
)

// unmarked cannot write marks.
type unmarked struct{ *postgres.Store }

func (unmarked) MarkAnnounced(context.Context, []export.Request) error { return errMark }

// unrescuing cannot rescue.
type unrescuing struct{ Store }

func (unrescuing) RescueExports(context.Context, int) ([]export.Request, error) {
	return nil, errRescue
}
