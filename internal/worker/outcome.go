package worker

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
)

// Outcomes writes the outcome of an attempt to the row. Each method but Export requires the
// attempt's lease and otherwise fails with export.ErrFenced.
type Outcomes interface {
	CompleteExport(ctx context.Context, r export.Request, a export.Artifact) (export.Request, error)
	FailExport(ctx context.Context, r export.Request, f export.Failure) (export.Request, error)
	RetryExportLater(ctx context.Context, r export.Request, f export.Failure, backoff time.Duration) (export.Request, error)
	HandBackExport(ctx context.Context, r export.Request, rest time.Duration) error
	Export(ctx context.Context, id string) (export.Request, error)
}

// Announcer tells listeners of final statuses.
type Announcer interface {
	Announce(ctx context.Context, r export.Request) error
}

var (
	// errShutdown ends work that did not finish within the grace time.
	errShutdown = errors.New("the worker is shutting down")
	// errOutcomeUnknown means that the request may or may not be complete, because the database
	// did not answer.
	errOutcomeUnknown = errors.New("the outcome is unknown")
)

// finalWrite is the time limit of writes that must happen even after the work's context has
// ended.
const finalWrite = 10 * time.Second

// conclude writes the outcome of the work, which ended with err, to the row, announces
// it, and ends the message. It goes on when ctx has ended.
func (a *attempt) conclude(ctx context.Context, err error) {
	ctx = context.WithoutCancel(ctx)
	final, cancel := context.WithTimeout(ctx, finalWrite)
	defer cancel()
	if err == nil {
		err = a.complete(final)
	}
	a.endFlight()
	if err != nil && !errors.Is(err, errOutcomeUnknown) {
		// Last, so that a hanging file store does not delay writing the outcome.
		defer a.discardFile(ctx)
	}
	switch {
	case err == nil:
		announcing, cancel := context.WithTimeout(ctx, finalWrite)
		defer cancel()
		a.ready(announcing)
	case errors.Is(err, errOutcomeUnknown):
		// The file is kept: if the row was written, the export is ready and needs it. If
		// not, the work is repeated and the sweeper deletes the file.
		a.log.Error("completing failed; the export is attempted again after the lease", "blob_key", a.artifact.BlobKey, "error", err)
		a.returnMessage(a.Lease)
	case errors.Is(err, export.ErrFenced):
		a.log.Info("the lease was lost: the attempt's work is discarded", "error", err)
		a.endMessageByRow(final)
	case errors.Is(err, errShutdown):
		a.handBack(final, 0, err)
	case errors.Is(err, errStoreDown):
		a.handBack(final, jittered(2*restAfterOutage), err)
	default:
		a.fail(final, err)
	}
}

// complete makes the request ready. If the answer to a successful write is lost, the
// repeated write is refused with ErrFenced; the row then names this attempt's file, and
// complete returns nil. errOutcomeUnknown means that the row may or may not name the file.
func (a *attempt) complete(ctx context.Context) error {
	lost := false // an answer was lost: the write may have happened
	err := retryWrite(ctx, func() error {
		done, err := a.Store.CompleteExport(ctx, a.request, a.artifact)
		if err == nil {
			a.request = done
			return nil
		}
		if !errors.Is(err, export.ErrFenced) {
			lost = true
			return err
		}
		if !lost {
			return err
		}
		now, readErr := a.Store.Export(ctx, a.request.ID)
		if errors.Is(readErr, export.ErrNotFound) {
			return err // erased meanwhile: no row names the file
		}
		if readErr != nil {
			return readErr
		}
		if now.Artifact.BlobKey == a.artifact.BlobKey {
			a.request, err = now, nil
		}
		return err
	})
	if err == nil || errors.Is(err, export.ErrFenced) {
		return err
	}
	return errors.Join(errOutcomeUnknown, err)
}

// ready announces the export, which is complete, and acknowledges its message.
func (a *attempt) ready(ctx context.Context) {
	crashpoint.Here(crashpoint.WorkerAfterComplete)
	r := a.request
	a.log.Info("export ready", "pages", a.artifact.Pages, "bytes", a.artifact.Size, "reused", a.reused,
		"work_ms", time.Since(a.began).Milliseconds(), "total_ms", r.FinishedAt.Sub(r.CreatedAt).Milliseconds())
	a.observe(ctx, r, "")
	a.announce(ctx, r)
	crashpoint.Here(crashpoint.WorkerAfterEvent)
	a.acknowledge(ctx)
}

