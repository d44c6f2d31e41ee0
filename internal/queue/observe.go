package queue

import (
	"context"
	"strings"
	"time"
)

// Kinds of messages that an Observer is told of.
const (
	RequestMessage = "request"
	EventMessage   = "event"
)

// Observer is told of messages, for metrics and traces. It must not block.
type Observer interface {
	// Published is called after each attempt to publish a message of a kind.
	Published(ctx context.Context, kind string, took time.Duration, err error)
}

// Tracer records messages in traces.
type Tracer interface {
	// Send begins the publishing of a message. It returns the trace context (traceparent)
	// that goes with the message, and a function that is called with the result.
	Send(ctx context.Context, m Outgoing) (traceparent string, end func(error))
}

// Outgoing is a message that is about to be published.
type Outgoing struct {
	Subject     string
	Destination string // the subject without ids
	ID          string // Nats-Msg-Id
	Size        int
	ExportID    string
	Traceparent string // trace context in which the export was created; may be empty
	// First says that no message about this export was published before.
	First bool
}

// traceHeader is the field of a message that has its trace context.
const traceHeader = "traceparent"

// Destination returns a subject of this service without ids.
func Destination(subject string) string {
	if parts := strings.SplitN(subject, ".", 4); len(parts) == 4 {
		return strings.Join(parts[:3], ".")
	}
	return subject
}

// untraced records nothing.
type untraced struct{}

func (untraced) Send(context.Context, Outgoing) (string, func(error)) { return "", func(error) {} }

// unobserved is the Observer that does nothing.
type unobserved struct{}

func (unobserved) Published(context.Context, string, time.Duration, error) {}

// Connection is the state of the connection.
type Connection struct {
	Connected  bool
	Reconnects uint64
}

// Connection returns the state of the connection.
func (q *Queue) Connection() Connection {
	return Connection{Connected: q.conn.IsConnected(), Reconnects: q.conn.Stats().Reconnects}
}
