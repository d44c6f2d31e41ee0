package queue_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func connect(t *testing.T, url string) *queue.Queue {
	t.Helper()
	q, err := queue.Connect(queue.Options{URL: url, Name: t.Name(), Logger: testenv.Logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	return q
}

func closeServer(t *testing.T, n *embedded.NATS) {
	t.Helper()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

// restart starts a server on dir where the one at address was.
func restart(t *testing.T, dir, address string) *embedded.NATS {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := embedded.StartNATS(embedded.NATSOptions{Dir: dir, Listen: u.Host, MaxStore: 8 << 30})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

func TestNext_ServerRestarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := testenv.NATS(t, dir)
	q, js := testenv.Queue(t, n), admin(t, n)
	idle := receive(t, q)
	got := make(chan string)
	go func() { // as a worker does
		for {
			r, err := q.Receive(t.Context(), export.Interactive)
			if err != nil {
				continue
			}
			d, err := await(t.Context(), r)
			r.Stop()
			if err != nil && t.Context().Err() == nil {
				continue
			}
			var id string
			if err == nil {
				m, _ := d.Message()
				id = m.ExportID
			}
			got <- id
			return
		}
	}()
	testenv.Eventually(t, "the receiver asks", func() bool { return consumer(t, js).NumWaiting == 1 })
	closeServer(t, n)
	testenv.Eventually(t, "the connection is lost", func() bool { return errors.Is(q.Ping(t.Context()), queue.ErrDisconnected) })
	restart(t, dir, n.URL())
	testenv.Eventually(t, "the connection is back", func() bool { return q.Ping(t.Context()) == nil })
	first, second := request(1), request(1)
	publish(t, q, first)
	if id := <-got; id != first.ID {
		t.Fatalf("the receiver that waited got %q", id)
	}
	publish(t, q, second)
	ack(t, next(t, idle, second.ID)) // one that did not wait is as good as before
}

func TestPublishRequest_ServerRestarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := testenv.NATS(t, dir)
	q := testenv.Queue(t, n)
	r := request(1)
	publish(t, q, r)
	closeServer(t, n)
	restart(t, dir, n.URL())
	testenv.Eventually(t, "the connection is back", func() bool { return q.Ping(t.Context()) == nil })
	publish(t, q, r) // still a repeat
	d := next(t, receive(t, q), r.ID)
	ack(t, d)
}

func TestReceive_ServerRestartsEmpty(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "nats")
	n := testenv.NATS(t, dir)
	q := testenv.Queue(t, n)
	publish(t, q, request(1))
	closeServer(t, n)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	restart(t, dir, n.URL())
	testenv.Eventually(t, "the missing streams are told", func() bool {
		_, err := q.Receive(t.Context(), export.Interactive)
		return err != nil && errors.Is(err, jetstream.ErrStreamNotFound) && strings.Contains(err.Error(), "letraz-export migrate")
	})
	if err := q.Provision(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := request(1)
	publish(t, q, r)
	ack(t, next(t, receive(t, q), r.ID))
}

func TestRestore(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	restored := func(want ...string) {
		t.Helper()
		made, err := q.Restore(t.Context())
		if err != nil || !slices.Equal(made, want) {
			t.Fatalf("restored %q, want %q: %v", made, want, err)
		}
	}
	restored()
	if err := js.DeleteConsumer(t.Context(), "EXPORTS", "workers-interactive"); err != nil {
		t.Fatal(err)
	}
	restored("workers-interactive")
	// An operator's setting stays when another part is made again.
	s, err := js.Stream(t.Context(), "EXPORTS")
	if err != nil {
		t.Fatal(err)
	}
	cfg := s.CachedInfo().Config
	cfg.MaxMsgs = 5
	if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	shortenAckWait(t, js)
	short := consumer(t, js).Config.AckWait
	if err := js.DeleteStream(t.Context(), "EXPORT_EVENTS"); err != nil {
		t.Fatal(err)
	}
	restored("EXPORT_EVENTS")
	if s, err = js.Stream(t.Context(), "EXPORTS"); err != nil || s.CachedInfo().Config.MaxMsgs != 5 || consumer(t, js).Config.AckWait != short {
		t.Errorf("what was there has changed: %+v, %v", s.CachedInfo().Config, err)
	}
	if err := js.DeleteStream(t.Context(), "EXPORTS"); err != nil {
		t.Fatal(err)
	}
	restored("EXPORTS", "workers-interactive", "workers-retry", "workers-bulk")
	r := request(1)
	publish(t, q, r)
	ack(t, next(t, receive(t, q), r.ID))
	closeServer(t, n)
	testenv.Eventually(t, "a lost connection is told", func() bool {
		_, err := q.Restore(t.Context())
		return errors.Is(err, queue.ErrDisconnected)
	})
}

func TestNext_StreamDeleted(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	r := receive(t, q)
	ended := make(chan error, 1)
	go func() {
		_, err := await(t.Context(), r)
		ended <- err
	}()
	testenv.Eventually(t, "the receiver asks", func() bool { return consumer(t, js).NumWaiting == 1 })
	if err := js.DeleteStream(t.Context(), "EXPORTS"); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil || errors.Is(err, queue.ErrStopped) {
		t.Errorf("%v", err)
	}
}

func TestConnect_NoServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := testenv.NATS(t, dir)
	address := n.URL()
	closeServer(t, n)
	q := connect(t, address)
	if err := q.PublishRequest(t.Context(), request(1)); !errors.Is(err, queue.ErrDisconnected) {
		t.Errorf("a request: %v", err)
	}
	if err := q.PublishEvent(t.Context(), export.Event{ExportID: "x", Status: export.Ready}); !errors.Is(err, queue.ErrDisconnected) {
		t.Errorf("an event: %v", err)
	}
	if err := q.Ping(t.Context()); !errors.Is(err, queue.ErrDisconnected) {
		t.Errorf("Ping: %v", err)
	}
	// These two wait for a connection as long as they may.
	briefly, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := q.Receive(briefly, export.Interactive); !errors.Is(err, queue.ErrDisconnected) || strings.Contains(err.Error(), "migrate") {
		t.Errorf("Receive: %v", err)
	}
	if err := q.Provision(briefly); !errors.Is(err, queue.ErrDisconnected) || !strings.Contains(err.Error(), strings.TrimPrefix(address, "nats://")) {
		t.Errorf("Provision: %v", err)
	}
	select {
	case <-q.Closed():
		t.Error("it gave up")
	default:
	}
	restart(t, dir, address)
	testenv.Eventually(t, "the streams can be made", func() bool { return q.Provision(t.Context()) == nil })
	publish(t, q, request(1))
}

func TestClose_EndsReceivers(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q := testenv.Queue(t, n)
	r := receive(t, q)
	ended := make(chan error, 1)
	go func() {
		_, err := await(t.Context(), r)
		ended <- err
	}()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			q.Close()
			select {
			case <-q.Closed():
			default:
				t.Error("Close returned before the connection was closed")
			}
		})
	}
	both.Wait()
	if err := <-ended; !errors.Is(err, queue.ErrStopped) {
		t.Errorf("a waiting receiver: %v", err)
	}
	if err := q.PublishRequest(t.Context(), request(1)); !errors.Is(err, queue.ErrDisconnected) {
		t.Errorf("publishing: %v", err)
	}
	unconnected := connect(t, "nats://127.0.0.1:1")
	unconnected.Close()
	<-unconnected.Closed()
}

