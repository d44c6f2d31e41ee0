// Package worker does exports: it takes one message for each free browser slot,
// claims the row, loads, renders and stores, and tells what came of it.
//
// The row decides everything. A message only wakes a worker up, so it may be
// lost, repeated or late without harm. It is acknowledged last: once its request
// needs no worker any more.
package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Store is where requests and resumes live.
type Store interface {
	ClaimExport(ctx context.Context, id string, lease time.Duration) (export.Request, error)
	HeartbeatExport(ctx context.Context, r export.Request, lease time.Duration) error
	CompleteExport(ctx context.Context, r export.Request, a export.Artifact) (export.Request, error)
	FailExport(ctx context.Context, r export.Request, f export.Failure) (export.Request, error)
	RetryExportLater(ctx context.Context, r export.Request, f export.Failure, backoff time.Duration) (export.Request, error)
	HandBackExport(ctx context.Context, r export.Request) error
	Export(ctx context.Context, id string) (export.Request, error)
	MarkAnnounced(ctx context.Context, ids []string, status export.Status) error
	LoadResume(ctx context.Context, id, jobID string) (resume.Resume, error)
}

// Queue gives messages and takes events.
type Queue interface {
	Receive(ctx context.Context) (Receiver, error)
	PublishEvent(ctx context.Context, e export.Event) error
}

// Receiver gives one message at a time to one slot.
type Receiver interface {
	Next(ctx context.Context) (Delivery, error)
	Stop()
}

// Delivery is one message. Ack, Return or Discard ends it.
type Delivery interface {
	ExportID() (string, error)
	InProgress() error
	Ack(ctx context.Context) error
	Return(delay time.Duration) error
	Discard(reason string) error
}

// Engine lends slots to print with.
type Engine interface {
	Acquire(ctx context.Context) (*chrome.Slot, error)
}

// Files stores finished bytes.
type Files interface {
	Put(ctx context.Context, key string, data []byte, contentType string) error
	Delete(ctx context.Context, key string) error
}

// Config is what a Worker needs.
type Config struct {
	Store  Store
	Queue  Queue
	Engine Engine
	Files  Files
	// Slots is how many exports are done at the same time: the engine's slots.
	Slots int
	// Lease is how long a claim holds without a sign of life. Default 30 s.
	Lease time.Duration
	// Deadline bounds one attempt from claim to stored file. Default 2 min.
	Deadline time.Duration
	// Grace is how long work under way may go on when the worker is stopped,
	// before it is handed back. Default 20 s.
	Grace time.Duration
	// Logger gets one line for each outcome. Default: nothing is logged.
	Logger *slog.Logger
}

// Worker does exports until it is stopped.
type Worker struct {
	Config
}

// finalWrite bounds a write that must happen although the work's context ended.
const finalWrite = 10 * time.Second

// New returns a Worker with the defaults filled in.
func New(c Config) *Worker {
	c.Slots = max(c.Slots, 1)
	if c.Lease == 0 {
		c.Lease = 30 * time.Second
	}
	if c.Deadline == 0 {
		c.Deadline = 2 * time.Minute
	}
	if c.Grace == 0 {
		c.Grace = 20 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Worker{Config: c}
}

// Run works until ctx ends, in three steps: it takes no new message, lets what is
// under way finish within the grace time, and hands back what is left. It
// returns when every slot has stopped.
func (w *Worker) Run(ctx context.Context) {
	work, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	var slots sync.WaitGroup
	for range w.Slots {
		slots.Go(func() { w.serveSlot(ctx, work) })
	}
	stopped := make(chan struct{})
	go func() {
		slots.Wait()
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

// serveSlot takes messages for one slot until take ends; what it took is done
// under work.
func (w *Worker) serveSlot(take, work context.Context) {
	var receiver Receiver
	defer func() {
		if receiver != nil {
			receiver.Stop()
		}
	}()
	for take.Err() == nil {
		var err error
		if receiver == nil {
			if receiver, err = w.Queue.Receive(take); err != nil {
				w.Logger.Warn("cannot ask for work; trying again", "error", err)
				receiver = nil
				pause(take, time.Second)
				continue
			}
		}
		if err = w.serveOne(take, work, receiver); err != nil && take.Err() == nil {
			w.Logger.Warn("receiving work failed; trying again", "error", err)
			receiver.Stop()
			receiver = nil
			pause(take, time.Second)
		}
	}
}

// serveOne takes a slot, then one message, so that no message waits for a slot
// here while another worker has one free.
func (w *Worker) serveOne(take, work context.Context, receiver Receiver) error {
	slot, err := w.Engine.Acquire(take)
	if err != nil {
		return err
	}
	defer slot.Release()
	d, err := receiver.Next(take)
	if err != nil {
		return err
	}
	w.handle(work, slot, d)
	return nil
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
