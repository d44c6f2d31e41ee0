package chrome

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// groups counts the browsers of an engine that run, by their process groups.
func groups(e *Engine, dir string) int {
	leaders := map[int]bool{}
	for _, pid := range processesIn(dir) {
		if group, err := syscall.Getpgid(pid); err == nil {
			leaders[group] = true
		}
	}
	return len(leaders)
}

func TestResize(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	full(t, e)
	for _, slots := range []int{3, 1, 2, 0} {
		e.Resize(slots)
		slots = max(slots, 1)
		eventually(t, "slots and browsers follow", func() bool {
			s := e.Stats()
			return s.Slots == slots && s.Idle == slots+1 && groups(e, e.o.TempDir) == slots+1
		})
	}
	if s := e.Stats(); s.Grows != 2 || s.Shrinks != 2 || s.Recycles != 0 || s.Crashes != 0 {
		t.Errorf("stats are %+v", s)
	}
}

func TestResize_UnderLoad(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	var stop atomic.Bool
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for !stop.Load() {
				mustPrintAsync(t, e, html("<p>load"))
			}
		})
	}
	for i := range 10 {
		slots := 1 + 2*(i%2)
		e.Resize(slots)
		eventually(t, "the slots follow", func() bool {
			s := e.Stats()
			return s.Slots == slots && s.Busy <= slots && s.Browsers <= slots+1 || t.Failed()
		})
	}
	stop.Store(true)
	callers.Wait()
	if s := e.Stats(); s.Crashes+s.Timeouts > 0 {
		t.Errorf("resizing cost a document: %+v", s)
	}
}

// TestResize_SlotWaitsForBrowser: an additional slot cannot be acquired until its browser
// has started.
func TestResize_SlotWaitsForBrowser(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	full(t, e)
	e.mu.Lock()
	e.starting = startsAtOnce // as if starts took for ever
	e.mu.Unlock()
	e.Resize(4)
	if s := e.Stats(); s.Slots != 2 {
		t.Errorf("with two browsers, one of them the standby, %d slots are in effect", s.Slots)
	}
	e.mu.Lock()
	e.starting = 0
	e.signal()
	e.mu.Unlock()
	eventually(t, "all slots take effect", func() bool { return e.Stats().Slots == 4 })
}

func TestResize_FewerSlots(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2 })
	full(t, e)
	one, two := acquire(t, e), acquire(t, e)
	e.Resize(1)
	if _, err := two.Print(t.Context(), html("under way")); err != nil {
		t.Errorf("printing: %v", err)
	}
	two.Release()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := e.Acquire(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second slot could be acquired: %v", err)
	}
	one.Release()
	acquire(t, e).Release()
}

func acquire(t *testing.T, e *Engine) *Slot {
	t.Helper()
	s, err := e.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPermits_CanceledWaiters: a canceled waiter loses no permit, not even one that is
// released at the same moment.
func TestPermits_CanceledWaiters(t *testing.T) {
	t.Parallel()
	var p permits
	for range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		var waiting sync.WaitGroup
		waiting.Go(func() {
			if p.acquire(ctx, nil) {
				p.release()
			}
		})
		eventually(t, "it waits", func() bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			return len(p.waiting) == 1
		})
		p.mu.Lock()
		cancel()
		p.size = 1
		p.serve()
		p.mu.Unlock()
		waiting.Wait()
		if size, taken := p.counts(); size != 1 || taken != 0 || len(p.waiting) != 0 {
			t.Fatalf("%d of %d are taken, %d wait", taken, size, len(p.waiting))
		}
		p.resize(0)
	}
}

// mustPrintAsync is mustPrint for a goroutine, which must not end the test.
func mustPrintAsync(t *testing.T, e *Engine, d Document) {
	if _, err := e.Print(t.Context(), d); err != nil {
		t.Errorf("printing: %v", err)
	}
}
