// Package queue wakes workers: it publishes one small message for each attempt at an
// export to NATS JetStream, hands messages to workers one at a time, and publishes
// events about final statuses. Postgres holds the state; a message carries ids only.
//
// A first attempt's message waits in the lane of its request, every other one in the
// lane of retries. A lane is a subject with a consumer that all workers share.
//
// It is the only package that imports nats.go.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Options say how to connect.
type Options struct {
	// URL of the NATS server; several, comma-separated, for a cluster. Credentials
	// may stand in it. Unused with InProcess.
	URL string
	// InProcess connects to a server in this process instead.
	InProcess interface {
		InProcessConn() (net.Conn, error)
	}
	// Name of the connection, as the server's monitoring shows it.
	Name string
	// Replicas of each stream, 1 to 5; default 1. Three survive the loss of a server.
	Replicas int
	// Observer is told of published messages. Optional.
	Observer Observer
	// Tracer records messages in traces. Optional.
	Tracer Tracer
	// Logger gets connection changes. Required.
	Logger *slog.Logger
}

// Queue is a connection to NATS. It is safe for concurrent use.
type Queue struct {
	conn     *nats.Conn
	js       jetstream.JetStream
	replicas int
	observer Observer
	tracer   Tracer
	// maxEventBytes bounds the stream of events.
	maxEventBytes int64
	open          context.Context // ends when the connection has ended for good
	listeners     listeners
}

// publishTimeout bounds one publish. The dispatcher repeats what did not get through.
const publishTimeout = 2 * time.Second

// Connect prepares the connection and returns at once, whether the server can be
// reached now or not: it keeps trying for as long as the Queue is open.
//
// It returns ErrServerTooOld for a server that answers at once. If one answers later, the
// error is logged and the connection closed for good.
func Connect(o Options) (*Queue, error) {
	if err := checkURLs(o.URL); err != nil {
		return nil, err
	}
	open, closed := context.WithCancel(context.Background())
	q := &Queue{replicas: max(o.Replicas, 1), maxEventBytes: maxEventBytes, open: open, observer: o.Observer, tracer: o.Tracer}
	if q.observer == nil {
		q.observer = unobserved{}
	}
	if q.tracer == nil {
		q.tracer = untraced{}
	}
	connected := func(c *nats.Conn, message string) {
		if err := checkVersion(c); err != nil {
			o.Logger.Error("the connection to NATS is closed", "server", c.ConnectedAddr(), "error", err)
			c.Close()
			return
		}
		o.Logger.Info(message, "server", c.ConnectedAddr())
		q.listeners.lost()
	}
	opts := []nats.Option{
		nats.Name(o.Name),
		nats.MaxReconnects(-1),
		nats.RetryOnFailedConnect(true),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ReconnectJitter(250*time.Millisecond, time.Second),
		// Publishing while disconnected fails at once instead of filling a buffer:
		// the row is the outbox.
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				o.Logger.Warn("lost the connection to NATS", "error", err)
			}
		}),
		nats.ConnectHandler(func(c *nats.Conn) { connected(c, "connected to NATS") }),
		nats.ReconnectHandler(func(c *nats.Conn) { connected(c, "connected to NATS again") }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			o.Logger.Warn("NATS reported an error", "error", err)
			if lossy(err) {
				q.listeners.lost()
			}
		}),
		nats.ClosedHandler(func(*nats.Conn) { closed() }),
	}
	if o.InProcess != nil {
		opts = append(opts, nats.InProcessServer(o.InProcess))
		q.maxEventBytes = inProcessEventBytes
	}
	conn, err := nats.Connect(o.URL, opts...)
	if malformed := (*url.Error)(nil); errors.As(err, &malformed) {
		// The error quotes the URL and with it the password.
		return nil, errors.New("connecting to NATS: the URL cannot be parsed: give it as nats://user:password@host:4222")
	}
	if err != nil {
		return nil, fmt.Errorf("connecting to NATS: %w", err)
	}
	if err := checkVersion(conn); err != nil { // it has none if it is not connected
		conn.Close()
		return nil, fmt.Errorf("connecting to NATS: %w", err)
	}
	js, err := jetstream.New(conn, jetstream.WithDefaultTimeout(publishTimeout))
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("preparing JetStream: %w", err)
	}
	q.conn, q.js = conn, js
	if !conn.IsConnected() {
		log := o.Logger.With("server", servers(conn))
		if err := conn.LastError(); err != nil {
			log = log.With("error", err)
		}
		log.Warn("NATS does not answer yet: trying until it does")
	}
	return q, nil
}

// servers returns the hosts of the connection's URLs, without names and passwords.
func servers(conn *nats.Conn) string {
	var hosts []string
	for _, server := range conn.Servers() {
		if u, err := url.Parse(server); err == nil {
			hosts = append(hosts, u.Host)
		}
	}
	return strings.Join(hosts, ",")
}

// connected waits for the connection, or returns ErrDisconnected when ctx ends.
func (q *Queue) connected(ctx context.Context) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !q.conn.IsConnected() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w at %s", ErrDisconnected, servers(q.conn))
		case <-q.open.Done():
			return ErrDisconnected
		case <-tick.C:
		}
	}
	return nil
}

// ErrDisconnected means that the NATS server cannot be reached at the moment.
var ErrDisconnected = errors.New("not connected to NATS")

// Ping reports whether the server and the streams answer.
func (q *Queue) Ping(ctx context.Context) error {
	if !q.conn.IsConnected() {
		return ErrDisconnected
	}
	if _, err := q.js.Stream(ctx, requestStream); err != nil {
		return fmt.Errorf("reaching the stream %s: %w", requestStream, err)
	}
	return nil
}

// Closed returns a channel that is closed when the connection is closed and will not be
// reopened: the process must be restarted.
func (q *Queue) Closed() <-chan struct{} { return q.open.Done() }

// Close ends the connection and waits until it has.
func (q *Queue) Close() {
	q.conn.Close()
	<-q.open.Done()
}
