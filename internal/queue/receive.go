package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Receiver takes messages for one slot, one at a time: it asks the server for a
// message only when it is asked for one, so no worker hoards what others could do.
type Receiver struct {
	consumer jetstream.Consumer
	open     context.Context // ends with Stop, and with the connection
	stop     context.CancelFunc
}

// ErrStopped means that the receiver was stopped and has no more messages.
var ErrStopped = errors.New("the receiver was stopped")

// patience is how long the server keeps one request for a message. It bounds how
// long Next goes on after its context has ended.
const patience = time.Second

// Receive opens a receiver on the interactive lane. Without a connection it waits
// for one until ctx ends.
func (q *Queue) Receive(ctx context.Context) (*Receiver, error) {
	if err := q.connected(ctx); err != nil {
		return nil, fmt.Errorf("asking for work: %w", err)
	}
	consumer, err := q.js.Consumer(ctx, requestStream, workerConsumer+Interactive)
	if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, fmt.Errorf("the streams are missing (run letraz-export migrate): %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the workers' consumer: %w", err)
	}
	open, stop := context.WithCancel(q.open)
	return &Receiver{consumer: consumer, open: open, stop: stop}, nil
}

// Next waits for a message. After an error other than ErrStopped or the
// context's the receiver is of no more use: stop it and open another.
//
// When ctx or the receiver ends, Next does not: the server may be sending a
// message in that moment, and one that nobody takes rests for AckWait. It waits
// until the server has given up its request, at most for its patience, and returns
// what came to the queue at once.
//
// Each message is a request of its own. The library's Messages iterator looks
// simpler, but asks for nothing when it is called again before its goroutine has
// noted that the request before was sent: then a slot rests for half a minute
// with work waiting.
func (r *Receiver) Next(ctx context.Context) (*Delivery, error) {
	for {
		if err := r.over(ctx); err != nil {
			return nil, err
		}
		batch, err := r.consumer.Fetch(1, jetstream.FetchMaxWait(patience))
		if err == nil {
			if msg := <-batch.Messages(); msg != nil {
				d := &Delivery{msg: msg}
				if over := r.over(ctx); over != nil {
					// Should this fail, AckWait brings it back.
					return nil, errors.Join(over, d.Return(0))
				}
				return d, nil
			}
			err = batch.Error() // nil when the server's patience has ended
		}
		switch {
		case errors.Is(err, nats.ErrConnectionClosed):
			return nil, ErrStopped
		case r.over(ctx) != nil:
			return nil, r.over(ctx)
		case err != nil:
			return nil, fmt.Errorf("receiving a message: %w", err)
		}
	}
}

// over says why there is no waiting any more.
func (r *Receiver) over(ctx context.Context) error {
	if r.open.Err() != nil {
		return ErrStopped
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("waiting for a message: %w", err)
	}
	return nil
}

// Stop ends the receiver.
func (r *Receiver) Stop() { r.stop() }

// Delivery is one message given to a worker. Exactly one of Ack, Return and
// Discard ends it.
type Delivery struct {
	msg jetstream.Msg
}

// ExportID reads the message: the request it is about. An error means that the
// message cannot be understood by this version and should be discarded.
func (d *Delivery) ExportID() (string, error) {
	var m requestMessage
	if err := json.Unmarshal(d.msg.Data(), &m); err != nil {
		return "", fmt.Errorf("reading a message on %s: %w", d.msg.Subject(), err)
	}
	if m.Version != messageVersion {
		return "", fmt.Errorf("reading a message on %s: version %d is not known here", d.msg.Subject(), m.Version)
	}
	if m.ExportID == "" {
		return "", fmt.Errorf("reading a message on %s: it names no export", d.msg.Subject())
	}
	return m.ExportID, nil
}

// InProgress tells the stream that the worker is alive; AckWait starts again.
func (d *Delivery) InProgress() error { return d.msg.InProgress() }

// Ack ends the message and waits until the stream has taken note.
func (d *Delivery) Ack(ctx context.Context) error { return d.msg.DoubleAck(ctx) }

// Return gives the message back, to be delivered again after delay.
func (d *Delivery) Return(delay time.Duration) error { return d.msg.NakWithDelay(delay) }

// Discard ends a message that nobody can use.
func (d *Delivery) Discard(reason string) error { return d.msg.TermWithReason(reason) }
