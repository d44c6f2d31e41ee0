package queue_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// published is an Observer.
type published []string

func (p *published) Published(_ context.Context, kind string, took time.Duration, err error) {
	*p = append(*p, fmt.Sprint(kind, " ", took > 0, " ", err))
}

func TestObserver(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	var seen published
	q, err := queue.Connect(queue.Options{InProcess: n, Observer: &seen, Logger: testenv.Logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	if err := q.Provision(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c := q.Connection(); !c.Connected || c.Reconnects != 0 {
		t.Errorf("connection %+v", c)
	}
	r := request(1)
	publish(t, q, r)
	r.DispatchGen = 2
	publish(t, q, r) // there already, which is no failure
	if err := q.PublishEvent(t.Context(), export.Event{ExportID: r.ID, Status: export.Ready, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	closeServer(t, n)
	testenv.Eventually(t, "the connection is lost", func() bool { return !q.Connection().Connected })
	if err := q.PublishRequest(t.Context(), r); err == nil {
		t.Error("published without a server")
	}
	want := published{"request true <nil>", "request true <nil>", "event true <nil>", "request true " + queue.ErrDisconnected.Error()}
	if !slices.Equal(seen, want) {
		t.Errorf("observed %q, want %q", seen, want)
	}
}

// tracing is a Tracer.
type tracing struct {
	seen []queue.Outgoing
	ends []error
}

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func (tr *tracing) Send(_ context.Context, m queue.Outgoing) (string, func(error)) {
	tr.seen = append(tr.seen, m)
	return traceparent, func(err error) { tr.ends = append(tr.ends, err) }
}

func TestTracer(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	seen := &tracing{}
	q, err := queue.Connect(queue.Options{InProcess: n, Tracer: seen, Logger: testenv.Logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	if err := q.Provision(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := request(1)
	r.Traceparent, r.DispatchCount = "of the row", 1
	publish(t, q, r)
	d := next(t, receive(t, q), r.ID)
	if subject, sent := d.Origin(); sent != traceparent || subject != "exports.requested.interactive."+r.ID {
		t.Errorf("the message has the subject %s and the trace %s", subject, sent)
	}
	ack(t, d)
	r.Attempt, r.DispatchCount, r.Status = 2, 1, export.Failed
	publish(t, q, r)
	if err := q.PublishEvent(t.Context(), export.EventOf(r)); err != nil {
		t.Fatal(err)
	}
	if len(seen.seen) != 3 || len(seen.ends) != 3 {
		t.Fatalf("%+v, %v", seen.seen, seen.ends)
	}
	for i, want := range []queue.Outgoing{
		{Subject: "exports.requested.interactive." + r.ID, Destination: "exports.requested.interactive", First: true},
		{Subject: "exports.requested.retry." + r.ID + ".2", Destination: "exports.requested.retry"},
		{Subject: "exports.event.failed." + r.ID, Destination: "exports.event.failed"},
	} {
		got := seen.seen[i]
		if got.Subject != want.Subject || got.Destination != want.Destination || got.First != want.First || got.ExportID != r.ID || got.Traceparent != r.Traceparent || got.ID == "" || got.Size == 0 || seen.ends[i] != nil {
			t.Errorf("%+v, %v", got, seen.ends[i])
		}
	}
}
