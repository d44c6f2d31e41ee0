package worker

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// observed notes what a worker tells.
type observed struct {
	mu    sync.Mutex
	calls []string
	busy  int // most slots
}

func (o *observed) note(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, fmt.Sprintf(format, args...))
}

func (o *observed) Claimed(r export.Request) { o.note("claimed %d", r.Attempt) }

func (o *observed) Printed(_ export.Request, took time.Duration) { o.note("printed %v", took > 0) }

func (o *observed) Reused(_ export.Request, took time.Duration) { o.note("reused %v", took > 0) }

func (o *observed) Stored(_ export.Request, bytes int64, took time.Duration) {
	o.note("stored %v", bytes > 0 && took > 0)
}

func (o *observed) Finished(r export.Request, how Result) {
	o.note("finished %s %s %v %v", r.Status, how.Code, how.Reused, how.Work > 0 && how.Total > 0)
}

func (o *observed) Slots(busy, all int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.busy = max(o.busy, busy)
	if busy < 0 || busy > all {
		o.calls = append(o.calls, fmt.Sprintf("%d of %d slots are busy", busy, all))
	}
}

func TestObserver(t *testing.T) {
	t.Parallel()
	p := setup(t)
	var o *observed
	observing := func(c *Config) { o = &observed{}; c.Observer = o }
	want := func(name string, want ...string) {
		t.Helper()
		if !slices.Equal(o.calls, want) {
			t.Errorf("%s: calls %q, want %q", name, o.calls, want)
		}
	}
	handle := func(p *fixture, do func(context.Context) error, d Delivery) {
		p.worker(t, reusing, observing).handle(t.Context(), &printer{do: do}, d, stay)
	}
	p.request(t)
	handle(p, nil, p.next(t))
	want("printed", "claimed 1", "printed true", "stored true", "finished ready  false true")
	p.request(t)
	handle(p, nil, p.next(t))
	want("copied", "claimed 1", "reused true", "stored true", "finished ready  true true")

	testenv.Exec(t, p.url, `UPDATE "user" SET first_name = 'Somebody'`)
	p.request(t)
	handle(p, func(context.Context) error { return chrome.ErrKilled }, p.next(t))
	want("failed", "claimed 1", "finished queued render_unavailable false true")
	handle(p, func(context.Context) error { return chrome.ErrCrashed }, p.nextRetry(t))
	want("failed for good", "claimed 2", "finished failed render_crashed false true")
}

func TestObserver_Slots(t *testing.T) {
	t.Parallel()
	p := setup(t)
	o := &observed{}
	stop := p.run(t, func(c *Config) { c.Observer = o })
	p.becomes(t, p.request(t).ID, export.Ready)
	stop()
	if o.busy != 1 || len(o.calls) != 4 {
		t.Errorf("%d slots were busy, want 1; calls %q", o.busy, o.calls)
	}
}
