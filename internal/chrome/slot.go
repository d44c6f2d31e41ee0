package chrome

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// Slot is a permit to print one document at a time. It is not bound to a browser: each
// print takes a healthy one. The caller that acquired the slot must release it.
type Slot struct {
	e        *Engine
	released atomic.Bool
}

// Acquire waits for a free slot; waiting callers are served in order. It also waits
// while no browser can be started, so that callers do not take work that cannot be
// printed. The error is [ErrClosed] or that of ctx, joined with an [ErrStart] if
// browsers failed to start.
func (e *Engine) Acquire(ctx context.Context) (*Slot, error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	select {
	case <-e.ctx.Done():
		return nil, ErrClosed
	default:
	}
	if e.permits.acquire(ctx, e.ctx.Done()) {
		if err := e.waitUntilStartable(ctx); err != nil {
			e.permits.release()
			return nil, err
		}
		e.observeSlots()
		return &Slot{e: e}, nil
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return nil, ErrClosed
}

// waitUntilStartable waits until there is a browser or the last start did not fail. The
// browser may be busy or starting.
func (e *Engine) waitUntilStartable(ctx context.Context) error {
	for {
		e.mu.Lock()
		startable, changed, startErr := e.startErr == nil || len(e.live) > 0, e.changed, e.startErr
		closing := e.closing
		e.mu.Unlock()
		switch {
		case closing:
			return ErrClosed
		case startable:
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), startErr)
		}
	}
}

// Release gives the slot back. Calls after the first do nothing.
func (s *Slot) Release() {
	if s.released.CompareAndSwap(false, true) {
		s.e.permits.release()
		s.e.observeSlots()
	}
}

// Print prints one document and returns the PDF, or the picture asked for. The caller
// owns the result. The error is an [ErrTimeout], [ErrCrashed], [ErrKilled],
// [ErrTooLarge], [ErrInvalid], [ErrClosed], or that of ctx. When a browser crashes or is
// killed, the document is printed again in another one, until two browsers have
// crashed (ErrCrashed) or two were killed (ErrKilled).
//
// When ctx is canceled, Print gives the document a short time to finish, because
// interrupting it means killing the browser.
func (s *Slot) Print(ctx context.Context, d Document) ([]byte, error) {
	if s.released.Load() {
		return nil, ErrClosed
	}
	return s.e.print(ctx, d)
}

// cancelGrace is how long a canceled print may continue. Most finish within it.
const cancelGrace = 250 * time.Millisecond

// print is Slot.Print without a slot. It is used by Engine.Check, too.
func (e *Engine) print(ctx context.Context, d Document) ([]byte, error) {
	if err := d.check(e.o.MaxHTML); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, e.o.TotalTimeout, &TimeoutError{Stage: "total", After: e.o.TotalTimeout})
	defer cancel()
	for crashes, kills := 0, 0; ; {
		pdf, err := e.printOnce(ctx, d)
		switch {
		case errors.Is(err, ErrCrashed):
			crashes++
		case errors.Is(err, ErrKilled):
			// Most likely not the fault of the document, so it does not count as a crash.
			kills++
		default:
			return pdf, err
		}
		if crashes == 2 || kills == 2 {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx) // a single crash is not reported as ErrCrashed
		}
	}
}

// printOnce prints the document in one browser and counts the result.
func (e *Engine) printOnce(ctx context.Context, d Document) ([]byte, error) {
	b, err := e.take(ctx, d.Fresh)
	if err != nil {
		return nil, err
	}
	work, cancel := withGrace(ctx, cancelGrace)
	defer cancel()
	began := time.Now()
	pdf, err := b.print(work, d)
	if err != nil && e.ctx.Err() != nil {
		err = ErrClosed
	}
	e.o.Observer.Printed(time.Since(began), err)
	e.record(b, err)
	e.put(b)
	return pdf, err
}

// record adds the result of a print to the statistics and the log.
func (e *Engine) record(b *browser, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	b.prints++
	switch {
	case err == nil:
		e.stats.Prints++
		e.lastGood = time.Now()
		return
	case errors.Is(err, ErrTimeout):
		e.stats.Timeouts++
	case errors.Is(err, ErrCrashed):
		e.stats.Crashes++
	case errors.Is(err, ErrKilled):
		e.stats.Kills++
	case errors.Is(err, ErrClosed):
		return
	}
	e.log.Warn("printing a document failed", "browser_pid", b.proc.pid(), "prints", b.prints, "error", err)
}

// withGrace returns a context that ends at its parent's deadline, or grace after its
// parent is canceled.
func withGrace(parent context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() {
		cause := context.Cause(parent)
		if errors.Is(cause, context.Canceled) {
			select {
			case <-time.After(grace):
			case <-ctx.Done():
			}
		}
		cancel(cause)
	})
	return ctx, func() {
		stop()
		cancel(context.Canceled)
	}
}
