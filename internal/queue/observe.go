package queue

import (
	"context"
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
