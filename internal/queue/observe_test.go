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
