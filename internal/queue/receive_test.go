package queue_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestNext_HoldsOneMessage(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	busy, idle := receive(t, q), receive(t, q)
	first, second, third := request(1), request(1), request(1)
	publish(t, q, first)
	publish(t, q, second)
	next(t, busy, first.ID)
	if c := consumer(t, js); c.NumAckPending != 1 || c.NumWaiting != 0 {
		t.Errorf("while the first is worked on %d are handed out, %d more are asked for", c.NumAckPending, c.NumWaiting)
	}
	next(t, idle, second.ID)
	publish(t, q, third) // both are at work
	if c := consumer(t, js); c.NumAckPending != 2 || c.NumWaiting != 0 {
		t.Errorf("while both work %d are handed out, %d more are asked for", c.NumAckPending, c.NumWaiting)
	}
	next(t, receive(t, q), third.ID)
}

func TestReturn_Delay(t *testing.T) {
	t.Parallel()
	q := testenv.Queue(t, testenv.NATS(t, ""))
	receiver := receive(t, q)
	r := request(1)
	publish(t, q, r)
	if err := next(t, receiver, r.ID).Return(0); err != nil {
		t.Fatal(err)
	}
	d := next(t, receiver, r.ID)
	const delay = 300 * time.Millisecond
	returned := time.Now()
	if err := d.Return(delay); err != nil {
		t.Fatal(err)
	}
	other := request(1) // does not wait behind it
	publish(t, q, other)
	ack(t, next(t, receiver, other.ID))
	ack(t, next(t, receiver, r.ID))
	if rested := time.Since(returned); rested < delay {
		t.Errorf("it rested for %s only", rested)
	}
}

func TestDelivery_EndsOnce(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	receiver := receive(t, q)
	acked, discarded := request(1), request(1)
	publish(t, q, acked)
	d := next(t, receiver, acked.ID)
	ack(t, d)
	if got := messages(t, js); got != 0 { // Ack has waited for it
		t.Errorf("%d messages after Ack", got)
	}
	for what, again := range map[string]error{"Ack": d.Ack(t.Context()), "Return": d.Return(0), "Discard": d.Discard("twice"), "InProgress": d.InProgress()} {
		if again == nil {
			t.Errorf("%s after Ack succeeded", what)
		}
	}
	publish(t, q, discarded)
	if err := next(t, receiver, discarded.ID).Discard("poison"); err != nil {
		t.Fatal(err)
	}
	testenv.Eventually(t, "the discarded message is gone", func() bool { return messages(t, js) == 0 })
}

func TestInProgress(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	shortenAckWait(t, js)
	worker, other := receive(t, q), receive(t, q)
	r := request(1)
	publish(t, q, r)
	d := next(t, worker, r.ID)
	longer, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond) // than AckWait
	defer cancel()
	stolen := make(chan error, 1)
	go func() {
		_, err := await(longer, other)
		stolen <- err
	}()
	beat := time.NewTicker(100 * time.Millisecond)
	defer beat.Stop()
	for alive := true; alive; {
		select {
		case <-beat.C:
			if err := d.InProgress(); err != nil {
				t.Fatal(err)
			}
		case err := <-stolen:
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("another worker got the message: %v", err)
			}
			alive = false
		}
	}
	ack(t, next(t, other, r.ID)) // now that there is no sign any more
}

func TestNext_Canceled(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	gone := receive(t, q)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := await(ctx, gone)
		ended <- err
	}()
	testenv.Eventually(t, "the receiver asks", func() bool { return consumer(t, js).NumWaiting == 1 })
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	testenv.Eventually(t, "nothing is asked for any more", func() bool { return consumer(t, js).NumWaiting == 0 })
	r, later := request(1), request(1)
	publish(t, q, r)
	ack(t, next(t, receive(t, q), r.ID)) // AckWait is 30 s
	publish(t, q, later)
	ack(t, next(t, gone, later.ID)) // it may wait again
}

