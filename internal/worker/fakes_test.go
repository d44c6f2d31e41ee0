package worker

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// delivery is a real delivery that records how it is ended.
type delivery struct {
	Delivery
	mu      sync.Mutex
	ends    []string // "ack", "return" and "discard", as they came
	delay   time.Duration
	beats   int
	ackErr  error // instead of acknowledging
	noReply bool  // Return fails
}

func (d *delivery) note(end string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ends = append(d.ends, end)
}

func (d *delivery) InProgress() error {
	d.mu.Lock()
	d.beats++
	d.mu.Unlock()
	return d.Delivery.InProgress()
}

func (d *delivery) Ack(ctx context.Context) error {
	d.note("ack")
	if d.ackErr != nil {
		return d.ackErr
	}
	return d.Delivery.Ack(ctx)
}

func (d *delivery) Return(delay time.Duration) error {
	d.note("return")
	d.delay = delay
	if d.noReply {
		return queue.ErrDisconnected
	}
	return d.Delivery.Return(delay)
}

func (d *delivery) Discard(reason string) error {
	d.note("discard")
	return d.Delivery.Discard(reason)
}

// ended checks that the message was ended once, in that way.
func (d *delivery) ended(t *testing.T, how string) {
	t.Helper()
	if len(d.ends) != 1 || d.ends[0] != how {
		t.Errorf("the message was ended by %q, want %q", d.ends, how)
	}
}

// workerQueue fits the queue to what a worker asks for.
type workerQueue struct{ *queue.Queue }

func (q workerQueue) Receive(ctx context.Context, lane export.Lane) (Receiver, error) {
	r, err := q.Queue.Receive(ctx, lane)
	if err != nil {
		return nil, err
	}
	return receiver{r}, nil
}

type receiver struct{ *queue.Receiver }

func (r receiver) Next(ctx context.Context, wait time.Duration) (Delivery, error) {
	d, err := r.Receiver.Next(ctx, wait)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// engine lends the slots of real browsers.
type engine struct{ *chrome.Engine }

func (e engine) Acquire(ctx context.Context) (Slot, error) {
	s, err := e.Engine.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// printer is a browser that returns a small file after do has returned.
type printer struct {
	do func(ctx context.Context) error // nil: print at once

	mu     sync.Mutex
	prints int
}

func (p *printer) Print(ctx context.Context, _ chrome.Document) ([]byte, error) {
	p.mu.Lock()
	p.prints++
	p.mu.Unlock()
	if p.do != nil {
		if err := p.do(ctx); err != nil {
			return nil, err
		}
	}
	return os.ReadFile("../pdf/pdfwrite/testdata/chrome.pdf")
}

// stay is the freeSlot of tests without slots.
func stay() {}

// printerFunc is a browser that calls the function.
type printerFunc func(context.Context, chrome.Document) ([]byte, error)

func (f printerFunc) Print(ctx context.Context, d chrome.Document) ([]byte, error) { return f(ctx, d) }

// faultyStore is the store with some methods replaced.
type faultyStore struct {
	Store
	claim     func(context.Context, export.Message, time.Duration) (export.Request, error)
	heartbeat func(context.Context, export.Request, time.Duration) error
	complete  func(context.Context, export.Request, export.Artifact) (export.Request, error)
	fail      func(context.Context, export.Request, export.Failure) (export.Request, error)
	read      func(context.Context, string) (export.Request, error)
	standing  func(context.Context, string) (export.Standing, error)
	load      func(context.Context, string, string) (resume.Resume, error)
	same      func(context.Context, string, [32]byte) (export.Artifact, error)
}

func (s faultyStore) ClaimExport(ctx context.Context, m export.Message, lease time.Duration) (export.Request, error) {
	if s.claim != nil {
		return s.claim(ctx, m, lease)
	}
	return s.Store.ClaimExport(ctx, m, lease)
}

func (s faultyStore) ExportStanding(ctx context.Context, id string) (export.Standing, error) {
	if s.standing != nil {
		return s.standing(ctx, id)
	}
	return s.Store.ExportStanding(ctx, id)
}

func (s faultyStore) HeartbeatExport(ctx context.Context, r export.Request, lease time.Duration) error {
	if s.heartbeat != nil {
		return s.heartbeat(ctx, r, lease)
	}
	return s.Store.HeartbeatExport(ctx, r, lease)
}

func (s faultyStore) CompleteExport(ctx context.Context, r export.Request, a export.Artifact) (export.Request, error) {
	if s.complete != nil {
		return s.complete(ctx, r, a)
	}
	return s.Store.CompleteExport(ctx, r, a)
}

func (s faultyStore) FailExport(ctx context.Context, r export.Request, f export.Failure) (export.Request, error) {
	if s.fail != nil {
		return s.fail(ctx, r, f)
	}
	return s.Store.FailExport(ctx, r, f)
}

func (s faultyStore) Export(ctx context.Context, id string) (export.Request, error) {
	if s.read != nil {
		return s.read(ctx, id)
	}
	return s.Store.Export(ctx, id)
}

func (s faultyStore) LoadResume(ctx context.Context, id, jobID string) (resume.Resume, error) {
	if s.load != nil {
		return s.load(ctx, id, jobID)
	}
	return s.Store.LoadResume(ctx, id, jobID)
}

func (s faultyStore) SameContent(ctx context.Context, userID string, content [32]byte) (export.Artifact, error) {
	if s.same != nil {
		return s.same(ctx, userID, content)
	}
	return s.Store.SameContent(ctx, userID, content)
}

// faultyFiles is a file store that reports errors, whether it stored or not.
type faultyFiles struct {
	Files
	putErr    error
	writes    bool // stores all the same
	deleteErr error
	copy      func(ctx context.Context, from, to string) (int64, error)
	flush     func() error
}

func (f faultyFiles) Copy(ctx context.Context, from, to string) (int64, error) {
	if f.copy != nil {
		return f.copy(ctx, from, to)
	}
	return f.Files.Copy(ctx, from, to)
}

func (f faultyFiles) Flush(ctx context.Context, key string) error {
	if f.flush != nil {
		return f.flush()
	}
	return f.Files.Flush(ctx, key)
}

func (f faultyFiles) Put(ctx context.Context, key string, data []byte, contentType string) error {
	if f.writes {
		if err := f.Files.Put(ctx, key, data, contentType); err != nil {
			return err
		}
	}
	return f.putErr
}

func (f faultyFiles) Delete(ctx context.Context, key string) error {
	if f.deleteErr != nil {
		return f.deleteErr
	}
	return f.Files.Delete(ctx, key)
}
