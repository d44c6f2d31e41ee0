package testenv

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/letrazapp/letraz-export/internal/embedded"
)

// Message is one message in a stream.
type Message struct {
	Subject string
	Body    string
}

// Messages returns the messages in the stream of that name, oldest first.
func Messages(t testing.TB, n *embedded.NATS, stream string) []Message {
	t.Helper()
	var list []Message
	withJetStream(t, n, func(ctx context.Context, js jetstream.JetStream) error {
		s, err := js.Stream(ctx, stream)
		if err != nil {
			return err
		}
		state := s.CachedInfo().State
		for seq := state.FirstSeq; state.Msgs > 0 && seq <= state.LastSeq; seq++ {
			if m, err := s.GetMsg(ctx, seq); err == nil { // acknowledged ones are missing
				list = append(list, Message{Subject: m.Subject, Body: string(m.Data)})
			}
		}
		return nil
	})
	return list
}

// Publish publishes a message on a subject and waits until a stream has stored it.
func Publish(t testing.TB, n *embedded.NATS, subject, body string) {
	t.Helper()
	withJetStream(t, n, func(ctx context.Context, js jetstream.JetStream) error {
		_, err := js.Publish(ctx, subject, []byte(body))
		return err
	})
}

// DeleteConsumer deletes a consumer.
func DeleteConsumer(t testing.TB, n *embedded.NATS, stream, consumer string) {
	t.Helper()
	withJetStream(t, n, func(ctx context.Context, js jetstream.JetStream) error {
		return js.DeleteConsumer(ctx, stream, consumer)
	})
}

// Purge deletes all messages of a stream.
func Purge(t testing.TB, n *embedded.NATS, stream string) {
	t.Helper()
	withJetStream(t, n, func(ctx context.Context, js jetstream.JetStream) error {
		s, err := js.Stream(ctx, stream)
		if err != nil {
			return err
		}
		return s.Purge(ctx)
	})
}

// RestartNATS stops a server and starts it again on the same directory and port.
func RestartNATS(t testing.TB, n *embedded.NATS, dir string) *embedded.NATS {
	t.Helper()
	listen := n.URL()[len("nats://"):]
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := embedded.StartNATS(embedded.NATSOptions{Dir: dir, Listen: listen, MaxStore: 8 << 30})
	if err != nil {
		t.Fatalf("starting NATS again: %v", err)
	}
	t.Cleanup(func() {
		if err := again.Close(); err != nil {
			t.Errorf("stopping NATS: %v", err)
		}
	})
	return again
}

func withJetStream(t testing.TB, n *embedded.NATS, do func(context.Context, jetstream.JetStream) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := nats.Connect(n.URL())
	if err != nil {
		t.Fatalf("connecting to the test's NATS: %v", err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := do(ctx, js); err != nil {
		t.Fatal(err)
	}
}
