package api

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Publishing normally takes a millisecond. While the publisher hangs, as behind a
// network that drops all packets, one caller in hangsFor waits for publishWithin;
// the requests of the others are left to the dispatcher.
const (
	publishWithin = 300 * time.Millisecond
	hangsFor      = 5 * time.Second
	handOver      = time.Second
)

var errHangs = errors.New("the publisher did not answer in time just now")

// DispatchStore is the part of the store that hands requests over to the dispatcher.
type DispatchStore interface {
	DispatchFailed(ctx context.Context, ids []string) error
}

// waker publishes the messages of requests that have just been queued.
type waker struct {
	hangsUntil atomic.Int64 // Unix time in nanoseconds
}

// wake publishes the message of a request. If that fails, the request does not: it
// is queued, and becomes due for the dispatcher at once.
func (s *server) wake(ctx context.Context, r export.Request) {
	err := errHangs
	if time.Now().UnixNano() >= s.waker.hangsUntil.Load() {
		// The request is recorded, so its message is published also when the caller has
		// gone away.
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
