package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
)

// limit prints n documents through all slots with nothing around them.
func (on *bench) limit(ctx context.Context, n int) (time.Duration, error) {
	start := time.Now()
	err := spread(ctx, n, on.slots, func(ctx context.Context) error {
		_, err := on.engine.Print(ctx, on.document)
		return err
	})
	return time.Since(start), err
}

// exportRun is what export measured.
type exportRun struct {
	took      time.Duration   // from the first POST until the last export was ready
	latencies []time.Duration // POST to ready, each
}

// export does exportWith a worker of its own.
func (on *bench) export(ctx context.Context, n, clients int) (exportRun, error) {
	stop := startWorker(ctx, on.worker)
	defer stop()
	return on.exportWith(ctx, n, clients)
}

// again is the rate of n exports of a resume that was exported before and has not
// changed since: Chrome has no part in them.
func (on *bench) again(ctx context.Context, n, clients int) (perS float64, each usage, err error) {
	stop := startWorker(ctx, on.copier)
	defer stop()
	if _, err := on.exportWith(ctx, 1, 1); err != nil {
		return 0, nil, err
	}
	before := cpuTimes()
	run, err := on.exportWith(ctx, n, clients)
	return perSecond(n, run.took), cpuTimes().since(before).perDocument(n), err
}

// exportWith asks the worker that runs for n exports with that many clients and
// waits until all are ready.
func (on *bench) exportWith(ctx context.Context, n, clients int) (exportRun, error) {
	var mu sync.Mutex
	asked := make(map[string]time.Time, n)
	start := time.Now()
	err := spread(ctx, n, clients, func(ctx context.Context) error {
		at := time.Now()
		a, err := on.client.create(ctx, createRequest{ResumeID: on.resumeID})
		mu.Lock()
		defer mu.Unlock()
		asked[a.ID] = at
		return err
	})
	if err != nil {
		return exportRun{}, err
	}
	run := exportRun{latencies: make([]time.Duration, 0, n)}
	for id, at := range asked {
		ready, err := on.ended.wait(ctx, id)
		if err != nil {
			return run, err
		}
		run.latencies = append(run.latencies, ready.Sub(at))
		run.took = max(run.took, ready.Sub(start))
	}
	return run, nil
}

// accept asks for n exports that nobody renders.
func (on *bench) accept(ctx context.Context, n, clients int) (time.Duration, error) {
	start := time.Now()
	err := spread(ctx, n, clients, func(ctx context.Context) error {
		_, err := on.client.create(ctx, createRequest{ResumeID: on.resumeID})
		return err
	})
	return time.Since(start), err
}

// spread calls do n times from the given number of goroutines.
func spread(ctx context.Context, n, goroutines int, do func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	jobs := make(chan struct{}, n)
	for range n {
		jobs <- struct{}{}
	}
	close(jobs)
	for range goroutines {
		group.Go(func() error {
			for range jobs {
				if err := do(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// endWatch is the store as the worker sees it, noting when each export became
// ready without asking the database again.
type endWatch struct {
	*postgres.Store
	mu    sync.Mutex
	ended map[string]ending
	bell  chan struct{} // closed and replaced at each ending
}

type ending struct {
	at     time.Time
	status export.Status
}

func newEndWatch(store *postgres.Store) *endWatch {
	return &endWatch{Store: store, ended: map[string]ending{}, bell: make(chan struct{})}
}

// CompleteExport passes on and notes.
func (w *endWatch) CompleteExport(ctx context.Context, r export.Request, a export.Artifact) (export.Request, error) {
	done, err := w.Store.CompleteExport(ctx, r, a)
	if err == nil {
		w.note(done)
	}
	return done, err
}

// FailExport passes on and notes.
func (w *endWatch) FailExport(ctx context.Context, r export.Request, f export.Failure) (export.Request, error) {
	failed, err := w.Store.FailExport(ctx, r, f)
	if err == nil {
		w.note(failed)
	}
	return failed, err
}

func (w *endWatch) note(r export.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended[r.ID] = ending{time.Now(), r.Status}
	close(w.bell)
	w.bell = make(chan struct{})
}

// forget forgets the endings so far.
func (w *endWatch) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.ended)
}

// count waits until n exports have ended that were not forgotten.
func (w *endWatch) count(ctx context.Context, n int) error {
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
func (w *endWatch) wait(ctx context.Context, id string) (time.Time, error) {
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
