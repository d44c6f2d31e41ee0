package worker

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

var errLost = errors.New("unexpected EOF")

// The statement was executed, but its answer was lost.
func TestComplete_AnswerLost(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	calls := 0
	w := p.worker(t, func(c *Config) {
		c.Store = faultyStore{Store: p.store, complete: func(ctx context.Context, r export.Request, a export.Artifact) (export.Request, error) {
			done, err := p.store.CompleteExport(ctx, r, a)
			if calls++; calls == 1 {
				return export.Request{}, errLost
			}
			return done, err
		}}
	})
	d := p.next(t)
	w.handle(t.Context(), &printer{}, d, stay)
	d.ended(t, "ack")
	done := p.row(t, r.ID)
	if done.Status != export.Ready || calls != 2 || p.waiting(t) != 0 {
		t.Fatalf("%s after %d calls, %d messages", done.Status, calls, p.waiting(t))
	}
	if files := p.stored(t); len(files) != 1 || files[0] != done.Artifact.BlobKey {
		t.Errorf("the row has the file %s, files %q", done.Artifact.BlobKey, files)
	}
	p.announcedOnce(t, r, "ready", done.StatusAt, "")
}

// The export may be ready, so its file must not be deleted.
func TestComplete_OutcomeUnknown(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	w := p.worker(t, func(c *Config) {
		c.Store = faultyStore{
			Store: p.store,
			complete: func(ctx context.Context, r export.Request, a export.Artifact) (export.Request, error) {
				if _, err := p.store.CompleteExport(ctx, r, a); err != nil {
					return export.Request{}, err // fenced by the first call
				}
				return export.Request{}, errLost
			},
			read: func(context.Context, string) (export.Request, error) { return export.Request{}, errLost },
		}
	})
	d := p.next(t)
	w.handle(t.Context(), &printer{}, d, stay)
	d.ended(t, "return")
	done := p.row(t, r.ID)
	if files := p.stored(t); done.Status != export.Ready || len(files) != 1 || files[0] != done.Artifact.BlobKey {
		t.Errorf("the row is %s with the file %s, files %q", done.Status, done.Artifact.BlobKey, files)
	}
}

// The row is claimed with a lease that no worker knows.
func TestClaim_AnswerLost(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	w := p.worker(t, func(c *Config) {
		c.Store = faultyStore{Store: p.store, claim: func(ctx context.Context, m export.Message, lease time.Duration) (export.Request, error) {
			if _, err := p.store.ClaimExport(ctx, m, lease); err != nil {
				return export.Request{}, err
			}
			return export.Request{}, errLost
		}}
	})
	d := p.next(t)
	w.handle(t.Context(), &printer{}, d, stay)
	d.ended(t, "return")
	testenv.Exec(t, p.url, "UPDATE export_request SET lease_until = now()")
	if rescued, err := p.store.RescueExports(t.Context(), 10); err != nil || len(rescued) != 1 {
		t.Fatalf("rescued %d, %v", len(rescued), err)
	}
	p.worker(t).handle(t.Context(), &printer{}, p.nextRetry(t), stay)
	if got := p.row(t, r.ID); got.Status != export.Ready || got.Attempt != 2 {
		t.Errorf("%s after %d attempts", got.Status, got.Attempt)
	}
}

// The repeat of the write finds the row failed.
func TestFail_AnswerLost(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	testenv.Exec(t, p.url, "DELETE FROM resumes")
	w := p.worker(t, func(c *Config) {
		c.Store = faultyStore{Store: p.store, fail: func(ctx context.Context, r export.Request, f export.Failure) (export.Request, error) {
			if _, err := p.store.FailExport(ctx, r, f); err != nil {
				return export.Request{}, err
			}
			return export.Request{}, errLost
		}}
	})
	d := p.next(t)
	w.handle(t.Context(), &printer{}, d, stay)
	d.ended(t, "ack")
	if got := p.row(t, r.ID); got.Status != export.Failed || got.Attempt != 1 || p.waiting(t) != 0 {
		t.Errorf("%s after %d attempts, %d messages", got.Status, got.Attempt, p.waiting(t))
	}
}