// Messages are sent just when their receivers stop waiting.
// One that is lost on the way comes again after AckWait, 30 s.
func TestNext_CanceledWhileMessagesAreSent(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	const receivers = 200
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	var waiting sync.WaitGroup
	for range receivers {
		r := receive(t, q)
		waiting.Go(func() {
			d, err := await(ctx, r)
			if err == nil {
				err = d.Ack(t.Context())
			}
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	testenv.Eventually(t, "all of them ask", func() bool { return consumer(t, js).NumWaiting == receivers })
	for i := range 8 {
		waiting.Go(func() {
			for j := range receivers / 8 {
				if err := q.PublishRequest(t.Context(), request(1)); err != nil {
					t.Error(err)
				}
				if i == 0 && j == receivers/16 {
					giveUp()
				}
			}
		})
	}
	waiting.Wait()
	left, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	for other := receive(t, q); messages(t, js) > 0; {
		d, err := await(left, other)
		if err != nil {
			t.Fatalf("%d messages rest: %v", messages(t, js), err)
		}
		ack(t, d)
	}
}

func TestStop_MessageGoesToAnother(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	shortenAckWait(t, js)
	stopped := receive(t, q)
	r := request(1)
	publish(t, q, r)
	next(t, stopped, r.ID)
	stopped.Stop()
	ack(t, next(t, receive(t, q), r.ID))
}

// Busy receivers on a machine with more of them than cores. One that forgets to
// ask for the next message stalls for half a minute.
func TestNext_Busy(t *testing.T) {
	t.Parallel()
	q := testenv.Queue(t, testenv.NATS(t, ""))
	const receivers, each = 16, 250
	for range receivers * each {
		publish(t, q, request(1))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
	defer cancel()
	var busy sync.WaitGroup
	for range receivers {
		r := receive(t, q)
		busy.Go(func() {
			for range each {
				d, err := await(ctx, r)
				if err != nil {
					t.Error(err)
					return
				}
				if err := d.Discard("seen"); err != nil { // waits for nothing
					t.Error(err)
				}
			}
		})
	}
	busy.Wait()
}

func TestStop_EndsNext(t *testing.T) {
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
	r.Stop()
	r.Stop()
	if err := <-ended; !errors.Is(err, queue.ErrStopped) {
		t.Errorf("while waiting: %v", err)
	}
	if _, err := await(t.Context(), r); !errors.Is(err, queue.ErrStopped) {
		t.Errorf("afterwards: %v", err)
	}
	testenv.Eventually(t, "nothing is asked for any more", func() bool { return consumer(t, js).NumWaiting == 0 })
}

func TestMessage_Malformed(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	receiver := receive(t, q)
	for body, want := range map[string]string{
		"":                           "reading a message",
		"junk":                       "reading a message",
		`{"v":1,"export_id":7}`:      "reading a message",
		`["x"]`:                      "reading a message",
		`{}`:                         "version 0 is not known",
		`{"v":2,"export_id":"x"}`:    "version 2 is not known",
		`{"v":1}`:                    "names no export",
		`{"v":1,"export_id":""}`:     "names no export",
		"{\"v\":1,\"export_id\":\"x": "reading a message",
	} {
		if _, err := js.Publish(t.Context(), "exports.requested.interactive.junk", []byte(body)); err != nil {
			t.Fatal(err)
		}
		d, err := await(t.Context(), receiver)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := d.Message(); err == nil || m != (export.Message{}) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "exports.requested.interactive.junk") {
			t.Errorf("%s: %+v, %v", body, m, err)
		}
		if err := d.Discard("not understood"); err != nil {
			t.Fatal(err)
		}
		testenv.Eventually(t, "the junk is gone", func() bool { return messages(t, js) == 0 })
	}
	// What a later version adds does not disturb this one.
	if _, err := js.Publish(t.Context(), "exports.requested.interactive.junk", []byte(`{"v":1,"export_id":"x","lane":"bulk"}`)); err != nil {
		t.Fatal(err)
	}
	ack(t, next(t, receiver, "x"))
}
