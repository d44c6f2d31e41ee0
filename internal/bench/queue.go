package bench

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// Queue compares the rate with a long queue to the rate with a short one.
type Queue struct {
	Queued    int // exports in the long queue; the short one has Documents
	Documents int // in each round
	Rounds    int // of each; medians are reported
	Clients   int // HTTP clients that fill the queue
}

// QueueReport compares a long queue with a short one. Rates are per second.
type QueueReport struct {
	Slots     int `json:"slots"`
	Documents int `json:"documents"`
	Rounds    int `json:"rounds"`
	Queued    int `json:"queued"`

	ShortPerS  float64 `json:"short_per_s"`    // with as many queued as documents
	LongPerS   float64 `json:"long_per_s"`     // with Queued
	ShortRatio float64 `json:"short_to_limit"` // to bare Chrome next to it, as the machine's load may change
	LongRatio  float64 `json:"long_to_limit"`
	Ratio      float64 `json:"long_to_short"` // of these two
}

// Print writes a table for people.
func (r *QueueReport) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d slots, %d rounds of %d documents each\n\n", r.Slots, r.Rounds, r.Documents)
	fmt.Fprintf(t, "%d queued\t%.1f/s\t%.2f of the limit\n", r.Documents, r.ShortPerS, r.ShortRatio)
	fmt.Fprintf(t, "%d queued\t%.1f/s\t%.2f of the limit\n", r.Queued, r.LongPerS, r.LongRatio)
	fmt.Fprintf(t, "long / short\t%.2f\tof the ratios to the limit\n", r.Ratio)
	return t.Flush()
}

// Measure makes the whole measurement.
func (b *Queue) Measure(ctx context.Context, s *Service) (*QueueReport, error) {
	report := &QueueReport{Slots: s.Slots, Documents: b.Documents, Rounds: b.Rounds, Queued: b.Queued}
	// To warm up: connections, prepared statements, the browsers' caches.
	if _, err := s.export(ctx, max(50, s.Slots), b.Clients); err != nil {
		return nil, err
	}
	var err error
	// A few more than are measured, so that no slot runs dry before the end.
	fill := func() error { _, err := s.accept(ctx, b.Documents+2*s.Slots, b.Clients); return err }
	if report.ShortPerS, report.ShortRatio, err = b.rounds(ctx, s, fill); err != nil {
		return nil, err
	}
	if _, err := s.accept(ctx, b.Queued, b.Clients); err != nil {
		return nil, err
	}
	if report.LongPerS, report.LongRatio, err = b.rounds(ctx, s, func() error { return nil }); err != nil {
		return nil, err
	}
	report.Ratio = report.LongRatio / report.ShortRatio
	return report, nil
}

// rounds alternates bare Chrome and a worker that finds a queue filled by fill.
func (b *Queue) rounds(ctx context.Context, s *Service, fill func() error) (perS, ratio float64, err error) {
	var rates, ratios []float64
	for range b.Rounds {
		took, err := s.limit(ctx, b.Documents)
		if err != nil {
			return 0, 0, err
		}
		limit := perSecond(b.Documents, took)
		if err := fill(); err != nil {
			return 0, 0, err
		}
		s.Watch.forget()
		start := time.Now()
		stop := startWorker(ctx, s.Worker)
		err = s.Watch.count(ctx, b.Documents)
		took = time.Since(start)
		stop()
		if err != nil {
			return 0, 0, err
		}
		rate := perSecond(b.Documents, took)
		rates, ratios = append(rates, rate), append(ratios, rate/limit)
	}
	return median(rates), median(ratios), nil
}
