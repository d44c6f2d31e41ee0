package watch_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
	"github.com/letrazapp/letraz-export/internal/watch"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// rows is a store of requests in memory.
type rows struct {
	mu       sync.Mutex
	all      map[string]export.Request
	fails    int // calls that fail from now on
	reads    [][]string
	lastRead chan struct{} // gets a value at each call
}

func newRows() *rows {
	return &rows{all: map[string]export.Request{}, lastRead: make(chan struct{}, 1000)}
}

// set writes a row as it is now.
func (s *rows) set(id string, status export.Status, at int) export.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := export.Request{ID: id, UserID: "user_" + id[:1], Status: status, StatusAt: time.Unix(2_000_000_000+int64(at), 0)}
	s.all[id] = r
	return r
}

func (s *rows) delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, id)
}

var errDown = errors.New("the database is down")

func (s *rows) ExportsByID(_ context.Context, ids []string) (found []export.Request, err error) {
	defer func() { s.lastRead <- struct{}{} }()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails > 0 {
		s.fails--
		return nil, errDown
	}
	s.reads = append(s.reads, slices.Sorted(slices.Values(ids)))
	for _, id := range ids {
		if r, ok := s.all[id]; ok {
			found = append(found, r)
		}
	}
	return found, nil
}

func (s *rows) ExportsChanged(_ context.Context, userID string, since time.Time, limit int) (found []export.Request, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.all {
		if r.UserID == userID && len(found) < limit && (!r.Status.Final() || !r.StatusAt.Before(since)) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b export.Request) int { return a.StatusAt.Compare(b.StatusAt) })
	return found, nil
}

// start runs a hub until the test ends or stop is called.
func start(t *testing.T, c watch.Config) (h *watch.Hub, stop func()) {
	t.Helper()
	if c.RecheckEvery == 0 {
		c.RecheckEvery = time.Hour
	}
	h = watch.New(c)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { h.Run(ctx) })
	stop = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(stop)
	return h, stop
}

// want checks the next request of a subscription.
func want(t *testing.T, s *watch.Subscription, r export.Request) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	got, err := s.Next(ctx)
	if err != nil {
		t.Fatalf("%v, want %s %s", err, r.ID, r.Status)
	}
	if d := cmp.Diff(r, got); d != "" {
		t.Fatal(d)
	}
}

func wantError(t *testing.T, s *watch.Subscription, want error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if r, err := s.Next(ctx); !errors.Is(err, want) {
		t.Fatalf("%+v, %v, want %v", r, err, want)
	}
}

// wantNothing checks that a subscription has nothing to hand out.
func wantNothing(t *testing.T, s *watch.Subscription) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 { // of two ready cases, select takes either
		if r, err := s.Next(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("%+v, %v", r, err)
		}
	}
}

func change(r export.Request) export.Change { return export.ChangeOf(r) }

func TestHub_OneReadForAllWhoWait(t *testing.T) {
	store := newRows()
	h, _ := start(t, watch.Config{Store: store})
	queued := store.set("a1", export.Queued, 1)
	subs := []*watch.Subscription{h.Export("a1"), h.Export("a1"), h.Export("a1")}
	for _, s := range subs {
		defer s.Close()
		s.Saw(queued)
	}
	other := h.Export("b1")
	defer other.Close()
	h.Changed(change(store.set("a2", export.Queued, 2))) // nobody waits for it
	ready := store.set("a1", export.Ready, 3)
	h.Changed(change(ready))
	for _, s := range subs {
		want(t, s, ready)
	}
	h.Changed(change(ready)) // a repeated message
	<-store.lastRead
	h.Changed(change(store.set("b1", export.Ready, 4)))
	want(t, other, store.all["b1"])
	for _, s := range subs {
		wantNothing(t, s)
	}
	for _, ids := range store.reads {
		if slices.Contains(ids, "a2") {
			t.Errorf("read %v", ids)
		}
	}
}

// What changes while a client does not ask is handed out once, as it is last.
func TestSubscription_LatestStateWins(t *testing.T) {
	store := newRows()
	h, _ := start(t, watch.Config{Store: store})
	s := h.Export("a1")
	defer s.Close()
	for at, status := range []export.Status{export.Queued, export.Rendering, export.Queued, export.Rendering} {
		h.Changed(change(store.set("a1", status, at)))
		<-store.lastRead
	}
	testenv.Eventually(t, "the hub has nothing to read", func() bool { return len(store.lastRead) == 0 })
	ready := store.set("a1", export.Ready, 9)
	h.Changed(change(ready))
	<-store.lastRead
	h.Changed(change(ready)) // when this is read, the one before was handed over
	<-store.lastRead
	want(t, s, ready)
	wantNothing(t, s)
}

func TestSubscription_EarlierStates(t *testing.T) {
	for _, c := range []struct {
		name       string
		saw, offer export.Status
		at         int // of the offer; the other is at 5
		news       bool
	}{
		{"same", export.Queued, export.Queued, 5, false},
		{"earlier", export.Rendering, export.Queued, 4, false},
		{"later", export.Queued, export.Rendering, 6, true},
		{"final, although the clock was set back", export.Rendering, export.Ready, 4, true},
		{"expired by the clock", export.Ready, export.Expired, 5, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := newRows()
			h, _ := start(t, watch.Config{Store: store})
			s := h.Export("a1")
			defer s.Close()
			s.Saw(store.set("a1", c.saw, 5))
			offered := store.set("a1", c.offer, c.at)
			h.Changed(change(offered))
			<-store.lastRead
			h.Changed(change(offered))
			<-store.lastRead
			if c.news {
				want(t, s, offered)
			}
			wantNothing(t, s)
		})
	}
}

