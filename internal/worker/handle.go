package worker

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
)

var (
	// errShutdown ends work that the grace time was too short for.
	errShutdown = errors.New("the worker is shutting down")
	// errUnknown: the database did not say whether the request is complete.
	errUnknown = errors.New("the outcome is unknown")
)

// handle takes one message to its end. It calls leave, at most once, as soon as
// it will not print any more; what is left then goes on beside the slot.
func (w *Worker) handle(ctx context.Context, p render.Printer, d Delivery, leave func()) {
	message, err := d.Message()
	if err != nil {
		w.outages.unreadable.Failed(err)
		w.settle("discarding", "", d.Discard("not understood"))
		return
	}
	r, err := w.Store.ClaimExport(ctx, message, w.Lease)
	if errors.Is(err, export.ErrNotClaimable) {
		w.release(ctx, message, d)
		return
	}
	if err != nil {
		w.outages.database.Failed(err, "export_id", message.ExportID)
		w.settle("returning", message.ExportID, d.Return(jittered(2*time.Second)))
		return
	}
	w.outages.database.Recovered()
	crashpoint.Here(crashpoint.WorkerAfterClaim)
	start := time.Now()
	m, err := w.attempt(ctx, p, r, d, leave)
	err = w.gate.blame(ctx, err)
	final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalWrite)
	defer cancel()
	if err == nil {
		r, err = w.complete(final, r, m.Artifact)
	}
	m.landed()
	if err != nil && !errors.Is(err, errUnknown) {
		// Last, so that a file store that hangs does not keep the outcome from the row.
		defer w.discardFile(ctx, m.BlobKey)
	}
	switch {
	case err == nil:
		crashpoint.Here(crashpoint.WorkerAfterComplete)
		w.Logger.Info("export ready", "export_id", r.ID, "attempt", r.Attempt, "pages", m.Pages, "bytes", m.Size, "reused", m.reused,
			"work_ms", time.Since(start).Milliseconds(), "total_ms", r.FinishedAt.Sub(r.CreatedAt).Milliseconds())
		final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalWrite)
		defer cancel()
		w.announce(final, r)
		crashpoint.Here(crashpoint.WorkerAfterEvent)
		w.settle("acknowledging", r.ID, d.Ack(final))
	case errors.Is(err, errUnknown):
		// If it was not written, the rescuer repeats the work and the file stays
		// behind unused; deleting it could take the bytes of a ready export.
		w.Logger.Error("completing failed; the lease runs out", "export_id", r.ID, "blob_key", m.BlobKey, "error", err)
		w.settle("returning", r.ID, d.Return(w.Lease))
	case errors.Is(err, export.ErrFenced):
		w.Logger.Info("fenced out: the work is dropped", "export_id", r.ID, "attempt", r.Attempt, "error", err)
		w.release(final, message, d)
	case errors.Is(err, errShutdown):
		w.handBack(final, r, d)
	case errors.Is(err, errStoreDown):
		w.handBackStored(final, r, d, err)
	default:
		w.fail(final, r, d, err)
	}
}

// complete makes the request ready. When an answer got lost, the repeat finds
// the row fenced, but with this attempt's own file: that is success. errUnknown
// means that the row may or may not name the file.
func (w *Worker) complete(ctx context.Context, r export.Request, a export.Artifact) (export.Request, error) {
	var done export.Request
	lost := false // an answer, of a write that may have happened
	err := insist(ctx, func() (err error) {
		done, err = w.Store.CompleteExport(ctx, r, a)
		if !errors.Is(err, export.ErrFenced) {
			lost = lost || err != nil
			return err
		}
		if !lost {
			return err
		}
		now, readErr := w.Store.Export(ctx, r.ID)
		if errors.Is(readErr, export.ErrNotFound) {
			return err // erased meanwhile: no row names the file
		}
		if readErr != nil {
			return readErr
		}
		if now.Artifact.BlobKey == a.BlobKey {
			done, err = now, nil
		}
		return err
	})
	switch {
	case err == nil:
		return done, nil
	case errors.Is(err, export.ErrFenced):
		return r, err
	default:
		return r, errors.Join(errUnknown, err)
	}
}

