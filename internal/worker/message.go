package worker

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// What becomes of a message whose export could not be claimed. While the export may
// still be claimed with this message, the message stays: it is the wake-up to come.
//
//	the row is                     | the message is
//	-------------------------------|------------------------------------------------
//	unknown, or final              | acknowledged
//	queued, this attempt is due    | returned at once: a claim came a moment too early
//	queued, this attempt rests     | returned for the rest of the time
//	queued, another attempt waits  | acknowledged, and the right one published
//	rendering this attempt         | returned for what is left of the lease
//	rendering another attempt      | acknowledged
//
// The times are the database's, whose clock decides what can be claimed.

// fate is a row of the table.
type fate struct {
	end   end
	after time.Duration // when it is returned
}

type end int

const (
	acknowledge end = iota // nothing is left for it to do
	giveBack               // it is delivered again
	replace                // acknowledge it, and have the message that fits the row published
)

const (
	// claimAgain is when a message comes again that could not be used although nothing
	// is in its way.
	claimAgain = 100 * time.Millisecond
	// returnAfterFault is when a message comes again that the database had no answer for.
	returnAfterFault = 2 * time.Second
	// afterLease is what the rescuer gets to return an export to the queue.
	afterLease = time.Second
)

// fateOf looks a message up in the table. found tells whether there is such an export.
func fateOf(m export.Message, s export.Standing, found bool) fate {
	switch {
	case !found, s.Status.Final():
		return fate{end: acknowledge}
	case s.Status == export.Queued && s.Attempt == m.Attempts:
		return fate{end: giveBack, after: max(s.Rest, claimAgain)}
	case s.Status == export.Queued:
		return fate{end: replace}
	case s.Attempt == m.Attempts+1: // the attempt that the message is for
		// Its worker acknowledges the message, or dies. A claim that a crash of the
		// database undoes needs the message again.
		return fate{end: giveBack, after: max(s.LeaseFor, 0) + afterLease}
	default:
		return fate{end: acknowledge}
	}
}

// release ends a message whose export is not this worker's to render.
func (w *Worker) release(ctx context.Context, m export.Message, d Delivery) {
	id := m.ExportID
	s, err := w.Store.ExportStanding(ctx, id)
	found := !errors.Is(err, export.ErrNotFound)
	if err != nil && found {
		w.outages.database.Failed(err, "export_id", id)
		w.ended(id, d.Return(jittered(returnAfterFault)))
		return
	}
	f := fateOf(m, s, found)
	switch f.end {
	case giveBack:
		w.ended(id, d.Return(f.after))
		return
	case replace:
		// Before the acknowledgement: should it fail, the message comes again.
		if err := w.Store.DispatchDue(ctx, id); err != nil {
			w.outages.database.Failed(err, "export_id", id)
			w.ended(id, d.Return(jittered(returnAfterFault)))
			return
		}
	case acknowledge:
		if !found {
			w.outages.unknown.Failed(nil, "export_id", id)
		}
	}
	w.ended(id, d.Ack(ctx))
}

// ended notes whether a message could be acknowledged, returned or discarded. If not,
// it comes again and is released as its row says.
func (w *Worker) ended(id string, err error) { note(w.outages.messages, err, "export_id", id) }

// jittered spreads d over its upper half.
func jittered(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2)
}
