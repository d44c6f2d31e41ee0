package worker

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/outage"
	"github.com/letrazapp/letraz-export/internal/queue"
)

const (
	// laneWait is how long a slot waits for a message of the first lane before it asks the
	// others. It is therefore also the longest time that a message of another lane waits for
	// an idle slot.
	laneWait = 500 * time.Millisecond
	// reopenEvery is how often a slot looks for a consumer that was missing.
	reopenEvery = 10 * time.Second
)

// intake receives the messages of one slot, one at a time, in the order of
// export.MessageLanes. Two rules change that order. The number of slots that work on retries
// at a time is limited, so that exports that keep a slot until their deadline again and
// again leave slots free for others. And while the lane bulk has messages, at least one
// message in export.BulkShare is taken from it: see turns.
type intake struct {
	queue   Queue
	sources []source // in the order in which they are asked
	retries permits
	turns   *turns
	noBulk  *outage.Log
	// reopenAt is when the lane bulk, which has no consumer, is looked for again; zero if it
	// has one.
	reopenAt time.Time
	// noWait is set while the later lanes may have messages: the first lane is then asked
	// without waiting.
	noWait bool
}

// source is the receiver of a lane.
type source struct {
	Receiver
	lane export.Lane
}

// openIntake opens a receiver on each lane. A missing consumer of the lane bulk, which
// streams of an earlier version do not have, does not stop the others.
func openIntake(ctx context.Context, q Queue, retries permits, t *turns, noBulk *outage.Log) (*intake, error) {
	in := &intake{queue: q, retries: retries, turns: t, noBulk: noBulk}
	for _, lane := range export.MessageLanes() {
		if err := in.open(ctx, lane); err != nil {
			in.stop()
			return nil, err
		}
	}
	return in, nil
}

// open opens the receiver of a lane.
func (in *intake) open(ctx context.Context, lane export.Lane) error {
	r, err := in.queue.Receive(ctx, lane)
	if lane == export.Bulk && errors.Is(err, queue.ErrNoConsumer) {
		in.noBulk.Failed(err)
		in.reopenAt = time.Now().Add(reopenEvery)
		return nil
	}
	if err != nil {
		return err
	}
	if lane == export.Bulk {
		in.noBulk.Recovered()
		in.reopenAt = time.Time{}
	}
	in.sources = append(in.sources, source{r, lane})
	return nil
}

// next waits for a message. The caller calls done when it has finished with the slot.
func (in *intake) next(ctx context.Context) (d Delivery, done func(), err error) {
	for {
		if !in.reopenAt.IsZero() && time.Now().After(in.reopenAt) {
			if err := in.open(ctx, export.Bulk); err != nil {
				return nil, nil, err
			}
		}
		order := in.sources
		if last := order[len(order)-1]; last.lane == export.Bulk && in.turns.bulkIsNext() {
			order = slices.Insert(slices.Clone(order), 0, last)
		}
		for _, s := range order {
			wait := time.Duration(0)
			if s.lane == export.Interactive && !in.noWait {
				wait = laneWait
			}
			d, done, err := in.ask(ctx, s, wait)
			if err == nil {
				in.noWait = in.noWait || s.lane != export.Interactive
				in.turns.taken(s.lane)
				return d, done, nil
			}
			if !errors.Is(err, queue.ErrNoMessage) {
				return nil, nil, err
			}
		}
		in.noWait = false
	}
}

// ask takes a message from a lane. It returns queue.ErrNoMessage if the lane has none, or if
// enough slots work on retries.
func (in *intake) ask(ctx context.Context, s source, wait time.Duration) (d Delivery, done func(), err error) {
	done = func() {}
	if s.lane == export.Retries {
		if !in.retries.tryAcquire() {
			return nil, nil, queue.ErrNoMessage
		}
		done = in.retries.release
	}
	if d, err = s.Next(ctx, wait); err != nil {
		done()
		return nil, nil, err
	}
	return d, done, nil
}

func (in *intake) stop() {
	for _, s := range in.sources {
		s.Stop()
	}
}

// turns counts the messages that the slots of a worker take, so that one in
// export.BulkShare is of the lane bulk while that lane has any. The zero value is ready.
type turns struct {
	mu     sync.Mutex
	others int // messages of other lanes since the last turn of the lane bulk
}

// bulkIsNext reports whether the lane bulk is to be asked first. That turn is then used up,
// so that only one slot asks.
func (t *turns) bulkIsNext() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.others < export.BulkShare-1 {
		return false
	}
	// Messages that other slots are receiving now count for the next turn.
	t.others -= export.BulkShare - 1
	return true
}

// taken counts a message.
func (t *turns) taken(lane export.Lane) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if lane != export.Bulk {
		t.others++
	}
}

// permits is a counting semaphore.
type permits chan struct{}

// retryPermits returns permits for half of the slots, but at least for one.
func retryPermits(slots int) permits { return make(permits, max(1, slots/2)) }

// acquire waits for a permit.
func (p permits) acquire() { p <- struct{}{} }

// tryAcquire takes a permit if one is free, and reports whether it did.
func (p permits) tryAcquire() bool {
	select {
	case p <- struct{}{}:
		return true
	default:
		return false
	}
}

// release returns a permit.
func (p permits) release() { <-p }
