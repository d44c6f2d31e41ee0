package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// ownEngine is an engine with one slot for one test, which records the calls of Resize.
type ownEngine struct {
	*chrome.Engine
	mu    sync.Mutex
	sizes []int
}

func newOwnEngine(t *testing.T) *ownEngine {
	t.Helper()
	e, err := chrome.Start(t.Context(), chrome.Options{Slots: 1, Logger: testenv.Logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return &ownEngine{Engine: e}
}

func (e *ownEngine) Acquire(ctx context.Context) (Slot, error) { return engine{e.Engine}.Acquire(ctx) }

func (e *ownEngine) Resize(slots int) {
	e.mu.Lock()
	e.sizes = append(e.sizes, slots)
	e.mu.Unlock()
	e.Engine.Resize(slots)
}

func (e *ownEngine) resized() []int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.sizes)
}

// idle waits until the engine is as small as it gets: one slot, and the standby.
func (e *ownEngine) idle(t *testing.T) {
	t.Helper()
	testenv.Eventually(t, "the pool shrinks", func() bool {
		s := e.Stats()
		return s.Slots == 1 && s.Browsers == 2
	})
}

func scaling(e *ownEngine) func(*Config) {
	return func(c *Config) {
		c.Engine, c.SlotsMin, c.Slots, c.ScaleEvery, c.ScaleDownAfter = e, 1, 3, 5*time.Millisecond, 100*time.Millisecond
	}
}

func TestPool_GrowsAndShrinks(t *testing.T) {
	t.Parallel()
	p, e := setup(t), newOwnEngine(t)
	g := gated{Store: p.store, reached: make(chan struct{}, 20), open: make(chan struct{})}
	var burst []export.Request
	for range 12 {
		burst = append(burst, p.request(t))
	}
	p.runOn(t, scaling(e), func(c *Config) { c.Store = g })
	for range 3 {
		<-g.reached
	}
	if s := e.Stats(); s.Slots != 3 || s.Busy != 3 {
		t.Errorf("want three exports in progress: %+v", s)
	}
	close(g.open)
	for _, r := range burst {
		if got := p.becomes(t, r.ID, export.Ready); got.Attempt != 1 {
			t.Errorf("an export took %d attempts", got.Attempt)
		}
	}
	e.idle(t)
	if sizes := e.resized(); slices.Max(sizes) > 3 || slices.Min(sizes) < 1 {
		t.Errorf("sizes were %v", sizes)
	}
}

func TestPool_ResizeLosesNothing(t *testing.T) {
	t.Parallel()
	p, e := setup(t), newOwnEngine(t)
	p.runOn(t, scaling(e))
	for range 3 {
		var burst []export.Request
		for range 60 {
			burst = append(burst, p.request(t))
		}
		for _, r := range burst {
			if got := p.becomes(t, r.ID, export.Ready); got.Attempt != 1 {
				t.Errorf("an export took %d attempts", got.Attempt)
			}
		}
		e.idle(t)
	}
	// The last message may be acknowledged after its slot is idle.
	testenv.Eventually(t, "the messages are acknowledged", func() bool { return p.waiting(t) == 0 })
	if s := e.Stats(); s.Grows == 0 || s.Grows < s.Shrinks || s.Crashes+s.Timeouts > 0 {
		t.Errorf("stats are %+v", s)
	}
}

// runOn is run with the given engine.
func (p *fixture) runOn(t *testing.T, changes ...func(*Config)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	w := p.worker(t, changes...)
	running.Go(func() { w.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
}

// TestPool_Adjust adjusts once after a second in which the slots worked as given.
func TestPool_Adjust(t *testing.T) {
	t.Parallel()
	const none = 0
	for name, test := range map[string]struct {
		slots   int
		worked  time.Duration // of all slots together
		ended   int
		peak    int
		window  time.Duration
		pending int
		err     error
		want    int // slots, or none if it stays
	}{
		"a backlog":                         {2, 2 * time.Second, 100, 2, time.Second, 1000, nil, 3},
		"work for a moment":                 {2, 2 * time.Second, 100, 2, time.Second, 10, nil, none},
		"one that takes long":               {1, time.Second, 0, 1, time.Second, 1, nil, 2},
		"a count that is wrong, and idle":   {2, 0, 0, 0, time.Second, 1000, nil, none},
		"slots that have not begun yet":     {2, time.Second, 50, 1, time.Second, 1000, nil, none},
		"a queue that does not say":         {2, 2 * time.Second, 100, 2, time.Second, 1000, errors.New("away"), none},
		"at the most":                       {4, 4 * time.Second, 100, 4, time.Second, 1000, nil, none},
		"idle, but not for long":            {3, 0, 0, 0, time.Minute - time.Second, 0, nil, none},
		"idle for long":                     {3, 0, 0, 0, time.Minute, 0, nil, 1},
		"a little work for long":            {3, time.Second, 50, 2, time.Minute, 0, nil, 2},
		"all needed at some time, for long": {3, time.Second, 50, 3, time.Minute, 0, nil, none},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := &told{pending: test.pending, err: test.err}
			var log bytes.Buffer
			p := pool{take: t.Context(), work: t.Context(), Worker: New(Config{Queue: said, Engine: said,
				SlotsMin: 1, Slots: 4, ScaleEvery: time.Second, ScaleDownAfter: time.Minute, Logger: slog.New(slog.NewTextHandler(&log, nil))})}
			for range test.slots {
				p.stops = append(p.stops, func() {})
			}
			now := time.Now()
			p.load = load{last: now, start: now.Add(-test.window), peak: test.peak, worked: test.worked, ended: test.ended,
				sampled: now.Add(-time.Second)}
			p.adjust()
			for _, stop := range p.stops {
				stop()
			}
			p.running.Wait()
			if said.size != test.want {
				t.Errorf("resized to %d, want %d", said.size, test.want)
			}
			change := fmt.Sprintf("from=%d to=%d reason=", test.slots, test.want)
			if told := strings.Contains(log.String(), change); told != (test.want != none) {
				t.Errorf("the change is logged: %v, in\n%s", told, log.String())
			}
		})
	}
}

// told is a queue and an engine for tests that only adjust a pool.
type told struct {
	Queue
	pending int
	err     error
	size    int
}

func (s *told) Pending(context.Context) (int, error)  { return s.pending, s.err }
func (s *told) Resize(slots int)                      { s.size = slots }
func (s *told) Acquire(context.Context) (Slot, error) { return nil, errors.New("no slot") }
func (s *told) Receive(context.Context, export.Lane) (Receiver, error) {
	return nil, errors.New("no receiver")
}
