package queue_test

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestPending(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q := testenv.Queue(t, n)
	first, second := request(1), request(1)
	publish(t, q, first)
	publish(t, q, second)
	for want := 2; want >= 0; want-- {
		if got, err := q.Pending(t.Context()); err != nil || got != want {
			t.Errorf("%d messages are pending, want %d: %v", got, want, err)
		}
		switch want {
		case 2:
			next(t, receive(t, q), first.ID)
		case 1:
			next(t, receive(t, q), second.ID)
		}
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Pending(t.Context()); err == nil {
		t.Error("it knows without a server")
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q := testenv.Queue(t, n)
	want := func(want int) {
		t.Helper()
		if got, err := q.Messages(t.Context()); err != nil || got != want {
			t.Errorf("the stream holds %d messages, want %d: %v", got, want, err)
		}
	}
	want(0)
	first, second := request(1), request(1)
	publish(t, q, first)
	publish(t, q, second)
	want(2)
	d := next(t, receive(t, q), first.ID)
	want(2)
	ack(t, d)
	want(1)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Messages(t.Context()); err == nil {
		t.Error("it knows without a server")
	}
}
