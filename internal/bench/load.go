package bench

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/client"
)

// limit prints n documents through all slots with nothing around them.
func (s *Service) limit(ctx context.Context, n int) (time.Duration, error) {
	start := time.Now()
	err := spread(ctx, n, s.Slots, func(ctx context.Context) error {
		_, err := s.Engine.Print(ctx, s.Resume.Document)
		return err
	})
	return time.Since(start), err
}

// exportRun is the result of export.
type exportRun struct {
	took      time.Duration   // from the first POST until the last export was ready
	latencies []time.Duration // POST to ready, each
}

// export does exportWith a worker of its own.
func (s *Service) export(ctx context.Context, n, clients int) (exportRun, error) {
	stop := startWorker(ctx, s.Worker)
	defer stop()
	return s.exportWith(ctx, n, clients)
}

// again returns the rate of n exports of an unchanged resume, which are copied and not
// printed.
func (s *Service) again(ctx context.Context, n, clients int) (perS float64, each Usage, err error) {
	stop := startWorker(ctx, s.Copier)
	defer stop()
	if _, err := s.exportWith(ctx, 1, 1); err != nil {
		return 0, nil, err
	}
	before := cpuTimes()
	run, err := s.exportWith(ctx, n, clients)
	return perSecond(n, run.took), cpuTimes().since(before).perDocument(n), err
}

// exportWith asks the worker that runs for n exports with that many clients and
// waits until all are ready.
func (s *Service) exportWith(ctx context.Context, n, clients int) (exportRun, error) {
	var mu sync.Mutex
	asked := make(map[string]time.Time, n)
	start := time.Now()
	err := spread(ctx, n, clients, func(ctx context.Context) error {
		at := time.Now()
		a, err := s.Client.Create(ctx, client.CreateRequest{ResumeID: s.Resume.ID})
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
		ready, err := s.Watch.wait(ctx, id)
		if err != nil {
			return run, err
		}
		run.latencies = append(run.latencies, ready.Sub(at))
		run.took = max(run.took, ready.Sub(start))
	}
	return run, nil
}

// accept creates n exports while no worker runs.
func (s *Service) accept(ctx context.Context, n, clients int) (time.Duration, error) {
	start := time.Now()
	err := spread(ctx, n, clients, func(ctx context.Context) error {
		_, err := s.Client.Create(ctx, client.CreateRequest{ResumeID: s.Resume.ID})
		return err
	})
	return time.Since(start), err
}

// acceptAt creates n exports, rate each second.
func (s *Service) acceptAt(ctx context.Context, n, clients int, rate float64) error {
	start := time.Now()
	var next atomic.Int64
	return spread(ctx, n, clients, func(ctx context.Context) error {
		at := start.Add(time.Duration(float64(next.Add(1)-1) / rate * float64(time.Second)))
		if err := sleepUntil(ctx, at); err != nil {
			return err
		}
		_, err := s.Client.Create(ctx, client.CreateRequest{ResumeID: s.Resume.ID})
		return err
	})
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
