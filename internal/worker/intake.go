package worker

import (
	"context"
	"errors"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
)

// laneWait is how long a slot waits for a message of the first lane before it looks
// into the others. A retry waits for an idle slot as long, at most.
const laneWait = 500 * time.Millisecond

// intake takes the messages of one slot: from the most urgent lane that has any.
// Retries come last, and only so many slots of a worker work on them at a time:
// exports that keep a slot until their deadline, and come again, leave slots for
// others.
type intake struct {
	sources []source // the most urgent first
	retries permits
	// hurry: the last message came from a lane after the first, which may have more;
	// the first is asked, but not waited for.
	hurry bool
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

// next waits for a message. The caller calls done when its slot is free again.
func (in *intake) next(ctx context.Context) (d Delivery, done func(), err error) {
	for {
		for i, s := range in.sources {
			done := func() {}
			if s.lane == export.Retries {
				if !in.retries.take() {
					continue
				}
				done = in.retries.give
			}
			wait := time.Duration(0)
			if i == 0 && !in.hurry {
				wait = laneWait
			}
			d, err := s.Next(ctx, wait)
			if err == nil {
				in.hurry = i > 0
				return d, done, nil
			}
			done()
			if !errors.Is(err, queue.ErrNoMessage) {
				return nil, nil, err
			}
		}
		in.hurry = false
	}
}

func (in *intake) stop() {
	for _, s := range in.sources {
		s.Stop()
	}
}

// permits are for a bounded number of slots.
type permits chan struct{}

// retryPermits are for half of the slots, and for one at least.
func retryPermits(slots int) permits { return make(permits, max(1, slots/2)) }

// take takes a permit unless all are taken.
func (p permits) take() bool {
	select {
	case p <- struct{}{}:
		return true
	default:
		return false
	}
}

// give gives a permit back.
func (p permits) give() { <-p }
