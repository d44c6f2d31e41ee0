package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"
)

type benchQueueCmd struct {
	Queued      int    `help:"Exports in the long queue. The short one has one for each document." default:"100000"`
	Documents   int    `help:"Documents in each round." default:"100"`
	Rounds      int    `help:"Rounds of each; medians are reported." default:"10"`
	Clients     int    `help:"HTTP clients that fill the queue." default:"16"`
	Sample      string `help:"Sample resume to export." default:"first-job"`
	JSON        bool   `name:"json" help:"Print JSON instead of a table."`
	Slots       int    `help:"Browser slots, all of them warm from the start; 0: the most that serve would use." default:"0"`
	chromeFlags `embed:""`
}

// Validate is called by kong.
func (b *benchQueueCmd) Validate() error {
	switch {
	case b.Documents < 10 || b.Documents > 10_000:
		return errors.New("--documents must be between 10 and 10000")
	case b.Rounds < 1 || b.Rounds > 100:
		return errors.New("--rounds must be between 1 and 100")
	case b.Queued < b.Documents*b.Rounds || b.Queued > 10_000_000:
		return errors.New("--queued must be between --documents times --rounds and 10000000")
	case b.Clients < 1 || b.Clients > 1000:
		return errors.New("--clients must be between 1 and 1000")
	case b.Slots < 0 || b.Slots > 256:
		return errors.New("--slots must be between 0 and 256")
	}
	return nil
}

// queueReport compares a long queue with a short one. Rates are per second.
type queueReport struct {
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

func (r *queueReport) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d slots, %d rounds of %d documents each\n\n", r.Slots, r.Rounds, r.Documents)
	fmt.Fprintf(t, "%d queued\t%.1f/s\t%.2f of the limit\n", r.Documents, r.ShortPerS, r.ShortRatio)
	fmt.Fprintf(t, "%d queued\t%.1f/s\t%.2f of the limit\n", r.Queued, r.LongPerS, r.LongRatio)
	fmt.Fprintf(t, "long / short\t%.2f\tof the ratios to the limit\n", r.Ratio)
	return t.Flush()
}

// Run measures on servers of its own in a temporary directory.
func (b *benchQueueCmd) Run(e *env) error {
	if b.Slots == 0 {
		_, b.Slots = workFlags{}.slotRange(os.DirFS("/"))
	}
	var c closers
	defer func() { c.close(e.log) }()
	on, err := startBench(e, benchSetup{Slots: b.Slots, Clients: b.Clients, Sample: b.Sample, chromeFlags: b.chromeFlags}, &c)
	if err != nil {
		return err
	}
	report, err := b.measure(e.ctx, on)
	if err != nil {
		return err
	}
	return show(e, b.JSON, report)
}

func (b *benchQueueCmd) measure(ctx context.Context, on *bench) (*queueReport, error) {
	report := &queueReport{Slots: b.Slots, Documents: b.Documents, Rounds: b.Rounds, Queued: b.Queued}
	// To warm up: connections, prepared statements, the browsers' caches.
	if _, err := on.export(ctx, max(50, b.Slots), b.Clients); err != nil {
		return nil, err
	}
	var err error
	// A few more than are measured, so that no slot runs dry before the end.
	fill := func() error { _, err := on.accept(ctx, b.Documents+2*b.Slots, b.Clients); return err }
	if report.ShortPerS, report.ShortRatio, err = b.rounds(ctx, on, fill); err != nil {
		return nil, err
	}
	if _, err := on.accept(ctx, b.Queued, b.Clients); err != nil {
		return nil, err
	}
	if report.LongPerS, report.LongRatio, err = b.rounds(ctx, on, func() error { return nil }); err != nil {
		return nil, err
	}
	report.Ratio = report.LongRatio / report.ShortRatio
	return report, nil
}

// rounds alternates bare Chrome and a worker that finds a queue filled by fill.
func (b *benchQueueCmd) rounds(ctx context.Context, on *bench, fill func() error) (perS, ratio float64, err error) {
	var rates, ratios []float64
	for range b.Rounds {
		took, err := on.limit(ctx, b.Documents)
		if err != nil {
			return 0, 0, err
		}
		limit := perSecond(b.Documents, took)
		if err := fill(); err != nil {
			return 0, 0, err
		}
		on.ended.forget()
		start := time.Now()
		stop := startWorker(ctx, on.worker)
		err = on.ended.count(ctx, b.Documents)
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
