package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/letrazapp/letraz-export/internal/export"
)

// StoredMessage is a message that a stream holds.
type StoredMessage struct {
	Stream      string
	Subject     string
	Sequence    uint64
	StoredAt    time.Time
	Traceparent string // trace context that came with it, or ""
}

// ConsumerState is the state of a lane's consumer.
type ConsumerState struct {
	Name        string
	Pending     uint64 // messages that wait
	Outstanding int    // messages that were delivered and are not acknowledged
	Redelivered int
}

// MessagesOf returns the messages of an export that the streams hold, in the order in which
// they were stored.
func (q *Queue) MessagesOf(ctx context.Context, exportID string) ([]StoredMessage, error) {
	var all []StoredMessage
	for stream, filters := range map[string][]string{
		requestStream: {requestSubject + "*." + exportID, requestSubject + "*." + exportID + ".*"},
		eventStream:   {eventSubject + "*." + exportID},
	} {
		s, err := q.js.Stream(ctx, stream)
		if err != nil {
			return nil, fmt.Errorf("reading the stream %s: %w", stream, err)
		}
		for _, filter := range filters {
			info, err := s.Info(ctx, jetstream.WithSubjectFilter(filter))
			if err != nil {
				return nil, fmt.Errorf("reading the stream %s: %w", stream, err)
			}
			for subject := range info.State.Subjects {
				m, err := s.GetLastMsgForSubject(ctx, subject)
				if errors.Is(err, jetstream.ErrMsgNotFound) {
					continue // it was acknowledged meanwhile
				}
				if err != nil {
					return nil, fmt.Errorf("reading a message of %s: %w", stream, err)
				}
				all = append(all, StoredMessage{Stream: stream, Subject: subject, Sequence: m.Sequence, StoredAt: m.Time, Traceparent: m.Header.Get(traceHeader)})
			}
		}
	}
	slices.SortFunc(all, func(a, b StoredMessage) int {
		return cmp.Or(a.StoredAt.Compare(b.StoredAt), cmp.Compare(a.Subject, b.Subject))
	})
	return all, nil
}

// Consumers returns the state of the consumer of each lane that has one.
func (q *Queue) Consumers(ctx context.Context) ([]ConsumerState, error) {
	var all []ConsumerState
	for _, lane := range export.MessageLanes() {
		c, err := q.js.Consumer(ctx, requestStream, workerConsumer+string(lane))
		if errors.Is(err, jetstream.ErrConsumerNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the consumer of the lane %s: %w", lane, err)
		}
		i := c.CachedInfo()
		all = append(all, ConsumerState{Name: i.Name, Pending: i.NumPending, Outstanding: i.NumAckPending, Redelivered: i.NumRedelivered})
	}
	return all, nil
}
