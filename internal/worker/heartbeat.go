package worker

import (
	"context"
	"errors"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
)

// Leases extends leases.
type Leases interface {
	HeartbeatExport(ctx context.Context, r export.Request, lease time.Duration) error
}

// heartbeat extends the lease, and tells the queue that the message is in progress,
// until ctx ends. If the lease is lost it calls stop.
func (w *Worker) heartbeat(ctx context.Context, r export.Request, d Delivery, stop context.CancelCauseFunc) {
	// Often enough for the shorter of the two times.
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
