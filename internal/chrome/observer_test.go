package chrome

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

// record is an Observer that keeps the events.
type record struct {
	mu       sync.Mutex
	printed  []error
	started  []error
	recycled []string
	slots    [][2]int // busy and all
	negative bool     // something took no time
}

func (r *record) Printed(took time.Duration, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.printed, r.negative = append(r.printed, err), r.negative || took <= 0
}

func (r *record) Started(took time.Duration, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.started, r.negative = append(r.started, err), r.negative || took <= 0
}

func (r *record) Recycled(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recycled = append(r.recycled, reason)
}

func (r *record) Slots(busy, all int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.slots = append(r.slots, [2]int{busy, all})
}

func TestObserver(t *testing.T) {
	t.Parallel()
	var seen record
	e := setup(t, func(o *Options) {
		o.Slots, o.RecycleAfter, o.PrintTimeout, o.Observer = 1, 1, patience, &seen
	})
	mustPrint(t, e, html("x"))
	eventually(t, "the browser is recycled", func() bool {
		seen.mu.Lock()
		defer seen.mu.Unlock()
		return len(seen.recycled) >= 1
	})
	seen.mu.Lock()
	defer seen.mu.Unlock()
	if len(seen.printed) != 1 || seen.printed[0] != nil {
		t.Errorf("prints: %v", seen.printed)
	}
	if len(seen.started) == 0 || slices.ContainsFunc(seen.started, func(err error) bool { return err != nil }) {
		t.Errorf("starts: %v", seen.started)
	}
	if seen.recycled[0] != "count" {
		t.Errorf("recycled: %q", seen.recycled)
	}
	if !slices.Contains(seen.slots, [2]int{1, 1}) || !slices.Contains(seen.slots, [2]int{0, 1}) {
		t.Errorf("slots: %v", seen.slots)
	}
	if seen.negative {
		t.Error("a print or a start took no time")
	}
}

func TestObserver_TimeoutAndCrash(t *testing.T) {
	t.Parallel()
	var seen record
	e := setup(t, func(o *Options) { o.PrintTimeout, o.Observer = soon, &seen })
	if _, err := e.Print(t.Context(), slow()); !errors.Is(err, ErrTimeout) {
		t.Errorf("slow: %v", err)
	}
	if _, err := e.Print(t.Context(), poison()); !errors.Is(err, ErrCrashed) {
		t.Errorf("poison: %v", err)
	}
	seen.mu.Lock()
	defer seen.mu.Unlock()
	// The second document was tried in two browsers.
	want := []error{ErrTimeout, ErrCrashed, ErrCrashed}
	if !slices.EqualFunc(seen.printed, want, func(got, want error) bool { return errors.Is(got, want) }) {
		t.Errorf("prints: %v, want %v", seen.printed, want)
	}
}
