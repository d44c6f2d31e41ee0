package api

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// QueueStore is the part of the store that says what waits.
type QueueStore interface {
	QueueState(ctx context.Context) (export.QueueState, error)
}

const (
	// forecastEvery is the interval at which the state of the queue is read, if somebody asks.
	forecastEvery  = 5 * time.Second
	forecastWithin = 250 * time.Millisecond
	longestAdvice  = 60 * time.Second
)

// forecast says when a waiting export will probably be finished: an export waits about as long
// as the first of its lane has been waiting. The zero value knows nothing.
type forecast struct {
	mu     sync.Mutex
	read   time.Time // when the state was read last, or tried to
	oldest map[export.Lane]time.Duration
}

// retryAfter returns the Retry-After of the answer with an unfinished export, and nothing for a
// finished one.
func (s *server) retryAfter(ctx context.Context, r export.Request) retryAfter {
	if r.Status.Final() {
		return ""
	}
	wait := time.Second
	if r.Status == export.Queued {
		now := time.Now()
		wait = max(wait, s.forecast.of(ctx, s.Store, r.MessageLane())-now.Sub(r.CreatedAt), r.NextAttemptAt.Sub(now))
	}
	wait = min(wait, longestAdvice)
	return retryAfter(strconv.Itoa(int((wait + time.Second - 1) / time.Second)))
}

// of returns for how long the first of a lane has been waiting. One caller at a time reads the
// state of the queue; the others get the last one.
func (f *forecast) of(ctx context.Context, store QueueStore, lane export.Lane) time.Duration {
	f.mu.Lock()
	if time.Since(f.read) < forecastEvery {
		defer f.mu.Unlock()
		return f.oldest[lane]
	}
	f.read = time.Now()
	f.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), forecastWithin)
	defer cancel()
	state, err := store.QueueState(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		return f.oldest[lane] // the next caller tries again after a while; nothing depends on it
	}
	f.oldest = map[export.Lane]time.Duration{}
	for _, l := range state.Lanes {
		f.oldest[l.Lane] = l.Oldest
	}
	return f.oldest[lane]
}
