package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/worker"
)

// Watch is a worker's store that records when each export ends, without asking the
// database again.
type Watch struct {
	worker.Store
	mu    sync.Mutex
	ended map[string]ending
	bell  chan struct{} // closed and replaced at each ending
}

type ending struct {
	at     time.Time
	status export.Status
}

// NewWatch returns a Watch over the store.
func NewWatch(store worker.Store) *Watch {
	return &Watch{Store: store, ended: map[string]ending{}, bell: make(chan struct{})}
}

// CompleteExport passes the call on and records the end.
func (w *Watch) CompleteExport(ctx context.Context, r export.Request, a export.Artifact) (export.Request, error) {
	done, err := w.Store.CompleteExport(ctx, r, a)
	if err == nil {
		w.note(done)
	}
	return done, err
}

// FailExport passes the call on and records the end.
func (w *Watch) FailExport(ctx context.Context, r export.Request, f export.Failure) (export.Request, error) {
	failed, err := w.Store.FailExport(ctx, r, f)
	if err == nil {
		w.note(failed)
	}
	return failed, err
}

func (w *Watch) note(r export.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended[r.ID] = ending{time.Now(), r.Status}
	close(w.bell)
	w.bell = make(chan struct{})
}

// forget forgets the endings so far.
func (w *Watch) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.ended)
}

// ends returns the number of exports that have ended and were not forgotten.
func (w *Watch) ends() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.ended)
}

// count waits until n exports have ended that were not forgotten.
func (w *Watch) count(ctx context.Context, n int) error {
	for {
		w.mu.Lock()
		done, bell := len(w.ended), w.bell
		w.mu.Unlock()
		if done >= n {
			return nil
		}
		select {
		case <-bell:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// wait returns when the export became ready, once, and forgets it.
func (w *Watch) wait(ctx context.Context, id string) (time.Time, error) {
	for {
		w.mu.Lock()
		end, ok := w.ended[id]
		bell := w.bell
		delete(w.ended, id)
		w.mu.Unlock()
		if ok && end.status != export.Ready {
			return end.at, fmt.Errorf("export %s is %s; the log says why", id, end.status)
		}
		if ok {
			return end.at, nil
		}
		select {
		case <-bell:
		case <-ctx.Done():
			return time.Time{}, context.Cause(ctx)
		}
	}
}
