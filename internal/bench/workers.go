package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// Workers measures what an export costs with different numbers of worker processes.
type Workers struct {
	Counts    []int // numbers of workers to compare, the first with the others
	Documents int   // in each round
	Rounds    int   // of each number, alternating
	Clients   int   // HTTP clients that ask for exports
	Slots     int   // of each worker

	Start      func(context.Context) (stop func() error, err error) // starts a worker process and waits until it is ready
	Unfinished func(context.Context) (int64, error)                 // exports that wait or are being rendered
}

// WorkersReport compares numbers of workers.
type WorkersReport struct {
	Slots     int           `json:"slots"`
	Documents int           `json:"documents"`
	Rounds    int           `json:"rounds"`
	Lines     []WorkersLine `json:"workers"`
}

// WorkersLine is what one number of workers did. Times are sums over all processes,
// including the API, the dispatcher, NATS, Postgres and the clients.
type WorkersLine struct {
	Workers int     `json:"workers"`
	PerS    float64 `json:"per_s"` // median
	CPU     Usage   `json:"cpu_ms_per_export"`
	Total   float64 `json:"cpu_ms_per_export_total"`
	Ratio   float64 `json:"cpu_to_first"` // of Total, to the first line's
	Memory  Usage   `json:"memory_mb"`    // at the end of the last round
}

// Print writes a table for people.
func (r *WorkersReport) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d rounds of %d documents each, workers of %d slots\n\n", r.Rounds, r.Documents, r.Slots)
	fmt.Fprint(t, "workers\tper second\tCPU per export\tto the first\tchrome\tgo\tpostgres\tmemory\n")
	for _, l := range r.Lines {
		memory := 0.0
		for amount := range maps.Values(l.Memory) {
			memory += amount
		}
		fmt.Fprintf(t, "%d\t%.1f\t%.1f ms\t%.2f\t%.1f\t%.1f\t%.1f\t%.0f MB\n",
			l.Workers, l.PerS, l.Total, l.Ratio, l.CPU["chrome"], l.CPU["go"], l.CPU["postgres"], memory)
	}
	return t.Flush()
}

// Measure makes the whole measurement.
func (b *Workers) Measure(ctx context.Context, s *Service) (*WorkersReport, error) {
	report := &WorkersReport{Slots: b.Slots, Documents: b.Documents, Rounds: b.Rounds, Lines: make([]WorkersLine, len(b.Counts))}
	rates := make([][]float64, len(b.Counts))
	for range b.Rounds {
		for i, count := range b.Counts {
			line := &report.Lines[i]
			if line.CPU == nil {
				line.Workers, line.CPU = count, Usage{}
			}
			rate, err := b.round(ctx, s, line)
			if err != nil {
				return nil, fmt.Errorf("with %d workers: %w", count, err)
			}
			rates[i] = append(rates[i], rate)
		}
	}
	for i := range report.Lines {
		l := &report.Lines[i]
		l.PerS = median(rates[i])
		l.CPU = l.CPU.perDocument(b.Rounds * b.Documents)
		l.Total = l.CPU.total()
		l.Ratio = l.Total / report.Lines[0].Total
	}
	return report, nil
}

// round starts the workers of a line, adds what a round of documents costs, and stops them.
func (b *Workers) round(ctx context.Context, s *Service, line *WorkersLine) (perS float64, err error) {
	stops := make([]func() error, 0, line.Workers)
	defer func() {
		for _, stop := range slices.Backward(stops) {
			err = errors.Join(err, stop())
		}
	}()
	for range line.Workers {
		stop, err := b.Start(ctx)
		if err != nil {
			return 0, err
		}
		stops = append(stops, stop)
	}
	if _, err := b.export(ctx, s, 20*line.Workers*b.Slots); err != nil { // to warm up
		return 0, err
	}
	before := cpuTimes()
	took, err := b.export(ctx, s, b.Documents)
	line.CPU.add(cpuTimes().since(before))
	line.Memory = memoryUsage(os.Getpid())
	return perSecond(b.Documents, took), err
}

// export asks for n exports and waits until no export is unfinished.
func (b *Workers) export(ctx context.Context, s *Service, n int) (time.Duration, error) {
	start := time.Now()
	if _, err := s.accept(ctx, n, b.Clients); err != nil {
		return 0, err
	}
	for {
		left, err := b.Unfinished(ctx)
		if err != nil || left == 0 {
			return time.Since(start), err
		}
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
