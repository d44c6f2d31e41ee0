package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// storeGate keeps slots from taking messages while the file store takes no files.
//
// The store is probed every probeEvery, unless a file was stored meanwhile, and at
// once when storing a file fails. When that probe fails as well, the store is at
// fault and not the export: the export goes back to the queue, its attempt does not
// count, and the gate is closed until a probe succeeds.
type storeGate struct {
	files Files
	log   *slog.Logger

	probing chan struct{} // holds one token while a probe is under way
	changed chan struct{} // wakes run when the gate has closed

	mu     sync.Mutex
	open   context.Context // ends when the gate closes
	close  context.CancelCauseFunc
	opened chan struct{} // closed when the gate opens
	fault  error         // why it is closed; nil when it is open
	since  time.Time     // when it closed
	stored time.Time     // when a file was stored last
	size   int           // bytes of a probe: the size of the file that failed
}

const (
	probeEvery   = 5 * time.Second
	probeWithin  = 5 * time.Second
	probeSize    = 64 << 10
	maxProbeSize = 8 << 20
	// A closed gate is probed after a pause that doubles.
	firstReopenPause = time.Second
	maxReopenPause   = 10 * time.Second
	// restAfterOutage is the time until an export is due again whose file the store did not
	// take.
	restAfterOutage = 2 * time.Second
)

var (
	// errStoreDown ends an attempt whose file the store could not take.
	errStoreDown = errors.New("the file store takes no files")
	// errGateClosed ends the wait for a message.
	errGateClosed = errors.New("the gate to the file store has closed")
)

func newStoreGate(files Files, log *slog.Logger) *storeGate {
	g := &storeGate{files: files, log: log, probing: make(chan struct{}, 1), changed: make(chan struct{}, 1), size: probeSize}
	g.open, g.close = context.WithCancelCause(context.Background())
	g.opened = make(chan struct{})
	close(g.opened)
	return g
}

// err returns why the store takes no files, or nil.
func (g *storeGate) err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.fault
}

// enter waits until the gate is open. The context it returns ends with ctx, or with
// the cause errGateClosed when the gate closes. The caller calls leave to release it.
func (g *storeGate) enter(ctx context.Context) (open context.Context, leave func(), err error) {
	for {
		g.mu.Lock()
		gate, opened := g.open, g.opened
		g.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-opened:
		}
		if gate.Err() != nil {
			continue // closed and opened again meanwhile
		}
		open, cancel := context.WithCancelCause(ctx)
		stop := context.AfterFunc(gate, func() { cancel(errGateClosed) })
		return open, func() { stop(); cancel(nil) }, nil
	}
}

// unlessGateClosed returns err, or nil if err was caused by the closing of the gate.
func unlessGateClosed(open context.Context, err error) error {
	if errors.Is(context.Cause(open), errGateClosed) {
		return nil
	}
	return err
}

// run probes the store until ctx ends.
func (g *storeGate) run(ctx context.Context) {
	wait := firstReopenPause
	for ctx.Err() == nil {
		if g.probeDue() && g.probe(ctx) != nil {
			pause(ctx, wait)
			wait = min(2*wait, maxReopenPause)
			continue
		}
		wait = firstReopenPause
		timer := time.NewTimer(probeEvery)
		select {
		case <-timer.C:
		case <-g.changed:
			timer.Stop()
			pause(ctx, wait)
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

// probeDue reports whether the gate is closed or no file was stored in the last
// probeEvery.
func (g *storeGate) probeDue() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.fault != nil || time.Since(g.stored) >= probeEvery
}

// probe stores a test file and opens or closes the gate.
func (g *storeGate) probe(ctx context.Context) error {
	select {
	case g.probing <- struct{}{}:
		defer func() { <-g.probing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	g.mu.Lock()
	size := g.size
	g.mu.Unlock()
	limited, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	err := g.files.Probe(limited, size)
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // says nothing about the store
	}
	g.set(err)
	return err
}

// set opens the gate, or closes it for a fault.
func (g *storeGate) set(fault error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was := g.fault
	g.fault = fault
	switch {
	case was == nil && fault != nil:
		g.since = time.Now()
		g.close(errGateClosed)
		g.opened = make(chan struct{})
		select {
		case g.changed <- struct{}{}:
		default:
		}
		g.log.Error("the file store takes no files: the worker takes no messages until it does. Free space in it, or make it reachable and writable", "error", fault)
	case was != nil && fault == nil:
		g.size = probeSize
		g.open, g.close = context.WithCancelCause(context.Background())
		close(g.opened)
		g.log.Info("the file store takes files again", "closed_seconds", int64(time.Since(g.since).Seconds()))
	}
}

// attribute returns err, wrapped in errStoreDown if err comes from storing a file and
// the store itself is at fault.
func (g *storeGate) attribute(ctx context.Context, err error) error {
	var failed *storeError
	if !errors.As(err, &failed) {
		return err
	}
	if g.err() != nil || g.probe(context.WithoutCancel(ctx)) != nil {
		return fmt.Errorf("%w: %w", errStoreDown, err)
	}
	return err
}

// storeError is an error of the file store while storing.
type storeError struct{ error }

func (e *storeError) Unwrap() error { return e.error }

// gatedFiles tells the gate how storing went.
type gatedFiles struct {
	Files
	gate *storeGate
}

// Put stores the bytes.
func (f gatedFiles) Put(ctx context.Context, key string, data []byte, contentType string) error {
	return f.gate.record(f.Files.Put(ctx, key, data, contentType), len(data))
}

// Flush waits until a copy is durable.
func (f gatedFiles) Flush(ctx context.Context, key string) error {
	return f.gate.record(f.Files.Flush(ctx, key), 0)
}

// record records the result of storing size bytes and marks an error as the store's.
func (g *storeGate) record(err error, size int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err == nil {
		g.stored = time.Now()
		return nil
	}
	g.size = max(g.size, min(size, maxProbeSize))
	return &storeError{err}
}

// CheckStore reports why the file store takes no files, as far as this worker knows.
func (w *Worker) CheckStore(context.Context) error { return w.gate.err() }
