package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// attempt is one attempt at an export, from its claim to the end of its message.
type attempt struct {
	*Worker
	request  export.Request
	delivery Delivery
	printer  render.Printer
	// freeSlot lets the slot take the next message, once nothing is left to print. Calls
	// after the first do nothing.
	freeSlot func()
	log      *slog.Logger
	began    time.Time

	// The stages set the following for later ones.

	// step is the current step, which began at stepFrom.
	step     step
	stepFrom time.Time
	// source is the resume as it was loaded.
	source resume.Resume
	// endFlight ends this attempt's flight: attempts that wait for the same content
	// continue. See flights.
	endFlight func()
	// artifact has its blob key as soon as there may be bytes under it.
	artifact export.Artifact
	reused   bool // copied, not printed
}

// handle processes one message: it claims the export, works on it, and ends the
// message. It calls freeSlot as soon as nothing is left to print and does the rest
// while the slot works on the next message.
func (w *Worker) handle(ctx context.Context, p render.Printer, d Delivery, freeSlot func()) {
	ctx = w.begin(ctx, d)
	defer w.Tracer.End(ctx)
	r, ok := w.claim(ctx, d, freeSlot)
	if !ok {
		return
	}
	a := &attempt{Worker: w, request: r, delivery: d, printer: p, freeSlot: freeSlot, endFlight: func() {}, began: time.Now(),
		log: w.Logger.With(append(r.LogAttrs(), "attempt", r.Attempt)...)}
	w.Changes.Changed(r)
	w.Observer.Claimed(r)
	w.Tracer.Claimed(ctx, r)
	a.log.Info("export claimed", "user_id", r.UserID, "lane", string(r.MessageLaneOfAttempt()), "format", string(r.Format))
	err := a.work(ctx)
	a.conclude(ctx, err)
}

// begin begins the trace of a message.
func (w *Worker) begin(ctx context.Context, d Delivery) context.Context {
	subject, traceparent := d.Origin()
	return w.Tracer.Begin(ctx, subject, traceparent)
}

// work produces the file while a heartbeat keeps the lease, until the deadline.
func (a *attempt) work(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ctx, cancel := context.WithTimeoutCause(ctx, a.Deadline, errDeadline)
	defer cancel()
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		a.heartbeat(ctx, a.request, a.delivery, stop)
	}()

	err := a.produce(ctx)

	// If the context ended, its cause is the reason for the failure.
	cause := context.Cause(ctx)
	if errors.Is(cause, errDeadline) {
		cause = export.Fail(a.timeoutCode(), "%w of %s while %s", errDeadline, a.Deadline, a.step)
	}
	if err != nil && cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w (%w)", cause, err)
	}
	stop(nil)
	<-beating
	return a.gate.attribute(context.WithoutCancel(ctx), err)
}

// Claims claims exports and reports why one cannot be claimed.
type Claims interface {
	ClaimExport(ctx context.Context, m export.Message, lease time.Duration) (export.Request, error)
	ExportStanding(ctx context.Context, id string) (export.Standing, error)
	DispatchDue(ctx context.Context, id string) error
}

// claim claims the message's export. If ok is false there is nothing to do, and claim
// has ended the message.
func (w *Worker) claim(ctx context.Context, d Delivery, freeSlot func()) (r export.Request, ok bool) {
	m, err := d.Message()
	if err != nil {
		w.outages.unreadable.Failed(err)
		w.ended("", d.Discard("not understood"))
		return r, false
	}
	r, err = w.Store.ClaimExport(ctx, m, w.Lease)
	switch {
	case errors.Is(err, export.ErrNotClaimable):
		freeSlot()
		w.endByRow(ctx, m, d)
		return r, false
	case err != nil:
		w.outages.database.Failed(err, "export_id", m.ExportID)
		w.ended(m.ExportID, d.Return(jittered(returnAfterFault)))
		return r, false
	}
	w.outages.database.Recovered()
	crashpoint.Here(crashpoint.WorkerAfterClaim)
	return r, true
}
