package api

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Publishing normally takes a millisecond. While the publisher does not answer, as
// behind a network that drops all packets, only one caller per pauseAfterHang waits
// for publishWithin; the dispatcher publishes for the others.
const (
	publishWithin  = 300 * time.Millisecond
	pauseAfterHang = 5 * time.Second
	handOverWithin = time.Second
)

var errPaused = errors.New("the publisher did not answer in time just now")

// DispatchStore is the part of the store that hands requests over to the dispatcher.
type DispatchStore interface {
	DispatchFailed(ctx context.Context, ids []string) error
}

// publishing is the state of publishing messages.
type publishing struct {
	pausedUntil atomic.Int64 // Unix time in nanoseconds
}

// publish publishes the message of a queued request. If that fails, the request
// becomes due for the dispatcher at once; it is not lost.
func (s *server) publish(ctx context.Context, r export.Request) {
	err := errPaused
	if time.Now().UnixNano() >= s.publishing.pausedUntil.Load() {
		// The row is committed, so publish even if the caller has gone away.
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishWithin)
		err = s.Publisher.PublishRequest(limited, r)
		if err != nil && errors.Is(limited.Err(), context.DeadlineExceeded) {
			s.publishing.pausedUntil.Store(time.Now().Add(pauseAfterHang).UnixNano())
		}
		cancel()
	}
	if err == nil {
		s.outages.publisher.Recovered()
		s.Logger.InfoContext(ctx, "export published", append(r.LogAttrs(), "lane", string(r.MessageLane()))...)
		return
	}
	s.outages.publisher.Failed(err, "export_id", r.ID)
	handOver, cancel := context.WithTimeout(context.WithoutCancel(ctx), handOverWithin)
	defer cancel()
	if err := s.Store.DispatchFailed(handOver, []string{r.ID}); err != nil {
		s.outages.handOver.Failed(err, "export_id", r.ID)
		return
	}
	s.outages.handOver.Recovered()
	s.Wake()
}
