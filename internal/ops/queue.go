package ops

import (
	"context"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Store reads the state of the queue from the rows.
type Store interface {
	QueueState(ctx context.Context) (export.QueueState, error)
}

// Queue caches the state of the queue. Any number of pollers cause at most one read per
// second, and reads take at most a tenth of the time: the state of a very long queue,
// which takes longer to read, is kept for longer.
type Queue struct {
	store Store

	// turn has a value while somebody reads or looks, so that there is one read at a time.
	// It guards the following.
	turn  chan struct{}
	state export.QueueState
	err   error
	until time.Time
}

const (
	keepState   = time.Second
	keepError   = 5 * time.Second
	restPerRead = 9               // times the time of the read
	readTimeout = 3 * time.Second // a little longer than that of the statements
)

// NewQueue returns a Queue that reads from the store.
func NewQueue(store Store) *Queue { return &Queue{store: store, turn: make(chan struct{}, 1)} }

// State returns the state, which is at most a second old, or ten times the time that it
// takes to read it. An error is kept for 5 seconds at most.
func (q *Queue) State(ctx context.Context) (export.QueueState, error) {
	select {
	case q.turn <- struct{}{}:
		defer func() { <-q.turn }()
	case <-ctx.Done():
		return export.QueueState{}, fmt.Errorf("waiting for the state of the queue: %w", ctx.Err())
	}
	began := time.Now()
	if began.Before(q.until) {
		return q.state, q.err
	}
	// The result is for every caller, so the end of one does not end the read.
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTimeout)
	defer cancel()
	q.state, q.err = q.store.QueueState(limited)
	took := time.Since(began)
	rest := max(keepState, restPerRead*took)
	if q.err != nil {
		rest = min(rest, keepError) // the fault may be over soon
	}
	q.until = time.Now().Add(rest)
	return q.state, q.err
}

// The wire types of /ops/queue. Autoscalers read single numbers of them, so names stay.

type wireState struct {
	At      time.Time           `json:"at"`
	Waiting int64               `json:"waiting"`
	Oldest  float64             `json:"oldest_seconds"`
	Resting int64               `json:"resting"`
	Running int64               `json:"rendering"`
	Work    int64               `json:"work"` // waiting and rendering: what workers are needed for
	Lanes   map[string]wireLane `json:"lanes"`
	Lag     wireLag             `json:"lag_seconds"`
}

type wireLane struct {
	Waiting int64   `json:"waiting"`
	Oldest  float64 `json:"oldest_seconds"`
	Resting int64   `json:"resting"`
	Running int64   `json:"rendering"`
}

type wireLag struct {
	Publish  float64 `json:"publish"`
	Rescue   float64 `json:"rescue"`
	Announce float64 `json:"announce"`
	Sweep    float64 `json:"sweep"`
}

func toWire(s export.QueueState) wireState {
	sum := s.Total()
	w := wireState{
		At: s.At.UTC(), Waiting: sum.Waiting, Oldest: seconds(sum.Oldest), Resting: sum.Resting, Running: sum.Rendering, Work: sum.Waiting + sum.Rendering,
		Lanes: map[string]wireLane{},
		Lag:   wireLag{seconds(s.Lag.Publish), seconds(s.Lag.Rescue), seconds(s.Lag.Announce), seconds(s.Lag.Sweep)},
	}
	for _, l := range s.Lanes {
		w.Lanes[string(l.Lane)] = wireLane{l.Waiting, seconds(l.Oldest), l.Resting, l.Rendering}
	}
	return w
}

// seconds returns seconds to the millisecond.
func seconds(d time.Duration) float64 { return d.Round(time.Millisecond).Seconds() }
