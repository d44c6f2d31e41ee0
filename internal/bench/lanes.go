package bench

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/letrazapp/letraz-export/internal/client"
)

// Lanes measures what a pile of bulk exports does to interactive ones.
type Lanes struct {
	Pile    int // bulk exports that wait, in batches
	Exports int // interactive ones in each round of each measurement
	Rounds  int // alternating
	Clients int // HTTP clients that keep every slot busy with interactive exports
}

// LanesReport compares interactive exports beside a pile with those alone.
type LanesReport struct {
	Slots   int `json:"slots"`
	Pile    int `json:"pile"`
	Exports int `json:"exports"`
	Rounds  int `json:"rounds"`

	Alone    Quantiles `json:"alone_ms"`  // one at a time, POST to ready
	Beside   Quantiles `json:"beside_ms"` // the same while the pile waits
	RatioP50 float64   `json:"beside_to_alone_p50"`
	RatioP95 float64   `json:"beside_to_alone_p95"`

	BulkShare    float64 `json:"bulk_share_saturated"` // of the exports that became ready while interactive ones kept all slots busy
	BatchPerS    float64 `json:"batch_accept_per_s"`   // exports of batches, accepted
	BatchMS      float64 `json:"batch_of_500_ms"`      // POST of a batch, median
	SaturatedPer float64 `json:"saturated_per_s"`      // interactive and bulk together
}

// Print writes a table for people.
func (r *LanesReport) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d slots, %d rounds of %d interactive exports, a pile of %d bulk ones\n\n", r.Slots, r.Rounds, r.Exports, r.Pile)
	fmt.Fprintf(t, "alone\t%s\tPOST to ready, one at a time\n", r.Alone)
	fmt.Fprintf(t, "beside the pile\t%s\t\n", r.Beside)
	fmt.Fprintf(t, "beside / alone\t%.2f, %.2f\tp50, p95\n", r.RatioP50, r.RatioP95)
	fmt.Fprintf(t, "bulk share\t%.3f\tof %.1f/s, while interactive exports keep all slots busy\n", r.BulkShare, r.SaturatedPer)
	fmt.Fprintf(t, "batches\t%.0f/s\texports accepted; %.0f ms for a batch of %d\n", r.BatchPerS, r.BatchMS, batchSize)
	return t.Flush()
}

// batchSize is the number of exports in each batch.
const batchSize = 500

// Measure makes the whole measurement.
func (b *Lanes) Measure(ctx context.Context, s *Service) (*LanesReport, error) {
	report := &LanesReport{Slots: s.Slots, Pile: b.Pile, Exports: b.Exports, Rounds: b.Rounds}
	// To warm up: connections, prepared statements, the browsers' caches.
	if _, err := s.export(ctx, max(50, s.Slots), b.Clients); err != nil {
		return nil, err
	}
	var alone, beside, posts samplesMS
	var bulk, all int
	var saturated time.Duration
	for range b.Rounds {
		stop := startWorker(ctx, s.Worker)
		err := b.oneByOne(ctx, s, &alone)
		stop()
		if err != nil {
			return nil, err
		}
		pile, took, err := b.pile(ctx, s)
		posts.add(took...)
		if err != nil {
			return nil, err
		}
		s.Watch.forget()
		stop = startWorker(ctx, s.Worker)
		if err = s.Watch.count(ctx, s.Slots); err == nil { // the slots are busy with the pile
			err = b.oneByOne(ctx, s, &beside)
		}
		if err == nil {
			s.Watch.forget()
			start := time.Now()
			_, err = s.exportWith(ctx, b.Exports*b.Clients, b.Clients)
			saturated += time.Since(start)
			others := s.Watch.ends() // exportWith has forgotten its own
			bulk, all = bulk+others, all+others+b.Exports*b.Clients
		}
		stop()
		for _, id := range pile {
			if err == nil {
				err = s.Client.DeleteBatch(ctx, id)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	report.Alone, report.Beside = alone.quantiles(), beside.quantiles()
	report.RatioP50, report.RatioP95 = report.Beside.P50/report.Alone.P50, report.Beside.P95/report.Alone.P95
	report.BulkShare, report.SaturatedPer = float64(bulk)/float64(all), perSecond(all, saturated)
	report.BatchMS = median(posts)
	report.BatchPerS = batchSize * 1000 / report.BatchMS
	return report, nil
}

// oneByOne measures exports of which each is requested when the one before is ready.
func (b *Lanes) oneByOne(ctx context.Context, s *Service, times *samplesMS) error {
	for range b.Exports {
		run, err := s.exportWith(ctx, 1, 1)
		if err != nil {
			return err
		}
		times.add(run.latencies...)
	}
	return nil
}

// pile requests the bulk exports and returns their batches.
func (b *Lanes) pile(ctx context.Context, s *Service) (ids []string, took []time.Duration, err error) {
	for range (b.Pile + batchSize - 1) / batchSize {
		ask := client.BatchRequest{Exports: make([]client.CreateRequest, batchSize)}
		for i := range ask.Exports {
			ask.Exports[i].ResumeID = s.Resume.ID
		}
		start := time.Now()
		batch, err := s.Client.CreateBatch(ctx, ask)
		if err != nil {
			return ids, took, err
		}
		ids, took = append(ids, batch.ID), append(took, time.Since(start))
	}
	return ids, took, nil
}
