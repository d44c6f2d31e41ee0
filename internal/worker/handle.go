package worker

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
)

var (
	// errShutdown ends work that the grace time was too short for.
	errShutdown = errors.New("the worker is shutting down")
	// errUnknown: the database did not say whether the request is complete.
	errUnknown = errors.New("the outcome is unknown")
)

// handle takes one message to its end.
func (w *Worker) handle(ctx context.Context, p render.Printer, d Delivery) {
	id, err := d.ExportID()
	if err != nil {
		w.Logger.Error("discarding a message that cannot be understood", "error", err)
		w.settle("discarding", id, d.Discard("not understood"))
		return
	}
	r, err := w.Store.ClaimExport(ctx, id, w.Lease)
	if errors.Is(err, export.ErrNotClaimable) {
		w.handleUnclaimable(ctx, id, d)
		return
	}
	if err != nil {
		w.Logger.Error("claiming failed; the message goes back", "export_id", id, "error", err)
		w.settle("returning", id, d.Return(jittered(2*time.Second)))
		return
	}
	start := time.Now()
	artifact, err := w.attempt(ctx, p, r, d)
	final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalWrite)
	defer cancel()
	if err == nil {
		r, err = w.complete(final, r, artifact)
	}
	switch {
	case err == nil:
		w.Logger.Info("export ready", "export_id", r.ID, "attempt", r.Attempt, "pages", artifact.Pages, "bytes", artifact.Size,
			"work_ms", time.Since(start).Milliseconds(), "total_ms", r.FinishedAt.Sub(r.CreatedAt).Milliseconds())
		w.announce(final, r)
		w.settle("acknowledging", r.ID, d.Ack(final))
	case errors.Is(err, export.ErrFenced):
		w.Logger.Warn("fenced out: the work is dropped", "export_id", r.ID, "attempt", r.Attempt, "error", err)
		w.discardFile(final, artifact.BlobKey)
		w.settle("acknowledging", r.ID, d.Ack(final))
	case errors.Is(err, errShutdown):
		w.discardFile(final, artifact.BlobKey)
		w.handBack(final, r, d)
	case errors.Is(err, errUnknown):
		w.settle("returning", r.ID, d.Return(w.Lease))
	default:
		w.discardFile(final, artifact.BlobKey)
		w.fail(final, r, d, err)
	}
}

// handleUnclaimable ends a message whose request cannot be claimed: it is done,
// gone, in other hands, or resting until its next attempt.
func (w *Worker) handleUnclaimable(ctx context.Context, id string, d Delivery) {
	r, err := w.Store.Export(ctx, id)
	switch {
	case errors.Is(err, export.ErrNotFound):
		w.Logger.Warn("a message for an unknown export", "export_id", id)
	case err != nil:
		w.Logger.Error("reading a request failed; the message goes back", "export_id", id, "error", err)
		w.settle("returning", id, d.Return(jittered(2*time.Second)))
		return
	case r.Status == export.Queued:
		// It rests. The database's clock decides whether it may be claimed, so a
		// clock that is off here costs a round, no more.
		w.settle("returning", id, d.Return(max(time.Until(r.NextAttemptAt), 100*time.Millisecond)))
		return
	}
	// Should whoever renders it die, the rescuer puts it back with a new message.
	w.settle("acknowledging", id, d.Ack(ctx))
}

// complete makes the request ready. A repeat after an answer that got lost finds
// the row fenced, but with this attempt's own file: that is success.
func (w *Worker) complete(ctx context.Context, r export.Request, a export.Artifact) (export.Request, error) {
	var err error
	for range 3 {
		var done export.Request
		if done, err = w.Store.CompleteExport(ctx, r, a); err == nil {
			return done, nil
		}
		if errors.Is(err, export.ErrFenced) {
			if now, readErr := w.Store.Export(ctx, r.ID); readErr == nil && now.Artifact.BlobKey == a.BlobKey {
				return now, nil
			}
			return r, err
		}
		pause(ctx, jittered(200*time.Millisecond))
	}
	// Whether it was written is not known, so the file stays: if it was not, the
	// rescuer repeats the work and this file is an orphan.
	w.Logger.Error("completing failed; the lease runs out", "export_id", r.ID, "error", err)
	return r, errors.Join(errUnknown, err)
}

// fail ends the attempt: for good when another cannot help or there is none
// left, else back to the queue to rest.
func (w *Worker) fail(ctx context.Context, r export.Request, d Delivery, cause error) {
	f := export.FailureOf(cause)
	log := w.Logger.With("export_id", r.ID, "attempt", r.Attempt, "failure_code", string(f.Code), "error", cause)
	if !f.Code.Permanent() && r.Attempt < r.MaxAttempts {
		backoff := export.Backoff(r.Attempt, rand.Float64())
		if _, err := w.Store.RetryExportLater(ctx, r, f, backoff); err != nil {
			log.Error("the failed attempt could not be recorded; the lease runs out", "record_error", err)
			w.settle("returning", r.ID, d.Return(w.Lease))
			return
		}
		log.Warn("attempt failed; trying again later", "backoff_ms", backoff.Milliseconds())
		w.settle("returning", r.ID, d.Return(backoff))
		return
	}
	failed, err := w.Store.FailExport(ctx, r, f)
	if err != nil {
		log.Error("the failure could not be recorded; the lease runs out", "record_error", err)
		w.settle("returning", r.ID, d.Return(w.Lease))
		return
	}
	log.Error("export failed")
	w.announce(ctx, failed)
	w.settle("acknowledging", r.ID, d.Ack(ctx))
}

// handBack returns unfinished work at shutdown; its attempt does not count.
func (w *Worker) handBack(ctx context.Context, r export.Request, d Delivery) {
	if err := w.Store.HandBackExport(ctx, r); err != nil {
		w.Logger.Error("handing back failed; the lease runs out", "export_id", r.ID, "error", err)
		w.settle("returning", r.ID, d.Return(w.Lease))
		return
	}
	w.Logger.Info("handed back", "export_id", r.ID)
	w.settle("returning", r.ID, d.Return(0))
}

// announce publishes the event for a final status. What fails here the
// dispatcher makes up for.
func (w *Worker) announce(ctx context.Context, r export.Request) {
	err := w.Queue.PublishEvent(ctx, export.EventOf(r))
	if err == nil {
		err = w.Store.MarkAnnounced(ctx, []string{r.ID}, r.Status)
	}
	if err != nil {
		w.Logger.Warn("the event is left to the dispatcher", "export_id", r.ID, "status", string(r.Status), "error", err)
	}
}

// discardFile deletes the bytes of an attempt that did not become visible.
func (w *Worker) discardFile(ctx context.Context, key string) {
	if key == "" {
		return
	}
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
