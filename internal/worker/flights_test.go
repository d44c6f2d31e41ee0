package worker

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// crew is one worker with several slots that received equal requests at the same time. The
// first of them, the leader, prints; the followers wait.
type crew struct {
	*fixture
	worker    *Worker
	page      *printer
	leader    export.Request
	followers []export.Request
}

// equalAtOnce handles a leader and followers at the same time. The leader's print waits until
// every other request is claimed and then calls lead; later prints succeed at once.
func equalAtOnce(t *testing.T, followers int, lead func(*crew, context.Context) error, changes ...func(*Config)) *crew {
	t.Helper()
	c := &crew{fixture: setup(t)}
	c.worker = c.fixture.worker(t, append([]func(*Config){reusing}, changes...)...)
	work, shutdown := context.WithCancelCause(t.Context())
	defer shutdown(nil)
	leading := make(chan struct{})
	var first atomic.Bool
	c.page = &printer{do: func(ctx context.Context) (err error) {
		if !first.CompareAndSwap(false, true) {
			return nil
		}
		close(leading)
		testenv.Eventually(t, "all exports are claimed", func() bool {
			return testenv.Value(t, c.url, "SELECT count(*) FROM export_request WHERE status <> 'queued'") == testenv.Value(t, c.url, "SELECT count(*) FROM export_request") &&
				testenv.Value(t, c.url, "SELECT count(*) > $1 FROM export_request", followers) == "true"
		})
		if err = lead(c, ctx); errors.Is(err, errShutdown) {
			shutdown(err)
		}
		return err
	}}
	var slots sync.WaitGroup
	c.leader = c.request(t)
	d := c.next(t)
	slots.Go(func() { c.worker.handle(work, c.page, d, stay) })
	<-leading
	for range followers {
		c.followers = append(c.followers, c.request(t))
		d := c.next(t)
		slots.Go(func() { c.worker.handle(t.Context(), c.page, d, stay) })
	}
	slots.Wait()
	if n := len(c.worker.flights.done); n != 0 {
		t.Errorf("%d flights have not ended", n)
	}
	return c
}

// allReady checks that the followers are ready with their own bytes.
func (c *crew) allReady(t *testing.T) {
	t.Helper()
	for _, f := range c.followers {
		if r := c.row(t, f.ID); r.Status != export.Ready || r.Attempt != 1 {
			t.Errorf("a follower is %s after %d attempts", r.Status, r.Attempt)
		} else {
			c.bytesOf(t, r)
		}
	}
}

func TestFlights_EqualRequestsCostOnePrint(t *testing.T) {
	t.Parallel()
	c := equalAtOnce(t, 9, func(*crew, context.Context) error { return nil })
	if c.page.prints != 1 {
		t.Errorf("%d prints", c.page.prints)
	}
	c.allReady(t)
	if files := c.stored(t); len(files) != 10 {
		t.Errorf("%d files", len(files))
	}
}

// What ends the leader's work is no concern of its followers: one of them makes
// the bytes, and the others copy them.
func TestFlights_LeaderFails(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lead   func(*crew, context.Context) error
		status export.Status
	}{
		"failed":   {func(*crew, context.Context) error { return errors.New("no luck") }, export.Queued},
		"shut off": {func(*crew, context.Context) error { return errShutdown }, export.Queued},
		"panicked": {func(*crew, context.Context) error { panic("no luck") }, export.Queued},
		"fenced out": {func(c *crew, ctx context.Context) error {
			_, err := c.store.CancelExport(ctx, c.leader.ID)
			return err
		}, export.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := equalAtOnce(t, 4, tc.lead)
			c.allReady(t)
			if r := c.row(t, c.leader.ID); r.Status != tc.status {
				t.Errorf("the leader's request is %s", r.Status)
			}
			if files := c.stored(t); c.page.prints != 2 || len(files) != 4 {
				t.Errorf("%d prints, %d files", c.page.prints, len(files))
			}
		})
	}
}

func TestFlights_LeaderHangs(t *testing.T) {
	t.Parallel()
	c := equalAtOnce(t, 2, func(c *crew, ctx context.Context) error {
		<-ctx.Done() // the deadline of the attempt
		return ctx.Err()
	}, func(c *Config) { c.Deadline = 16 * time.Second }) // followers wait for a quarter of it
	c.allReady(t)
	if c.page.prints != 3 {
		t.Errorf("%d prints", c.page.prints)
	}
}

// A follower that is canceled while it waits goes at once, and prints nothing.
func TestFlights_FollowerLosesLease(t *testing.T) {
	t.Parallel()
	c := equalAtOnce(t, 1, func(c *crew, ctx context.Context) error {
		var id string
		testenv.Eventually(t, "the follower is claimed", func() bool {
			id = testenv.Value(t, c.url, "SELECT id FROM export_request WHERE status = 'rendering' AND id <> $1", c.leader.ID)
			return id != ""
		})
		if _, err := c.store.CancelExport(ctx, id); err != nil {
			return err
		}
		testenv.Eventually(t, "the follower's message is gone", func() bool { return c.waiting(t) == 1 })
		return nil
	}, func(c *Config) { c.Lease = 300 * time.Millisecond })
	if r := c.row(t, c.followers[0].ID); r.Status != export.Canceled {
		t.Errorf("the follower is %s", r.Status)
	}
	leader := c.row(t, c.leader.ID)
	if files := c.stored(t); c.page.prints != 1 || len(files) != 1 || files[0] != leader.Artifact.BlobKey {
		t.Errorf("%d prints, the files %q, the leader's is %s", c.page.prints, files, leader.Artifact.BlobKey)
	}
}

func TestReuse_LeaseLostDuringCopy(t *testing.T) {
	t.Parallel()
	p := setup(t)
	page := &printer{}
	first := p.export(t, page, testenv.NewExport(user, p.resumeID))
	n := testenv.NewExport(user, p.resumeID)
	late := p.export(t, page, n, func(c *Config) {
		c.Files = faultyFiles{Files: p.files, writes: true, copy: func(ctx context.Context, from, to string) (int64, error) {
			if _, err := p.store.CancelExport(ctx, n.ID); err != nil {
				t.Error(err)
			}
			return p.files.Copy(ctx, from, to)
		}}
	})
	if files := p.stored(t); late.Status != export.Canceled || page.prints != 1 || len(files) != 1 || files[0] != first.Artifact.BlobKey {
		t.Errorf("%s after %d prints, the files are %q", late.Status, page.prints, files)
	}
}
