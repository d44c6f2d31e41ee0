package chrome

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestRecycle_Count(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2; o.RecycleAfter = 8 })
	full(t, e)
	underLoad(t, e, func() bool { return e.Stats().Recycles >= 6 })
	eventually(t, "there is a profile for each browser", func() bool {
		profiles, err := filepath.Glob(filepath.Join(e.starter.home.path, "[0-9]*"))
		return err == nil && len(profiles) == e.size() && e.Stats().Browsers == e.size()
	})
}

func TestRecycle_Age(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2; o.RecycleAge = 500 * time.Millisecond })
	full(t, e)
	underLoad(t, e, func() bool { return e.Stats().Recycles >= 4 })
}

func TestRecycle_Memory(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2; o.RecycleMemory = 1 << 20 })
	underLoad(t, e, func() bool { s := e.Stats(); return s.Recycles >= 3 && s.Memory > 10<<20 })
}

// TestRecycle_Idle: browsers of an idle engine are recycled too.
func TestRecycle_Idle(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.NoStandby = true; o.RecycleAge = time.Second })
	eventually(t, "an idle browser is replaced", func() bool { return e.Stats().Recycles >= 1 })
	mustPrint(t, e, html("x"))
}

// underLoad prints without a pause, on more callers than slots, until enough; every
// print must succeed, and at the end the engine is back to its size.
func underLoad(t *testing.T, e *Engine, enough func() bool) {
	t.Helper()
	var stop atomic.Bool
	var callers sync.WaitGroup
	for range 3 {
		callers.Go(func() {
			for !stop.Load() {
				if _, err := e.Print(t.Context(), html("<p>load")); err != nil {
					t.Errorf("printing: %v", err)
					return
				}
			}
		})
	}
	defer callers.Wait()
	defer stop.Store(true)
	eventually(t, "browsers are recycled", func() bool {
		if s := e.Stats(); s.Crashes+s.Timeouts > 0 {
			t.Fatalf("recycling cost a document: %+v", s)
		}
		return enough() || t.Failed()
	})
}

// TestRecycle_AfterReplacementStarted: no document waits for a slow start of a
// replacement.
func TestRecycle_AfterReplacementStarted(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	full(t, e)
	e.mu.Lock()
	e.starting = startsAtOnce // as if starts took for ever
	for b := range e.live {
		b.recycleReason = "age"
	}
	e.retireIdle()
	e.mu.Unlock()
	for range 3 {
		mustPrint(t, e, html("x"))
	}
	if s := e.Stats(); s.Recycles != 0 || s.Browsers != 2 {
		t.Errorf("stats are %+v", s)
	}
	e.mu.Lock()
	e.starting = 0
	e.signal()
	e.mu.Unlock()
	eventually(t, "both are replaced", func() bool { s := e.Stats(); return s.Recycles == 2 && s.Idle == 2 })
}

// A browser that has printed nothing since it was measured is not measured again.
func TestMeasure_IdleBrowsers(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.NoStandby = true })
	const marked = 1
	measured := func() (memory int64) {
		e.measure()
		e.mu.Lock()
		defer e.mu.Unlock()
		for b := range e.live {
			memory, b.memory = b.memory, marked
		}
		return memory
	}
	if got := measured(); got < 10<<20 {
		t.Errorf("a new browser: %d bytes", got)
	}
	if got := measured(); got != marked {
		t.Errorf("an idle browser was measured again: %d bytes", got)
	}
	mustPrint(t, e, html("x"))
	if got := measured(); got < 10<<20 {
		t.Errorf("a browser that has printed was not measured: %d bytes", got)
	}
}
