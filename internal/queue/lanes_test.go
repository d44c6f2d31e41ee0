package queue_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestPublishRequest_MessagePerAttempt(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q := testenv.Queue(t, n)
	r := request(1)
	publish(t, q, r)
	next(t, receive(t, q), r.ID) // its worker dies
	retries, err := q.Receive(t.Context(), export.Retries)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(retries.Stop)
	for attempts := 1; attempts <= 3; attempts++ {
		r.Attempt, r.DispatchGen = attempts, r.DispatchGen+1
		publish(t, q, r)
		d, err := retries.Next(t.Context(), 9*time.Second) // and so do the others
		if err != nil {
			t.Fatal(err)
		}
		if m, err := d.Message(); err != nil || m != (export.Message{ExportID: r.ID, Attempts: attempts}) {
			t.Errorf("the message is %+v, %v; want that of attempt %d", m, err, attempts+1)
		}
	}
	var subjects []string
	for _, m := range testenv.Messages(t, n, "EXPORTS") {
		subjects = append(subjects, m.Subject)
	}
	lane := "exports.requested.retry." + r.ID
	if want := []string{"exports.requested.interactive." + r.ID, lane + ".1", lane + ".2", lane + ".3"}; !slices.Equal(subjects, want) {
		t.Errorf("the stream holds %q, want %q", subjects, want)
	}
}

func TestNext_WithoutMessage(t *testing.T) {
	t.Parallel()
	q := testenv.Queue(t, testenv.NATS(t, ""))
	for _, lane := range []export.Lane{export.Interactive, export.Retries} {
		r, err := q.Receive(t.Context(), lane)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.Stop)
		for _, wait := range []time.Duration{0, 50 * time.Millisecond} {
			if d, err := r.Next(t.Context(), wait); !errors.Is(err, queue.ErrNoMessage) {
				t.Errorf("%s, %s: %v, %v", lane, wait, d, err)
			}
		}
	}
}

func TestPending_CountsEveryLane(t *testing.T) {
	t.Parallel()
	q := testenv.Queue(t, testenv.NATS(t, ""))
	retry := request(1)
	retry.Attempt = 1
	publish(t, q, request(1))
	publish(t, q, retry)
	if n, err := q.Pending(t.Context()); err != nil || n != 2 {
		t.Errorf("%d messages are pending, %v; want 2", n, err)
	}
}
