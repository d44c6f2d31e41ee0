package worker

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/render"
)

// attempt loads, renders and stores one claimed request while a heartbeat keeps
// its lease. What it returns carries its blob key as soon as there may be bytes
// under it, and landed is to be called, error or not.
func (w *Worker) attempt(ctx context.Context, p render.Printer, r export.Request, d Delivery, leave func()) (m made, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ctx, cancel := context.WithTimeoutCause(ctx, w.Deadline, errDeadline)
	defer cancel()

	beating := make(chan struct{})
	go func() {
		defer close(beating)
		w.heartbeat(ctx, r, d, stop)
	}()
	defer func() {
		// The reason for the end of the context is the reason of the failure.
		cause := context.Cause(ctx)
		if errors.Is(cause, errDeadline) {
			cause = export.Fail(m.blame(w.Deadline), "%w of %s while %s", errDeadline, w.Deadline, m.doing)
		}
		if err != nil && cause != nil && !errors.Is(err, cause) {
			err = fmt.Errorf("%w (%w)", cause, err)
		}
		stop(nil)
		<-beating
	}()
	return w.produce(ctx, p, r, leave)
}

// produce does the work itself. A panic in it fails the attempt, not the worker.
func (w *Worker) produce(ctx context.Context, p render.Printer, r export.Request, leave func()) (m made, err error) {
	m.landed, m.doing = func() {}, loading
	defer func() {
		if v := recover(); v != nil {
			w.Logger.Error("rendering panicked", "export_id", r.ID, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			err = export.Fail(export.Internal, "rendering panicked: %v", v)
		}
	}()
	doc, err := w.Store.LoadResume(ctx, r.ResumeID, r.JobID)
	if err != nil {
		return m, err
	}
	crashpoint.Here(crashpoint.WorkerAfterLoad)
	draft, err := render.Prepare(doc, render.Options{Format: r.Format, Template: r.Template, Paper: r.Paper, MaxPages: w.MaxPages, Options: r.Options})
	if err != nil {
		return m, err
	}
	if w.reuse(ctx, r, draft, &m) {
		leave()
		m.doing = storing
		if err := w.Files.Flush(ctx, m.BlobKey); err != nil {
			return m, export.Fail(export.StorageUnavailable, "storing the file of export %s: %w", r.ID, err)
		}
		return m, nil
	}
	if ctx.Err() != nil {
		return m, context.Cause(ctx)
	}
	if r.Timeouts > 0 {
		p = &freshPrinter{Printer: p}
	}
	m.doing, m.printFrom = printing, time.Now()
	printed, err := draft.Print(ctx, p)
	if err != nil {
		return m, err
	}
	leave()
	m.doing = storing
	file, err := printed.Finish()
	if err != nil {
		return m, err
	}
	crashpoint.Here(crashpoint.WorkerAfterPrint)
	m.BlobKey = export.BlobKey(r)
	m.Size, m.SHA256, m.Pages, m.Filename = int64(len(file.Data)), sha256.Sum256(file.Data), file.Pages, file.Filename
	m.Report = file.Report
	checked := w.check(r, doc, file)
	defer func() { m.Report.ATS = <-checked }()
	if err := w.Files.Put(ctx, m.BlobKey, file.Data, file.ContentType); err != nil {
		return m, export.Fail(export.StorageUnavailable, "storing the file of export %s: %w", r.ID, err)
	}
	crashpoint.Here(crashpoint.WorkerAfterBlob)
	return m, nil
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
