package worker

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// When an export cannot be claimed, its row decides how the message ends. The message is
// kept as long as the export may still be claimed with it.
//
//	the row is                     | the message is
//	-------------------------------|------------------------------------------------
//	unknown, or final              | acknowledged
//	queued, this attempt is due    | returned at once: a claim came a moment too early
//	queued, this attempt rests     | returned, to be delivered when it is due
//	queued, another attempt waits  | acknowledged, and the right one published
//	rendering this attempt         | returned, to be delivered after the lease
//	rendering another attempt      | acknowledged
//
// The times are the database's, whose clock decides what can be claimed.

// messageEnd says how to end a message.
type messageEnd struct {
	action messageAction
	after  time.Duration // with actionReturn: the time until it is delivered again
}

type messageAction int

const (
	actionAck     messageAction = iota // acknowledge the message, which has no more use
	actionReturn                       // return it to the queue, which delivers it again
	actionReplace                      // acknowledge it, and have the message published that fits the row
)

const (
	// claimAgain is the delay of a message whose export was due and still could not be
	// claimed.
	claimAgain = 100 * time.Millisecond
	// returnAfterFault is the delay of a message when the database does not answer.
	returnAfterFault = 2 * time.Second
	// afterLease is the time for the dispatcher to requeue an export after its lease.
	afterLease = time.Second
)

// messageEndFor implements the table above. found reports whether the export exists.
func messageEndFor(m export.Message, s export.Standing, found bool) messageEnd {
	switch {
	case !found, s.Status.Final():
		return messageEnd{action: actionAck}
	case s.Status == export.Queued && s.Attempt == m.Attempts:
		return messageEnd{action: actionReturn, after: max(s.Rest, claimAgain)}
	case s.Status == export.Queued:
		return messageEnd{action: actionReplace}
	case s.Attempt == m.Attempts+1: // the attempt that the message is for
		// Its worker acknowledges the message, or dies. A claim that a crash of the
		// database undoes needs the message again.
		return messageEnd{action: actionReturn, after: max(s.LeaseFor, 0) + afterLease}
	default:
		return messageEnd{action: actionAck}
	}
}

// endByRow ends a message whose export this worker does not hold, as the row requires.
func (w *Worker) endByRow(ctx context.Context, m export.Message, d Delivery) {
	id := m.ExportID
	s, err := w.Store.ExportStanding(ctx, id)
	found := !errors.Is(err, export.ErrNotFound)
	if err != nil && found {
		w.outages.database.Failed(err, "export_id", id)
		w.ended(id, d.Return(jittered(returnAfterFault)))
		return
	}
	end := messageEndFor(m, s, found)
	switch end.action {
	case actionReturn:
		w.ended(id, d.Return(end.after))
		return
	case actionReplace:
		// Before the acknowledgement, so that the message comes again if this fails.
		if err := w.Store.DispatchDue(ctx, id); err != nil {
			w.outages.database.Failed(err, "export_id", id)
			w.ended(id, d.Return(jittered(returnAfterFault)))
			return
		}
	case actionAck:
		if !found {
			w.outages.unknown.Failed(nil, "export_id", id)
		}
	}
	w.ended(id, d.Ack(ctx))
}

// ended logs whether a message could be acknowledged, returned or discarded. If not, it is
// delivered again, and endByRow ends it.
func (w *Worker) ended(id string, err error) { recordResult(w.outages.messages, err, "export_id", id) }

// jittered returns a random duration between d/2 and d.
func jittered(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2)
}
