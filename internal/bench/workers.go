package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// Workers measures what an export costs with different numbers of worker processes: either
// with all exports requested at once, so that every slot is busy, or with Rate exports
// requested each second, which is the same load for every number.
type Workers struct {
	Counts    []int         // numbers of workers to compare, the first with the others
	Documents int           // in each round
	Rounds    int           // of each number, alternating
	Rate      float64       // exports requested each second; 0: all at once
	Idle      time.Duration // how long to measure workers without work in each round; 0: not at all
	Clients   int           // HTTP clients that ask for exports
	Slots     int           // of each worker

	Start      func(context.Context) (stop func() error, err error) // starts a worker process and waits until it is ready
	Unfinished func(context.Context) (int64, error)                 // exports that wait or are being rendered
	Servers    func(context.Context) (ServerCounts, error)          // what Postgres and NATS have done until now
}

// ServerCounts are what Postgres and NATS have done: totals that grow, except for the numbers
// of connections.
type ServerCounts struct {
	Transactions  float64 `json:"writing_transactions"`
	LogBytes      float64 `json:"log_bytes"` // Postgres' write-ahead log
	Messages      float64 `json:"messages"`  // sent and received by all clients of NATS, requests and acknowledgements included
	MessageBytes  float64 `json:"message_bytes"`
	DatabaseConns int     `json:"database_connections"`
	NATSConns     int     `json:"nats_connections"`
}

func (c *ServerCounts) add(after, before ServerCounts) {
	c.Transactions += after.Transactions - before.Transactions
	c.LogBytes += after.LogBytes - before.LogBytes
	c.Messages += after.Messages - before.Messages
	c.MessageBytes += after.MessageBytes - before.MessageBytes
	c.DatabaseConns, c.NATSConns = after.DatabaseConns, after.NATSConns
}

func (c ServerCounts) per(n float64) ServerCounts {
	c.Transactions /= n
	c.LogBytes /= n
	c.Messages /= n
	c.MessageBytes /= n
	return c
}

// Measure makes the whole measurement. Every other round goes through the numbers in reverse,
// so that a slow change of the machine's load does not favor one of them.
func (b *Workers) Measure(ctx context.Context, s *Service) (*WorkersReport, error) {
	report := &WorkersReport{Slots: b.Slots, Documents: b.Documents, Rounds: b.Rounds, Rate: b.Rate, Lines: make([]WorkersLine, len(b.Counts))}
	for i, count := range b.Counts {
		report.Lines[i] = WorkersLine{Workers: count, CPU: Usage{}, IdleCPU: Usage{}}
	}
	order := make([]int, len(b.Counts))
	for i := range order {
		order[i] = i
	}
	for range b.Rounds {
		for _, i := range order {
			if err := b.round(ctx, s, &report.Lines[i]); err != nil {
				return nil, fmt.Errorf("with %d workers: %w", b.Counts[i], err)
			}
		}
		slices.Reverse(order)
	}
	report.finish(b.Idle)
	return report, nil
}

// round starts the workers of a line, adds what a round of documents costs, and stops them.
func (b *Workers) round(ctx context.Context, s *Service, line *WorkersLine) (err error) {
	stops := make([]func() error, 0, line.Workers)
	defer func() {
		for _, stop := range slices.Backward(stops) {
			err = errors.Join(err, stop())
		}
	}()
	for range line.Workers {
		stop, err := b.Start(ctx)
		if err != nil {
			return err
		}
		stops = append(stops, stop)
	}
	if _, err := b.export(ctx, s, 20*line.Workers*b.Slots, 0); err != nil { // to warm up
		return err
	}
	if err := b.idle(ctx, line); err != nil {
		return err
	}
	counts, err := b.Servers(ctx)
	if err != nil {
		return err
	}
	before := workerTimes()
	took, err := b.export(ctx, s, b.Documents, b.Rate)
	if err != nil {
		return err
	}
	used := workerTimes().since(before)
	line.CPU.add(used)
	line.totals = append(line.totals, used.sum()/float64(b.Documents))
	line.rates = append(line.rates, perSecond(b.Documents, took))
	line.Memory = memoryUsage(os.Getpid())
	after, err := b.Servers(ctx)
	line.Servers.add(after, counts)
	return err
}

// idle measures the workers while nothing is requested.
func (b *Workers) idle(ctx context.Context, line *WorkersLine) error {
	if b.Idle == 0 {
		return nil
	}
	counts, err := b.Servers(ctx)
	if err != nil {
		return err
	}
	before := workerTimes()
	if err := sleepUntil(ctx, time.Now().Add(b.Idle)); err != nil {
		return err
	}
	line.IdleCPU.add(workerTimes().since(before))
	after, err := b.Servers(ctx)
	line.IdleServers.add(after, counts)
	return err
}

// export asks for n exports, rate each second, and waits until no export is unfinished. It
// returns the time from the first request.
func (b *Workers) export(ctx context.Context, s *Service, n int, rate float64) (time.Duration, error) {
	start := time.Now()
	accept := func() error { _, err := s.accept(ctx, n, b.Clients); return err }
	if rate > 0 {
		accept = func() error { return s.acceptAt(ctx, n, b.Clients, rate) }
	}
	if err := accept(); err != nil {
		return 0, err
	}
	for {
		left, err := b.Unfinished(ctx)
		if err != nil || left == 0 {
			return time.Since(start), err
		}
		if err := sleepUntil(ctx, time.Now().Add(50*time.Millisecond)); err != nil {
			return 0, err
		}
	}
}

// workerTimes returns the processes, with worker processes as "workers" and this one, which
// has the API, the dispatcher, NATS and the clients, as "service".
func workerTimes() processes {
	times := cpuTimes()
	for pid, p := range times {
		if p.name != "go" {
			continue
		}
		p.name = "workers"
		if pid == os.Getpid() {
			p.name = "service"
		}
		times[pid] = p
	}
	return times
}

// sleepUntil waits until a time.
func sleepUntil(ctx context.Context, at time.Time) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
