package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Receiver takes messages of one lane for one slot, one at a time. It asks the server
// for a message only when Next is called, so no worker holds messages that others
// could work on.
type Receiver struct {
	consumer jetstream.Consumer
	open     context.Context // ends with Stop, and with the connection
	stop     context.CancelFunc
}

var (
	// ErrStopped means that the receiver was stopped and has no more messages.
	ErrStopped = errors.New("the receiver was stopped")
	// ErrNoMessage means that no message came in time.
	ErrNoMessage = errors.New("no message is waiting")
	// ErrNoConsumer means that a lane has no consumer. Its messages wait in the stream until
	// Provision or Restore creates one.
	ErrNoConsumer = errors.New("the lane has no consumer (run letraz-export migrate)")
)

// Receive opens a receiver on a lane. Without a connection it waits for one until ctx ends.
// It returns ErrNoConsumer for a lane that an earlier version did not have, as long as the
// streams have not been migrated.
func (q *Queue) Receive(ctx context.Context, lane export.Lane) (*Receiver, error) {
	if err := q.connected(ctx); err != nil {
		return nil, fmt.Errorf("asking for work: %w", err)
	}
	consumer, err := q.js.Consumer(ctx, requestStream, workerConsumer+string(lane))
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return nil, fmt.Errorf("the streams are missing (run letraz-export migrate): %w", err)
	case errors.Is(err, jetstream.ErrConsumerNotFound):
		return nil, fmt.Errorf("opening the consumer of the lane %s: %w", lane, ErrNoConsumer)
	case err != nil:
		return nil, fmt.Errorf("opening the consumer of the lane %s: %w", lane, err)
	}
	open, stop := context.WithCancel(q.open)
	return &Receiver{consumer: consumer, open: open, stop: stop}, nil
}

// Next returns a message, or ErrNoMessage when none came within wait; without a wait
// only one that is there. After an error other than ErrNoMessage, ErrStopped or the
// context's the receiver is of no more use: stop it and open another.
//
// When ctx or the receiver ends, Next does not return at once: the server may be
// sending a message at that moment, and one that nobody takes comes again only after
// AckWait. Next waits until the server has ended the request, which takes no longer
// than wait, and returns a message that came to the queue.
//
// Each message is fetched by a request of its own. The library's Messages iterator
// looks simpler, but requests nothing when it is called again before its goroutine
// has noted that the request before was sent: then a slot is idle for half a minute
// while work waits.
func (r *Receiver) Next(ctx context.Context, wait time.Duration) (*Delivery, error) {
	if err := r.over(ctx); err != nil {
		return nil, err
	}
	msg, err := r.fetch(wait)
	if msg != nil {
		d := &Delivery{msg: msg}
		if over := r.over(ctx); over != nil {
			// If this fails, the message is delivered again after AckWait.
			return nil, errors.Join(over, d.Return(0))
		}
		return d, nil
	}
	switch {
	case errors.Is(err, nats.ErrConnectionClosed):
		return nil, ErrStopped
	case r.over(ctx) != nil:
		return nil, r.over(ctx)
	case err != nil:
		return nil, fmt.Errorf("receiving a message: %w", err)
	}
	return nil, ErrNoMessage
}

// fetch asks the server for one message. It returns neither message nor error when
// the server has none in time.
func (r *Receiver) fetch(wait time.Duration) (jetstream.Msg, error) {
	var batch jetstream.MessageBatch
	var err error
	if wait <= 0 {
		batch, err = r.consumer.FetchNoWait(1)
	} else {
		batch, err = r.consumer.Fetch(1, jetstream.FetchMaxWait(wait))
	}
	if err != nil {
		return nil, err
	}
	if msg := <-batch.Messages(); msg != nil {
		return msg, nil
	}
	return nil, batch.Error()
}

// over returns why no message can be received any more, or nil.
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

// Message reads the message. An error means that it cannot be understood by this
// version and should be discarded.
func (d *Delivery) Message() (export.Message, error) {
	var m requestMessage
	if err := json.Unmarshal(d.msg.Data(), &m); err != nil {
		return export.Message{}, fmt.Errorf("reading a message on %s: %w", d.msg.Subject(), err)
	}
	if m.Version != messageVersion {
		return export.Message{}, fmt.Errorf("reading a message on %s: version %d is not known here", d.msg.Subject(), m.Version)
	}
	if m.ExportID == "" || m.Attempts < 0 {
		return export.Message{}, fmt.Errorf("reading a message on %s: it names no export, or no attempt", d.msg.Subject())
	}
	return export.Message{ExportID: m.ExportID, Attempts: m.Attempts}, nil
}

// Origin returns the subject of the message, and the trace context (traceparent) that came
// with it, or "".
func (d *Delivery) Origin() (subject, traceparent string) {
	return d.msg.Subject(), d.msg.Headers().Get(traceHeader)
}

// InProgress keeps the message for another AckWait.
func (d *Delivery) InProgress() error { return d.msg.InProgress() }

// Ack acknowledges the message and waits until the server confirms it.
func (d *Delivery) Ack(ctx context.Context) error { return d.msg.DoubleAck(ctx) }

// Return gives the message back, to be delivered again after delay.
func (d *Delivery) Return(delay time.Duration) error { return d.msg.NakWithDelay(delay) }

// Discard removes a message that cannot be used.
func (d *Delivery) Discard(reason string) error { return d.msg.TermWithReason(reason) }
