package worker

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// gated is a store whose LoadResume waits until the gate opens or its context ends.
type gated struct {
	Store
	reached chan struct{}
	open    chan struct{}
}

func (g gated) LoadResume(ctx context.Context, id, jobID string) (resume.Resume, error) {
	g.reached <- struct{}{}
	select {
	case <-g.open:
		return g.Store.LoadResume(ctx, id, jobID)
	case <-ctx.Done():
		return resume.Resume{}, ctx.Err()
	}
}

// start runs a worker whose work waits at a gate.
func (p *fixture) start(t *testing.T, grace time.Duration) (g gated, cancel func(), done <-chan struct{}) {
	t.Helper()
	g = gated{Store: p.store, reached: make(chan struct{}, 10), open: make(chan struct{})}
	w := p.worker(t, func(c *Config) { c.Store, c.Grace, c.Engine = g, grace, engine{testenv.Engine(t)} })
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		defer close(stopped)
		w.Run(ctx)
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return g, cancel, stopped
}

func TestRun_StopFinishesWork(t *testing.T) {
	t.Parallel()
	p := setup(t)
	first, second := p.request(t), p.request(t)
	g, cancel, done := p.start(t, time.Minute)
	<-g.reached
	cancel()
	select {
	case <-done:
		t.Fatal("Run did not wait for the attempt in progress")
	default:
	}
	if got := p.row(t, first.ID).Status; got != export.Rendering {
		t.Errorf("the export in progress is %s", got)
	}
	close(g.open)
	<-done
	if got := p.row(t, first.ID); got.Status != export.Ready || got.Attempt != 1 {
		t.Errorf("the first is %s after %d attempts", got.Status, got.Attempt)
	}
	if got := p.row(t, second.ID); got.Status != export.Queued || got.Attempt != 0 {
		t.Errorf("the second is %s after %d attempts", got.Status, got.Attempt)
	}
	if n := p.waiting(t); n != 1 {
		t.Errorf("%d messages are left", n)
	}
}

func TestRun_GraceTooShort(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	g, cancel, done := p.start(t, 10*time.Millisecond)
	<-g.reached
	cancel()
	<-done
	back := p.row(t, r.ID)
	if back.Status != export.Queued || back.Attempt != 0 || back.Failure != nil || back.Lease.Token != "" {
		t.Fatalf("handed back: %+v", back)
	}
	if files := p.stored(t); len(files) != 0 {
		t.Errorf("remaining files: %q", files)
	}
	// Well before the stream would give the message up for lost: AckWait is
	// longer than the test waits.
	p.run(t)
	if got := p.becomes(t, r.ID, export.Ready); got.Attempt != 1 {
		t.Errorf("%d attempts", got.Attempt)
	}
}

// The message could not be returned: it comes by itself after AckWait, to a row
// that waits for it.
func TestHandBack_MessageNotReturned(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	d := p.next(t)
	d.noReply = true
	work, shutdown := context.WithCancelCause(t.Context())
	p.worker(t).handle(work, &printer{do: func(ctx context.Context) error {
		shutdown(errShutdown)
		return ctx.Err()
	}}, d, stay)
	d.ended(t, "return")
	if got := p.row(t, r.ID); got.Status != export.Queued || got.Attempt != 0 || p.waiting(t) != 1 {
		t.Errorf("%s after %d attempts, %d messages", got.Status, got.Attempt, p.waiting(t))
	}
	if claimed, err := p.store.ClaimExport(t.Context(), r.Message(), time.Minute); err != nil || claimed.Attempt != 1 {
		t.Errorf("claiming: %v", err)
	}
}

// A file that is stored when the grace time ends is kept.
func TestConclude_ShutdownAfterStore(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	work, shutdown := context.WithCancelCause(t.Context())
	w := p.worker(t, func(c *Config) { c.Files = afterPut{Files: c.Files, do: func() { shutdown(errShutdown) }} })
	d := p.next(t)
	w.handle(work, &printer{}, d, stay)
	d.ended(t, "ack")
	if got := p.row(t, r.ID); got.Status != export.Ready || len(p.stored(t)) != 1 {
		t.Errorf("%s, files %q", got.Status, p.stored(t))
	}
}

// afterPut calls do once a file is stored.
type afterPut struct {
	Files
	do func()
}

func (f afterPut) Put(ctx context.Context, key string, data []byte, contentType string) error {
	err := f.Files.Put(ctx, key, data, contentType)
	f.do()
	return err
}
