// Package worker makes the files of requested exports. For each free browser slot it takes one
// message, claims the export, loads the resume, prints it, stores the file, and writes the
// outcome to the row. attempt.go has these steps in order.
//
// The row decides everything. A message only wakes a worker, so it may be lost, repeated or
// late. It is acknowledged last, when its attempt has ended.
package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
)

// Store is the database of requests and resumes. Each stage of an attempt uses a part of it.
type Store interface {
	Claims
	Leases
	Resumes
	Copies
	Outcomes
}

// Queue is the queue of messages.
type Queue interface {
	Receive(ctx context.Context, lane export.Lane) (Receiver, error)
	// Pending returns the approximate number of waiting messages.
	Pending(ctx context.Context) (int, error)
}

// Receiver receives the messages of a lane for one slot, one at a time.
type Receiver interface {
	// Next returns queue.ErrNoMessage if none arrives within wait.
	Next(ctx context.Context, wait time.Duration) (Delivery, error)
	Stop()
}

// Delivery is one message. Ack, Return or Discard ends it.
type Delivery interface {
	Message() (export.Message, error)
	// Origin returns the subject and the trace context (traceparent) of the message.
	Origin() (subject, traceparent string)
	InProgress() error
	Ack(ctx context.Context) error
	Return(delay time.Duration) error
	Discard(reason string) error
}

// Engine lends browser slots. Resize sets their number.
type Engine interface {
	Acquire(ctx context.Context) (Slot, error)
	Resize(slots int)
}

// Slot is a permit to print one document at a time, until it is released.
type Slot interface {
	Print(ctx context.Context, d chrome.Document) ([]byte, error)
	Release()
}

// Changes is told that a request has changed, other than to a final status, which is announced.
// It must not block.
type Changes interface {
	Changed(r export.Request)
}

// unwatched is the Changes when there is none.
type unwatched struct{}

func (unwatched) Changed(export.Request) {}

// Config configures a Worker.
type Config struct {
	Store     Store
	Queue     Queue
	Announcer Announcer
	Engine    Engine
	Files     Files
	// Browser is the name and version of the browser that Engine uses. If it is set, the PDF
	// of an unchanged resume is copied from an export that its owner has already; if it is
	// empty, every export is printed.
	Browser string
	// Slots is the maximum number of exports rendered at the same time. Default 1.
	Slots int
	// MaxPages is the maximum number of pages of a PDF. 0: any number.
	MaxPages int
	// SlotsMin is the minimum number of slots; the engine must be started with as many.
	// Default: Slots, so that their number never changes.
	SlotsMin int
	// ScaleEvery is the interval at which the number of slots is adjusted. Default 250 ms.
	ScaleEvery time.Duration
	// ScaleDownAfter is the interval at which slots that were not needed during it are
	// removed. Default 20 s.
	ScaleDownAfter time.Duration
	// Lease is the time that a claim lasts without a heartbeat. Default 30 s.
	Lease time.Duration
	// Deadline is the time limit of one attempt, from its claim to the stored file.
	// Default 2 min.
	Deadline time.Duration
	// Grace is the time that attempts may continue after the worker is stopped, before their
	// exports are handed back. Default 20 s.
	Grace time.Duration
	// Changes is told of claims and returns to the queue, for those who wait. Default: nobody.
	Changes Changes
	// Observer is notified of what the worker does. Default: none.
	Observer Observer
	// Tracer records attempts in traces. Default: none.
	Tracer Tracer
	// Logger logs a record for each stage of an export. Default: nothing is logged.
	Logger *slog.Logger
}

// Worker renders exports until it is stopped.
type Worker struct {
	Config
	flights     flights
	gate        *storeGate
	outages     outages
	uncompacted uncompacted
}

// New returns a Worker with the defaults filled in.
func New(c Config) *Worker {
	c.Slots = max(c.Slots, 1)
	if c.SlotsMin <= 0 || c.SlotsMin > c.Slots {
		c.SlotsMin = c.Slots
	}
	if c.ScaleEvery == 0 {
		c.ScaleEvery = 250 * time.Millisecond
	}
	if c.ScaleDownAfter == 0 {
		c.ScaleDownAfter = 20 * time.Second
	}
	if c.Lease == 0 {
		c.Lease = 30 * time.Second
	}
	if c.Deadline == 0 {
		c.Deadline = 2 * time.Minute
	}
	if c.Grace == 0 {
		c.Grace = 20 * time.Second
	}
	if c.Changes == nil {
		c.Changes = unwatched{}
	}
	if c.Observer == nil {
		c.Observer = unobserved{}
	}
	if c.Tracer == nil {
		c.Tracer = untraced{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	gate := newStoreGate(c.Files, c.Logger)
	c.Files = gatedFiles{c.Files, gate}
	return &Worker{Config: c, gate: gate, outages: newOutages(c.Logger)}
}

// Run renders exports until ctx ends. Then it takes no new message, lets running attempts
// finish within the grace time, and hands the other exports back to the queue. It returns
// when every slot has stopped.
func (w *Worker) Run(ctx context.Context) {
	work, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	slots := pool{Worker: w, take: ctx, work: work, retries: retryPermits(w.Slots), turns: &turns{}, finishing: make(permits, finishingPerSlot*w.Slots)}
	stopped := make(chan struct{})
	slots.running.Go(func() { w.gate.run(ctx) })
	go func() {
		slots.run()
		close(stopped)
	}()
	select {
	case <-stopped:
		return
	case <-ctx.Done():
	}
	grace := time.NewTimer(w.Grace)
	defer grace.Stop()
	select {
	case <-stopped:
	case <-grace.C:
		cancel(errShutdown)
		<-stopped
	}
}
