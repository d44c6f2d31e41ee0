package queue_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) {
	code := testenv.Main(m)
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// request returns a queued export whose message is published for the gen-th time.
func request(gen int) export.Request {
	return export.Request{ID: uuid.Must(uuid.NewV7()).String(), Lane: export.Interactive, DispatchGen: gen}
}

func publish(t *testing.T, q *queue.Queue, r export.Request) {
	t.Helper()
	if err := q.PublishRequest(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, q *queue.Queue) *queue.Receiver {
	t.Helper()
	r, err := q.Receive(t.Context(), export.Interactive)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Stop)
	return r
}

// next waits for the message of the request with the id.
func next(t *testing.T, r *queue.Receiver, id string) *queue.Delivery {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	d, err := await(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := d.Message(); err != nil || got.ExportID != id {
		t.Fatalf("got the message %+v, %v; want that of %q", got, err, id)
	}
	return d
}

// await waits for a message until ctx ends.
func await(ctx context.Context, r *queue.Receiver) (*queue.Delivery, error) {
	for {
		if d, err := r.Next(ctx, time.Second); !errors.Is(err, queue.ErrNoMessage) {
			return d, err
		}
	}
}

func ack(t *testing.T, d *queue.Delivery) {
	t.Helper()
	if err := d.Ack(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// admin looks at and changes the server's streams as an operator would.
func admin(t *testing.T, n *embedded.NATS) jetstream.JetStream {
	t.Helper()
	conn, err := nats.Connect(n.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func messages(t *testing.T, js jetstream.JetStream) uint64 {
	t.Helper()
	s, err := js.Stream(t.Context(), "EXPORTS")
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

func consumer(t *testing.T, js jetstream.JetStream) *jetstream.ConsumerInfo {
	t.Helper()
	c, err := js.Consumer(t.Context(), "EXPORTS", "workers-interactive")
	if err != nil {
		t.Fatal(err)
	}
	return c.CachedInfo()
}

// shortenAckWait makes the stream deliver messages again soon that are not ended.
func shortenAckWait(t *testing.T, js jetstream.JetStream) {
	t.Helper()
	cfg := consumer(t, js).Config
	cfg.AckWait = time.Second
	if _, err := js.UpdateConsumer(t.Context(), "EXPORTS", cfg); err != nil {
		t.Fatal(err)
	}
}