// fail ends the attempt: for good when another cannot help or there is none
// left, else back to the queue to rest. The next attempt has a message of its own,
// which the dispatcher publishes when it is due.
func (w *Worker) fail(ctx context.Context, r export.Request, d Delivery, cause error) {
	f := export.FailureOf(cause)
	log := w.Logger.With("export_id", r.ID, "attempt", r.Attempt, "failure_code", string(f.Code), "error", cause)
	if r.MayRetry(f.Code) {
		backoff := export.Backoff(r.Attempt, rand.Float64())
		err := insist(ctx, func() error {
			_, err := w.Store.RetryExportLater(ctx, r, f, backoff)
			return err
		})
		if err != nil {
			w.unrecorded(ctx, r, d, log, err)
			return
		}
		log.Warn("attempt failed; trying again later", "backoff_ms", backoff.Milliseconds())
		w.settle("acknowledging", r.ID, d.Ack(ctx))
		return
	}
	var failed export.Request
	err := insist(ctx, func() (err error) {
		failed, err = w.Store.FailExport(ctx, r, f)
		return err
	})
	if err != nil {
		w.unrecorded(ctx, r, d, log, err)
		return
	}
	log.Log(ctx, failedLevel(f.Code), "export failed")
	w.announce(ctx, failed)
	w.settle("acknowledging", r.ID, d.Ack(ctx))
}

// handBack returns unfinished work at shutdown; its attempt does not count.
func (w *Worker) handBack(ctx context.Context, r export.Request, d Delivery) {
	w.handBackAfter(ctx, r, d, 0, w.Logger.With("export_id", r.ID, "attempt", r.Attempt))
}

// handBackAfter returns work to the queue, where it rests; its attempt does not count.
func (w *Worker) handBackAfter(ctx context.Context, r export.Request, d Delivery, rest time.Duration, log *slog.Logger) {
	if err := insist(ctx, func() error { return w.Store.HandBackExport(ctx, r, rest) }); err != nil {
		w.unrecorded(ctx, r, d, log, err)
		return
	}
	log.Info("handed back")
	w.settle("returning", r.ID, d.Return(rest))
}

// unrecorded ends a message when the row did not take the outcome. Fenced out,
// the row knows better, or took it and the answer was lost.
func (w *Worker) unrecorded(ctx context.Context, r export.Request, d Delivery, log *slog.Logger, err error) {
	if errors.Is(err, export.ErrFenced) {
		log.Info("the outcome came too late for the row", "record_error", err)
		w.release(ctx, export.Message{ExportID: r.ID, Attempts: r.Attempt - 1}, d)
		return
	}
	log.Error("the outcome could not be recorded; the lease runs out", "record_error", err)
	w.settle("returning", r.ID, d.Return(w.Lease))
}

// insist repeats a final write whose failure may be of the moment, such as a
// connection that the database's restart broke.
func insist(ctx context.Context, write func() error) error {
	var err error
	for try := range 3 {
		if try > 0 {
			pause(ctx, jittered(200*time.Millisecond))
		}
		if err = write(); err == nil || errors.Is(err, export.ErrFenced) {
			break
		}
	}
	return err
}

// announce publishes the event for a final status. What fails here the
// dispatcher makes up for.
func (w *Worker) announce(ctx context.Context, r export.Request) {
	err := w.Queue.PublishEvent(ctx, export.EventOf(r))
	if err == nil {
		err = w.Store.MarkAnnounced(ctx, []export.Request{r})
	}
	note(w.outages.events, err, "export_id", r.ID, "status", string(r.Status))
}

// discardFile deletes the bytes of an attempt that did not become visible, also
// when ctx has ended.
func (w *Worker) discardFile(ctx context.Context, key string) {
	if key == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalWrite)
	defer cancel()
	note(w.outages.files, w.Files.Delete(ctx, key), "blob_key", key)
}
