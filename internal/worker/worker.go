// Package worker takes exports from message to file: for each free browser slot it
// takes one message, claims the export, loads the resume, prints it, stores the file,
// and writes the outcome to the row. attempt.go has the steps in their order.
//
// The row decides everything. A message only wakes a worker, so it may be lost,
// repeated or late without harm. It is acknowledged last, once its attempt is over.
package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
)

// Store is where requests and resumes live. Each stage of an export uses a part of it.
type Store interface {
	Claims
	Leases
	Resumes
	Copies
	Outcomes
}

// Queue gives messages.
type Queue interface {
	Receive(ctx context.Context, lane export.Lane) (Receiver, error)
	// Pending is how many messages wait, as a hint.
	Pending(ctx context.Context) (int, error)
}

// Receiver gives one message of a lane at a time to one slot.
type Receiver interface {
	// Next returns queue.ErrNoMessage when none came within wait.
	Next(ctx context.Context, wait time.Duration) (Delivery, error)
	Stop()
}

// Delivery is one message. Ack, Return or Discard ends it.
type Delivery interface {
	Message() (export.Message, error)
	InProgress() error
	Ack(ctx context.Context) error
	Return(delay time.Duration) error
	Discard(reason string) error
}

// Engine lends slots to print with, as many as it was told last.
type Engine interface {
	Acquire(ctx context.Context) (Slot, error)
	Resize(slots int)
}

// Slot is the right to print one document at a time, until it is released.
type Slot interface {
	Print(ctx context.Context, d chrome.Document) ([]byte, error)
	Release()
}

// Config is what a Worker needs.
type Config struct {
	Store     Store
	Queue     Queue
	Announcer Announcer
	Engine    Engine
	Files     Files
	// Browser is the name and version of what Engine prints with. When it is set, a PDF
	// of an unchanged resume is a copy of the one its owner has; empty: each is printed.
	Browser string
	// Slots is how many exports are done at the same time, at most. Default 1.
	Slots int
	// MaxPages is how many pages a PDF may have. 0: any number.
	MaxPages int
	// SlotsMin is how many slots there are at least; the engine is started with as many. Default: Slots, so that their number never changes.
	SlotsMin int
	// ScaleEvery is how often the number of slots is adjusted. Default 250 ms.
	ScaleEvery time.Duration
	// ScaleDownAfter is how long slots go unneeded before they are ended, once to
	// twice. Default 20 s.
	ScaleDownAfter time.Duration
	// Lease is how long a claim holds without a heartbeat. Default 30 s.
	Lease time.Duration
	// Deadline bounds one attempt from claim to stored file. Default 2 min.
	Deadline time.Duration
	// Grace is how long attempts may go on after the worker is stopped, before their
	// exports are handed back. Default 20 s.
	Grace time.Duration
	// Observer is told what the worker does. Default: nobody is.
	Observer Observer
	// Logger gets one line for each outcome. Default: nothing is logged.
	Logger *slog.Logger
}

// Worker does exports until it is stopped.
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
	if c.Observer == nil {
		c.Observer = unobserved{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	gate := newStoreGate(c.Files, c.Logger)
	c.Files = gatedFiles{c.Files, gate}
	return &Worker{Config: c, gate: gate, outages: newOutages(c.Logger)}
}

// Run works until ctx ends. Then it takes no new message, lets the attempts under way
// finish within the grace time, and hands back the others. It returns when every slot
// has stopped.
func (w *Worker) Run(ctx context.Context) {
	work, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	slots := pool{Worker: w, take: ctx, work: work, retries: retryPermits(w.Slots), finishing: make(permits, finishingPerSlot*w.Slots)}
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
