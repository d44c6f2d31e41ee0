package worker

import (
	"context"
	"errors"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
)

// Leases are prolonged while work goes on.
type Leases interface {
	HeartbeatExport(ctx context.Context, r export.Request, lease time.Duration) error
}

// heartbeat keeps the lease and the message until ctx ends, and ends it through
// stop when the lease is lost.
func (w *Worker) heartbeat(ctx context.Context, r export.Request, d Delivery, stop context.CancelCauseFunc) {
	// The shorter of the two clocks decides.
	every := min(w.Lease, queue.AckWait) / 3
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := d.InProgress(); err != nil {
			w.outages.messages.Failed(err, "export_id", r.ID)
		}
		beat, cancel := context.WithTimeout(ctx, every)
		err := w.Store.HeartbeatExport(beat, r, w.Lease)
		cancel()
		switch {
		case errors.Is(err, export.ErrFenced):
			stop(err)
			return
		case err != nil && ctx.Err() == nil:
			w.outages.leases.Failed(err, "export_id", r.ID)
		case err == nil:
			w.outages.leases.Recovered()
		}
	}
}
