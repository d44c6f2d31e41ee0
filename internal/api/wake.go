package api

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// The publisher normally takes a millisecond. One that hangs, as behind a network
// that swallows everything, costs one caller publishWithin every hangsFor: what
// comes meanwhile is the dispatcher's.
const (
	publishWithin = 300 * time.Millisecond
	hangsFor      = 5 * time.Second
	handOver      = time.Second
)

var errHangs = errors.New("the publisher did not answer in time just now")

// DispatchStore hands requests over to the dispatcher.
type DispatchStore interface {
	DispatchFailed(ctx context.Context, ids []string) error
}

// waker publishes the messages of requests that have just been queued.
type waker struct {
	hangsUntil atomic.Int64 // Unix time in nanoseconds
}

// wake wakes a worker for a request. That its message cannot be published fails
// nothing: the row is queued, and is made due for the dispatcher at once.
func (s *server) wake(ctx context.Context, r export.Request) {
	err := errHangs
	if time.Now().UnixNano() >= s.waker.hangsUntil.Load() {
		// The request is recorded: that the caller has gone away stops nothing.
		publish, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishWithin)
		err = s.Publisher.PublishRequest(publish, r)
		if err != nil && errors.Is(publish.Err(), context.DeadlineExceeded) {
			s.waker.hangsUntil.Store(time.Now().Add(hangsFor).UnixNano())
		}
		cancel()
	}
	if err == nil {
		s.outages.publisher.Recovered()
		return
	}
	s.outages.publisher.Failed(err, "export_id", r.ID)
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), handOver)
	defer cancel()
	if err := s.Store.DispatchFailed(late, []string{r.ID}); err != nil {
		s.outages.handOver.Failed(err, "export_id", r.ID)
		return
	}
	s.outages.handOver.Recovered()
	s.Wake()
}
