package worker

import (
	"context"
	"errors"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
)

// laneWait is how long a slot waits for a message of the first lane before it asks the
// others. It is therefore also the longest time that a retry waits for an idle slot.
const laneWait = 500 * time.Millisecond

// intake receives the messages of one slot, from the most urgent lane that has any.
// Retries come last, and the number of slots that work on them at a time is limited, so
// that exports that keep a slot until their deadline again and again leave slots free
// for others.
type intake struct {
	sources []source // the most urgent first
	retries permits
	// noWait is set after a message from a later lane, which may have more: the first
	// lane is then asked without waiting.
	noWait bool
}

// source is the receiver of a lane.
type source struct {
	Receiver
	lane export.Lane
}

// openIntake opens a receiver on each lane.
func openIntake(ctx context.Context, q Queue, retries permits) (*intake, error) {
	in := &intake{retries: retries}
	for _, lane := range append(export.Lanes(), export.Retries) {
		r, err := q.Receive(ctx, lane)
		if err != nil {
			in.stop()
			return nil, err
		}
		in.sources = append(in.sources, source{r, lane})
	}
	return in, nil
}

// next waits for a message. The caller calls done when it has finished with the slot.
func (in *intake) next(ctx context.Context) (d Delivery, done func(), err error) {
	for {
		for i, s := range in.sources {
			done := func() {}
			if s.lane == export.Retries {
				if !in.retries.tryAcquire() {
					continue
				}
				done = in.retries.release
			}
			wait := time.Duration(0)
			if i == 0 && !in.noWait {
				wait = laneWait
			}
			d, err := s.Next(ctx, wait)
			if err == nil {
				in.noWait = i > 0
				return d, done, nil
			}
			done()
			if !errors.Is(err, queue.ErrNoMessage) {
				return nil, nil, err
			}
		}
		in.noWait = false
	}
}

func (in *intake) stop() {
	for _, s := range in.sources {
		s.Stop()
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