// fail ends the attempt. The export fails if no attempt is left or another cannot
// help; otherwise it goes back to the queue, and the dispatcher publishes the message
// of the next attempt when that is due.
func (a *attempt) fail(ctx context.Context, cause error) {
	f := export.FailureOf(cause)
	a.log = a.log.With("failure_code", string(f.Code), "error", cause)
	retry := a.request.MayRetry(f.Code)
	backoff := export.Backoff(a.request.Attempt, rand.Float64())
	var failed export.Request
	err := retryWrite(ctx, func() (err error) {
		if retry {
			failed, err = a.Store.RetryExportLater(ctx, a.request, f, backoff)
		} else {
			failed, err = a.Store.FailExport(ctx, a.request, f)
		}
		return err
	})
	if err != nil {
		a.unrecorded(ctx, err)
		return
	}
	a.observe(ctx, failed, f.Code)
	if retry {
		a.Changes.Changed(failed)
		a.log.Warn("attempt failed; trying again later", "backoff_ms", backoff.Milliseconds())
	} else {
		a.log.Log(ctx, failedLevel(f.Code), "export failed")
		a.announce(ctx, failed)
	}
	a.acknowledge(ctx)
}

// handBack returns the export to the queue without counting the attempt. It is due
// again after rest.
func (a *attempt) handBack(ctx context.Context, rest time.Duration, cause error) {
	if err := retryWrite(ctx, func() error { return a.Store.HandBackExport(ctx, a.request, rest) }); err != nil {
		a.unrecorded(ctx, err)
		return
	}
	a.log.Info("export handed back to the queue", "reason", cause)
	back := a.request
	back.Status = export.Queued
	a.observe(ctx, back, "")
	a.Changes.Changed(back)
	a.returnMessage(rest)
}

// unrecorded ends the message when the outcome could not be written. With ErrFenced,
// another worker holds the row, or the write succeeded and its answer was lost.
func (a *attempt) unrecorded(ctx context.Context, err error) {
	if errors.Is(err, export.ErrFenced) {
		a.log.Info("the outcome was not recorded: the lease was lost", "record_error", err)
		a.endMessageByRow(ctx)
		return
	}
	a.log.Error("the outcome could not be recorded; the export is attempted again after the lease", "record_error", err)
	a.returnMessage(a.Lease)
}

// retryWrite tries a final write up to three times, since its failure may be temporary,
// such as a connection broken by a restart of the database.
func retryWrite(ctx context.Context, write func() error) error {
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

// announce tells listeners of the final status. The dispatcher announces what fails here.
func (a *attempt) announce(ctx context.Context, r export.Request) {
	recordResult(a.outages.events, a.Announcer.Announce(ctx, r), "export_id", r.ID, "status", string(r.Status))
}

// observe tells the observer and the tracer how the attempt ended.
func (a *attempt) observe(ctx context.Context, r export.Request, code export.FailureCode) {
	how := Result{Code: code, Reused: a.reused, Work: time.Since(a.began), Total: r.StatusAt.Sub(r.CreatedAt)}
	a.Observer.Finished(r, how)
	a.Tracer.Finished(ctx, r, how)
}

// discardFile deletes the file of an attempt that did not succeed.
func (a *attempt) discardFile(ctx context.Context) {
	key := a.artifact.BlobKey
	if key == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, finalWrite)
	defer cancel()
	recordResult(a.outages.files, a.Files.Delete(ctx, key), "blob_key", key)
}

func (a *attempt) acknowledge(ctx context.Context) {
	began := time.Now()
	err := a.delivery.Ack(ctx)
	a.Tracer.Step(ctx, Acknowledging, began, err)
	a.ended(a.request.ID, err)
}

func (a *attempt) returnMessage(after time.Duration) {
	a.ended(a.request.ID, a.delivery.Return(after))
}

// endMessageByRow ends the message of an attempt that has lost its lease.
func (a *attempt) endMessageByRow(ctx context.Context) {
	a.endByRow(ctx, export.Message{ExportID: a.request.ID, Attempts: a.request.Attempt - 1}, a.delivery)
}
