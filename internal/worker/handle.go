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
	id, err := d.ExportID()
	if err != nil {
		w.Logger.Error("discarding a message that cannot be understood", "error", err)
		w.settle("discarding", id, d.Discard("not understood"))
		return
	}
	r, err := w.Store.ClaimExport(ctx, id, w.Lease)
	if errors.Is(err, export.ErrNotClaimable) {
		w.followRow(ctx, id, d)
		return
	}
	if err != nil {
		w.Logger.Error("claiming failed; the message goes back", "export_id", id, "error", err)
		w.settle("returning", id, d.Return(jittered(2*time.Second)))
		return
	}
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
		w.Logger.Warn("fenced out: the work is dropped", "export_id", r.ID, "attempt", r.Attempt, "error", err)
		w.followRow(final, r.ID, d)
	case errors.Is(err, errShutdown):
		w.handBack(final, r, d)
	case errors.Is(err, errStoreDown):
		w.handBackStored(final, r, d, err)
	default:
		w.fail(final, r, d, err)
	}
}

// followRow ends a message whose request is not this worker's to render: done,
// gone, in other hands, or resting until its next attempt. While the request
// may still need a worker the message stays: the dispatcher takes one that is in
// the stream for a wake-up to come, and publishes no other.
func (w *Worker) followRow(ctx context.Context, id string, d Delivery) {
	r, err := w.Store.Export(ctx, id)
	switch {
	case errors.Is(err, export.ErrNotFound):
		w.Logger.Warn("a message for an unknown export", "export_id", id)
	case err != nil:
		w.Logger.Error("reading a request failed; the message goes back", "export_id", id, "error", err)
		w.settle("returning", id, d.Return(jittered(2*time.Second)))
		return
	case r.Status == export.Queued:
		w.settle("returning", id, d.Return(resting(r, time.Now())))
		return
	case r.Status == export.Rendering:
		// Whoever renders it acknowledges the message, or dies and is rescued.
		w.settle("returning", id, d.Return(w.Lease))
		return
	}
	w.settle("acknowledging", id, d.Ack(ctx))
}

// resting is how long a queued request may not be claimed. The database decides
// that by its own clock; one that is off here costs rounds or a part of the rest
// once more, because the whole rest is known by the database's clock alone.
func resting(r export.Request, now time.Time) time.Duration {
	whole := r.NextAttemptAt.Sub(r.StatusAt)
	return max(min(r.NextAttemptAt.Sub(now), whole), 100*time.Millisecond)
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
// left, else back to the queue to rest.
func (w *Worker) fail(ctx context.Context, r export.Request, d Delivery, cause error) {
	f := export.FailureOf(cause)
	log := w.Logger.With("export_id", r.ID, "attempt", r.Attempt, "failure_code", string(f.Code), "error", cause)
	if !f.Code.Permanent() && r.Attempt < r.MaxAttempts {
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
		w.settle("returning", r.ID, d.Return(backoff))
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
	log.Error("export failed")
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
		log.Warn("the outcome came too late for the row", "record_error", err)
		w.followRow(ctx, r.ID, d)
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
	if err != nil {
		w.Logger.Warn("the event is left to the dispatcher", "export_id", r.ID, "status", string(r.Status), "error", err)
	}
}

// discardFile deletes the bytes of an attempt that did not become visible, also
// when ctx has ended.
func (w *Worker) discardFile(ctx context.Context, key string) {
	if key == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalWrite)
	defer cancel()
	if err := w.Files.Delete(ctx, key); err != nil {
		w.Logger.Warn("a file nobody needs could not be deleted", "blob_key", key, "error", err)
	}
}

// settle logs that a message could not be ended: it comes again, and finds its
// request as the row says.
func (w *Worker) settle(doing, id string, err error) {
	if err != nil {
		w.Logger.Warn(doing+" a message failed; it will come again", "export_id", id, "error", err)
	}
}

// jittered spreads d over its upper half.
func jittered(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2)
}
