package queue

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Pending returns the number of messages that wait for a worker, in all lanes that have a
// consumer. It is an estimate: the server's count is imprecise while many messages are
// published.
func (q *Queue) Pending(ctx context.Context) (int, error) {
	var pending uint64
	for _, lane := range export.MessageLanes() {
		consumer, err := q.js.Consumer(ctx, requestStream, workerConsumer+string(lane))
		if errors.Is(err, jetstream.ErrConsumerNotFound) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("asking how many messages wait in the lane %s: %w", lane, err)
		}
		pending += consumer.CachedInfo().NumPending
	}
	return int(min(pending, 1<<31-1)), nil
}

// Messages returns the number of messages in the request stream: those that wait, and those
// delivered to workers.
func (q *Queue) Messages(ctx context.Context) (int, error) {
	if !q.conn.IsConnected() {
		return 0, ErrDisconnected
	}
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	stream, err := q.js.Stream(ctx, requestStream) // asks for its state
	if err != nil {
		return 0, fmt.Errorf("counting the messages of %s: %w", requestStream, err)
	}
	return int(min(stream.CachedInfo().State.Msgs, 1<<31-1)), nil
}