// The database goes away when the file is stored and comes back later: the lease
// runs out, the rescuer returns the row, and the work is done again.
func TestConclude_DatabaseAway(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	d := p.next(t)
	var end func()
	page := &printer{do: func(context.Context) error {
		end = testenv.Outage(t, p.url)
		return nil
	}}
	w := p.worker(t, func(c *Config) { c.Lease = 200 * time.Millisecond })
	w.handle(t.Context(), page, d, stay)
	end()
	d.ended(t, "return")
	if d.delay != w.Lease || len(p.stored(t)) != 1 {
		t.Errorf("the message is returned for %s, files %q", d.delay, p.stored(t))
	}
	// Whoever held a broken connection notices now.
	p.store = testenv.Open(t, p.url, postgres.Options{})
	if got := p.row(t, r.ID); got.Status != export.Rendering {
		t.Fatalf("the export is %s", got.Status)
	}
	testenv.Eventually(t, "the lease has expired", func() bool {
		rescued, err := p.store.RescueExports(t.Context(), 10)
		return err == nil && len(rescued) == 1
	})
	p.worker(t).handle(t.Context(), &printer{}, p.nextRetry(t), stay)
	done := p.row(t, r.ID)
	if done.Status != export.Ready || done.Attempt != 2 || !slices.Contains(p.stored(t), done.Artifact.BlobKey) {
		t.Errorf("%s after %d attempts, files %q", done.Status, done.Attempt, p.stored(t))
	}
}

// All connections of the pool broke while a page was printed, as when Postgres is restarted.
func TestConclude_BrokenConnections(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	d := p.next(t)
	p.worker(t).handle(t.Context(), &printer{do: func(context.Context) error {
		testenv.Outage(t, p.url)()
		return nil
	}}, d, stay)
	d.ended(t, "ack")
	if got := p.row(t, r.ID); got.Status != export.Ready || got.Attempt != 1 {
		t.Errorf("%s after %d attempts", got.Status, got.Attempt)
	}
}

// An acknowledgement that is lost brings the message again, to a finished request.
func TestConclude_AcknowledgementLost(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	w, page := p.worker(t), &printer{}
	d := p.next(t)
	d.ackErr = errLost
	w.handle(t.Context(), page, d, stay)
	again := &delivery{Delivery: d.Delivery}
	w.handle(t.Context(), page, again, stay)
	again.ended(t, "ack")
	if got := p.row(t, r.ID); got.Status != export.Ready || page.prints != 1 || p.waiting(t) != 0 {
		t.Errorf("%s after %d prints, %d messages", got.Status, page.prints, p.waiting(t))
	}
}

// The server goes away with the message in hand and comes back on the same store.
func TestRun_NATSRestarts(t *testing.T) {
	t.Parallel()
	p := setup(t)
	first := p.request(t)
	started, goOn := make(chan struct{}, 2), make(chan struct{})
	var loads atomic.Int32
	p.run(t, func(c *Config) {
		c.Store = faultyStore{Store: p.store, load: func(ctx context.Context, id, jobID string) (resume.Resume, error) {
			loads.Add(1)
			started <- struct{}{}
			<-goOn
			return p.store.LoadResume(ctx, id, jobID)
		}}
	})
	<-started
	p.nats = testenv.RestartNATS(t, p.nats, p.natsDir)
	testenv.Eventually(t, "the queue is back", func() bool { return p.queue.Ping(t.Context()) == nil })
	close(goOn)
	p.becomes(t, first.ID, export.Ready)
	testenv.Eventually(t, "the message is acknowledged", func() bool { return p.waiting(t) == 0 })
	second := p.request(t)
	p.becomes(t, second.ID, export.Ready)
	testenv.Eventually(t, "the second message is acknowledged", func() bool { return p.waiting(t) == 0 })
	if n := loads.Load(); n != 2 {
		t.Errorf("%d attempts for two exports", n)
	}
}