func TestConnect_InProcess(t *testing.T) {
	t.Parallel()
	n, err := embedded.StartNATS(embedded.NATSOptions{Dir: t.TempDir(), MaxStore: 8 << 30})
	if err != nil {
		t.Fatal(err)
	}
	defer closeServer(t, n)
	q, err := queue.Connect(queue.Options{InProcess: n, Logger: testenv.Logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	if err := q.Provision(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := request(1)
	publish(t, q, r)
	ack(t, next(t, receive(t, q), r.ID))
}

func TestConnect_MalformedURL(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"nats://user:hidden@host:port", "nats://user:hid den@host", "nats://user:hidden%zz@host:4222", "nats://user:hidden@[::1", "nats://a:4222,nats://user:hidden@host:port", "hidden://%"} {
		q, err := queue.Connect(queue.Options{URL: address, Logger: testenv.Logger(t)})
		if err == nil {
			q.Close()
			t.Errorf("%s: no error", address)
			continue
		}
		if !strings.Contains(err.Error(), "connecting to NATS") || strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "hid den") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestProvision_AtOnceAndAgain(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	var all sync.WaitGroup
	for range 8 {
		q := connect(t, n.URL())
		testenv.Eventually(t, "the connection", func() bool { return !errors.Is(q.Ping(t.Context()), queue.ErrDisconnected) })
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			for range 3 {
				if err := q.Provision(ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	q, js := testenv.Queue(t, n), admin(t, n)
	r := request(1)
	publish(t, q, r)
	s, err := js.Stream(t.Context(), "EXPORTS")
	if err != nil {
		t.Fatal(err)
	}
	cfg := s.CachedInfo().Config
	want := cfg.MaxMsgs
	cfg.MaxMsgs = 5
	if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	shortenAckWait(t, js)
	if err := q.Provision(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s, err = js.Stream(t.Context(), "EXPORTS"); err != nil || s.CachedInfo().Config.MaxMsgs != want {
		t.Errorf("the stream's settings are not brought up to date: %+v, %v", s.CachedInfo().Config, err)
	}
	if got := consumer(t, js).Config.AckWait; got != queue.AckWait {
		t.Errorf("the consumer's settings are not brought up to date: AckWait %s", got)
	}
	ack(t, next(t, receive(t, q), r.ID)) // and nothing was lost
}
