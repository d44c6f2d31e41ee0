package queue_test

import (
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// watched collects what Watch calls.
type watched struct {
	changes chan export.Change
	lost    chan struct{}
}

func newWatched() watched {
	return watched{make(chan export.Change, 100), make(chan struct{}, 100)}
}

func (w watched) want(t *testing.T, r export.Request) {
	t.Helper()
	select {
	case c := <-w.changes:
		if c != export.ChangeOf(r) {
			t.Errorf("%+v, want that of %s", c, r.ID)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("no change")
	}
}

func TestWatch_ChangesAndEvents(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, other := testenv.Queue(t, n), connect(t, n.URL())
	w := newWatched()
	stop, err := q.Watch(func(c export.Change) { w.changes <- c }, func() { w.lost <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	r := request(1)
	r.UserID, r.Status, r.StatusAt = "user_ana", export.Ready, time.Now()
	testenv.Eventually(t, "the subscription reaches the server", func() bool {
		other.Changed(r)
		return len(w.changes) > 0
	})
	for len(w.changes) > 0 {
		w.want(t, r)
	}
	second := request(1)
	second.UserID, second.Status, second.StatusAt = "user_ben", export.Failed, time.Now()
	if err := other.PublishEvent(t.Context(), export.EventOf(second)); err != nil {
		t.Fatal(err)
	}
	for { // repeats of the first may be on their way
		c := <-w.changes
		if c == export.ChangeOf(second) {
			break
		}
		if c != export.ChangeOf(r) {
			t.Fatalf("%+v", c)
		}
	}
	other.ChangedAll("user_ben")
	all := <-w.changes
	for all == export.ChangeOf(r) { // repeats of the first, still
		all = <-w.changes
	}
	if all != (export.Change{UserID: "user_ben"}) {
		t.Errorf("%+v, want any of user_ben", all)
	}
	stop()
	other.Changed(r)
	if err := other.PublishEvent(t.Context(), export.EventOf(r)); err != nil { // the server has the change then
		t.Fatal(err)
	}
	if err := q.PublishEvent(t.Context(), export.EventOf(second)); err != nil { // and has sent it, if at all
		t.Fatal(err)
	}
	if len(w.changes) > 0 {
		t.Error("a change after stop")
	}
}

// A restart of the server interrupts nothing but what was sent meanwhile, which Watch tells.
func TestWatch_ServerRestarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := testenv.NATS(t, dir)
	q := testenv.Queue(t, n)
	w := newWatched()
	stop, err := q.Watch(func(c export.Change) { w.changes <- c }, func() { w.lost <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	address := n.URL()
	closeServer(t, n)
	testenv.Eventually(t, "the connection is lost", func() bool { return !q.Connected() })
	r := request(1)
	q.Changed(r) // lost, and returns
	restart(t, dir, address)
	select {
	case <-w.lost:
	case <-time.After(20 * time.Second):
		t.Fatal("not told of lost messages")
	}
	q.Changed(r)
	w.want(t, r)
}