func TestHub_WithoutMessages(t *testing.T) {
	for name, c := range map[string]struct {
		config watch.Config
		nudge  func(*watch.Hub)
	}{
		"lost messages":       {watch.Config{}, func(h *watch.Hub) { h.Lost() }},
		"recheck":             {watch.Config{RecheckEvery: time.Millisecond, PollEvery: time.Millisecond}, func(*watch.Hub) {}},
		"poll without a link": {watch.Config{Connected: func() bool { return false }, PollEvery: time.Millisecond}, func(*watch.Hub) {}},
	} {
		t.Run(name, func(t *testing.T) {
			store := newRows()
			c.config.Store = store
			h, _ := start(t, c.config)
			queued := store.set("a1", export.Queued, 1)
			one, all := h.Export("a1"), h.User("user_a", time.Unix(0, 0))
			defer one.Close()
			defer all.Close()
			one.Saw(queued)
			want(t, all, queued)
			ready := store.set("a1", export.Ready, 2)
			c.nudge(h)
			want(t, one, ready)
			want(t, all, ready)
		})
	}
}

// After an interruption the exports of a user that were made meanwhile are found.
func TestHub_LostMessagesOfUser(t *testing.T) {
	store := newRows()
	h, _ := start(t, watch.Config{Store: store})
	s := h.User("user_a", time.Unix(2_000_000_000, 0))
	defer s.Close()
	first := store.set("a1", export.Queued, 100)
	h.Changed(change(first))
	want(t, s, first)
	store.set("b1", export.Queued, 150)
	second := store.set("a2", export.Ready, 200)
	h.Lost()
	want(t, s, second)
	h.Lost()
	h.Changed(change(store.set("a3", export.Queued, 300)))
	want(t, s, store.all["a3"])
	wantNothing(t, s)
}

func TestHub_StoreFails(t *testing.T) {
	store := newRows()
	h, _ := start(t, watch.Config{Store: store, PollEvery: time.Millisecond})
	s := h.Export("a1")
	defer s.Close()
	store.mu.Lock()
	store.fails = 3
	store.mu.Unlock()
	ready := store.set("a1", export.Ready, 1)
	h.Changed(change(ready))
	want(t, s, ready)
}

func TestHub_ErasedExport(t *testing.T) {
	store := newRows()
	h, _ := start(t, watch.Config{Store: store})
	known, unborn := h.Export("a1"), h.Export("a2")
	defer known.Close()
	defer unborn.Close()
	known.Saw(store.set("a1", export.Queued, 1))
	store.delete("a1")
	h.Lost()
	wantError(t, known, export.ErrNotFound)
	// A subscription may be older than its row.
	ready := store.set("a2", export.Ready, 2)
	h.Changed(change(ready))
	want(t, unborn, ready)
}

func TestHub_Stops(t *testing.T) {
	store := newRows()
	h, stop := start(t, watch.Config{Store: store})
	one, all := h.Export("a1"), h.User("user_a", time.Time{})
	if n := h.Subscriptions(); n != 2 {
		t.Errorf("%d subscriptions", n)
	}
	stop()
	wantError(t, one, watch.ErrStopped)
	wantError(t, all, watch.ErrStopped)
	late := h.Export("a1")
	wantError(t, late, watch.ErrStopped)
	for _, s := range []*watch.Subscription{one, all, late} {
		s.Close()
	}
	if n := h.Subscriptions(); n != 0 {
		t.Errorf("%d subscriptions are left", n)
	}
	h.Changed(export.Change{ExportID: "a1"})
}

// Many changes for a client that does not read end its subscription, and no other.
func TestHub_SlowClient(t *testing.T) {
	store := newRows()
	h, _ := start(t, watch.Config{Store: store})
	slow, other := h.User("user_a", time.Time{}), h.Export("a1500")
	defer slow.Close()
	defer other.Close()
	for i := range 1501 {
		h.Changed(change(store.set(fmt.Sprintf("a%d", i), export.Queued, i)))
	}
	testenv.Eventually(t, "all are read", func() bool {
		store.mu.Lock()
		defer store.mu.Unlock()
		read := map[string]bool{}
		for _, ids := range store.reads {
			if len(ids) > 500 {
				t.Fatalf("%d rows in one statement", len(ids))
			}
			for _, id := range ids {
				read[id] = true
			}
		}
		return len(read) == 1501
	})
	want(t, other, store.all["a1500"])
	h.Lost() // once this is read, the last batch was handed over
	<-store.lastRead
	var err error
	for n := 0; err == nil; n++ {
		if n > 1000 {
			t.Fatal("more is pending than may be")
		}
		_, err = slow.Next(t.Context())
	}
	if !errors.Is(err, watch.ErrSlow) {
		t.Error(err)
	}
}

// Erasing is told without ids: all exports that somebody waits for are read.
func TestHub_AllOfAUserChanged(t *testing.T) {
	t.Parallel()
	store := newRows()
	h, _ := start(t, watch.Config{Store: store})
	r := store.set("a1", export.Queued, 1)
	s := h.Export(r.ID)
	defer s.Close()
	s.Saw(r)
	store.delete(r.ID)
	h.Changed(export.Change{UserID: r.UserID})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := s.Next(ctx); !errors.Is(err, export.ErrNotFound) {
		t.Errorf("%v, want that the export is gone", err)
	}
}
