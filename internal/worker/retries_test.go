package worker

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// slots is an engine with a limited number of slots, which print with print.
type slots struct {
	free  chan struct{}
	print func(context.Context, chrome.Document) ([]byte, error)
}

func newSlots(n int, print func(context.Context, chrome.Document) ([]byte, error)) *slots {
	s := &slots{free: make(chan struct{}, n), print: print}
	for range n {
		s.free <- struct{}{}
	}
	return s
}

func (s *slots) Acquire(ctx context.Context) (Slot, error) {
	select {
	case <-s.free:
		return fakeSlot{printerFunc(s.print), s}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (*slots) Resize(int) {}

type fakeSlot struct {
	printerFunc
	of *slots
}

func (s fakeSlot) Release() { s.of.free <- struct{}{} }

// Six documents keep the browser until its deadline, twice each; what others ask for
// is printed before every retry, and while the retries are printed.
func TestRetries_PoisonDelaysNobody(t *testing.T) {
	t.Parallel()
	p := setup(t)
	const poisoned, others = 6, 8
	testenv.Exec(t, p.url, `UPDATE "user" SET first_name = 'Poison'`)
	good := testenv.ImportSample(t, p.store, "user_2", "nearly-empty")

	var mu sync.Mutex
	var first, again, ready int // prints of poisoned documents, and of others
	var early bool              // a retry came before one of the others
	var notFresh bool
	busy, most := 0, 0
	hung, goOn := make(chan struct{}, 10*poisoned), make(chan struct{})
	timeout := &chrome.TimeoutError{Stage: "print", After: time.Second}
	page := &printer{}
	print := func(ctx context.Context, d chrome.Document) ([]byte, error) {
		if !bytes.Contains(d.HTML, []byte("Poison")) {
			mu.Lock()
			ready++
			mu.Unlock()
			return page.Print(ctx, d)
		}
		mu.Lock()
		if first < poisoned {
			first++
			mu.Unlock()
			return nil, timeout
		}
		again++
		busy++
		most = max(most, busy)
		early = early || ready < others
		notFresh = notFresh || !d.Fresh
		mu.Unlock()
		hung <- struct{}{}
		<-goOn
		mu.Lock()
		busy--
		mu.Unlock()
		return nil, timeout
	}
	run := func() (stop func()) {
		ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
		w := p.worker(t, func(c *Config) { c.Slots, c.Engine = 2, newSlots(2, print) })
		var running sync.WaitGroup
		running.Go(func() { w.Run(ctx) })
		stop = sync.OnceFunc(func() { cancel(); running.Wait() })
		t.Cleanup(stop)
		return stop
	}

	var poison []export.Request
	for range poisoned {
		poison = append(poison, p.request(t))
	}
	stop := run()
	for _, r := range poison {
		testenv.Eventually(t, "the first attempt fails", func() bool { return p.row(t, r.ID).Failure != nil })
	}
	stop()

	// The retries are there before the others come.
	testenv.Exec(t, p.url, "UPDATE export_request SET next_attempt_at = now(), dispatch_due_at = now()")
	p.dispatch(t)
	testenv.Eventually(t, "the retries are published", func() bool { return p.waiting(t) == poisoned })
	another := func() export.Request {
		r := testenv.Request(t, p.store, "user_2", good)
		if err := p.queue.PublishRequest(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	var asked []export.Request
	for range others {
		asked = append(asked, another())
	}
	run()
	end := sync.OnceFunc(func() { close(goOn) })
	t.Cleanup(end)
	for _, r := range asked {
		p.becomes(t, r.ID, export.Ready)
	}
	<-hung // a retry keeps a slot
	p.becomes(t, another().ID, export.Ready)
	p.becomes(t, another().ID, export.Ready)
	end()
	for _, r := range poison {
		got := p.becomes(t, r.ID, export.Failed)
		if got.Attempt != 2 || got.Failure.Code != export.RenderTimeout {
			t.Errorf("failed after %d attempts with %s, want 2 with %s", got.Attempt, got.Failure.Code, export.RenderTimeout)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if early || most != 1 || again != poisoned || notFresh {
		t.Errorf("a retry came before a first attempt: %v; slots busy with retries: %d, want 1; retries: %d, want %d; one in a used browser: %v",
			early, most, again, poisoned, notFresh)
	}
}

// A document gets one more attempt after it took too long, whatever else failed
// before; and another cause does not count as such.
func TestFail_RenderTimeoutHasOneMoreAttempt(t *testing.T) {
	t.Parallel()
	timeout, killed := error(&chrome.TimeoutError{}), chrome.ErrKilled
	for name, tc := range map[string]struct {
		ends []error // of the attempts
		want export.Status
	}{
		"once":                    {[]error{timeout}, export.Queued},
		"twice":                   {[]error{timeout, timeout}, export.Failed},
		"once, after another end": {[]error{killed, timeout}, export.Queued},
		"twice, with another end": {[]error{timeout, killed, timeout}, export.Failed},
		"once, and then ready":    {[]error{timeout, nil}, export.Ready},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := setup(t)
			n := testenv.NewExport(user, p.resumeID)
			n.MaxAttempts = 5
			r, err := p.store.CreateExport(t.Context(), n)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.queue.PublishRequest(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			for i, end := range tc.ends {
				next := p.next
				if i > 0 {
					next = p.nextRetry
				}
				p.worker(t).handle(t.Context(), &printer{do: func(context.Context) error { return end }}, next(t), stay)
			}
			if got := p.row(t, r.ID); got.Status != tc.want || got.Attempt != len(tc.ends) {
				t.Errorf("%s after %d attempts, want %s", got.Status, got.Attempt, tc.want)
			}
		})
	}
}

// A deadline that passed while something else than the document kept the attempt
// waiting is not the document's.
func TestAttempt_TimeoutCode(t *testing.T) {
	t.Parallel()
	const deadline = 400 * time.Millisecond
	hang := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	slowly := func(after time.Duration) func(context.Context, string, string) error {
		return func(ctx context.Context, _, _ string) error {
			timer := time.NewTimer(after)
			defer timer.Stop()
			select {
			case <-timer.C:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	for name, tc := range map[string]struct {
		load  func(context.Context, string, string) error
		print func(context.Context) error
		put   func(context.Context) error
		want  export.FailureCode
	}{
		"the database hangs":                          {load: slowly(time.Hour), want: export.Internal},
		"the browser hangs":                           {print: hang, want: export.RenderTimeout},
		"the database is slow, then the browser late": {load: slowly(deadline * 3 / 4), print: hang, want: export.Internal},
		"the file store hangs":                        {put: hang, want: export.StorageUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := setup(t)
			r := p.request(t)
			w := p.worker(t, func(c *Config) {
				c.Deadline = deadline
				if tc.load != nil {
					c.Store = faultyStore{Store: p.store, load: func(ctx context.Context, id, jobID string) (resume.Resume, error) {
						if err := tc.load(ctx, id, jobID); err != nil {
							return resume.Resume{}, err
						}
						return p.store.LoadResume(ctx, id, jobID)
					}}
				}
				if tc.put != nil {
					c.Files = hangingFiles{c.Files, tc.put}
				}
			})
			w.handle(t.Context(), &printer{do: tc.print}, p.next(t), stay)
			if got := p.row(t, r.ID); got.Failure == nil || got.Failure.Code != tc.want {
				t.Errorf("%s with %+v, want %s", got.Status, got.Failure, tc.want)
			}
		})
	}
}

// hangingFiles is a file store whose Put does not return.
type hangingFiles struct {
	Files
	put func(context.Context) error
}

func (f hangingFiles) Put(ctx context.Context, _ string, _ []byte, _ string) error { return f.put(ctx) }

// lanes is a queue whose lanes have this many messages each; it records the calls.
type lanes struct {
	Queue
	held  map[export.Lane]int
	asked []string
}

func (l *lanes) Receive(_ context.Context, lane export.Lane) (Receiver, error) {
	return &laneReceiver{l, lane}, nil
}

type laneReceiver struct {
	of   *lanes
	lane export.Lane
}

func (r *laneReceiver) Next(ctx context.Context, wait time.Duration) (Delivery, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ask := string(r.lane)
	if wait > 0 {
		ask += " and wait"
	}
	r.of.asked = append(r.of.asked, ask)
	if r.of.held[r.lane] == 0 {
		return nil, queue.ErrNoMessage
	}
	r.of.held[r.lane]--
	return nil, nil
}

func (*laneReceiver) Stop() {}

func TestIntake(t *testing.T) {
	t.Parallel()
	const first, firstWait, retry, bulk = "interactive", "interactive and wait", "retry", "bulk"
	for name, tc := range map[string]struct {
		held    map[export.Lane]int
		retries int // slots busy with retries, of one
		takes   int
		want    []string
	}{
		"first attempts only":                {map[export.Lane]int{export.Interactive: 2, export.Retries: 5}, 0, 2, []string{firstWait, firstWait}},
		"a retry when nothing else waits":    {map[export.Lane]int{export.Retries: 1}, 0, 1, []string{firstWait, retry}},
		"no waiting while there are retries": {map[export.Lane]int{export.Retries: 2}, 0, 2, []string{firstWait, retry, first, retry}},
		"enough slots busy with retries":     {map[export.Lane]int{export.Retries: 1}, 1, 0, []string{firstWait, bulk, firstWait, bulk}},
		"bulk when nothing else waits":       {map[export.Lane]int{export.Bulk: 2}, 0, 2, []string{firstWait, retry, bulk, first, retry, bulk}},
		"retries before bulk":                {map[export.Lane]int{export.Bulk: 1, export.Retries: 1}, 0, 2, []string{firstWait, retry, first, retry, bulk}},
		"bulk beside busy retries":           {map[export.Lane]int{export.Bulk: 1, export.Retries: 1}, 1, 1, []string{firstWait, bulk}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := &lanes{held: tc.held}
			permits := retryPermits(2)
			for range tc.retries {
				permits.tryAcquire()
			}
			in := testIntake(t, q, permits, &turns{})
			for range tc.takes {
				_, done, err := in.next(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				done()
			}
			if tc.takes == 0 {
				ctx, cancel := context.WithCancel(t.Context())
				in.sources[0].Receiver = cancelAfter{in.sources[0].Receiver, cancel, &q.asked, len(tc.want)}
				if _, _, err := in.next(ctx); !errors.Is(err, context.Canceled) {
					t.Fatalf("a message was taken: %v", err)
				}
			}
			if len(q.asked) != len(tc.want) {
				t.Fatalf("lanes asked %q, want %q", q.asked, tc.want)
			}
			for i := range tc.want {
				if q.asked[i] != tc.want[i] {
					t.Fatalf("lanes asked %q, want %q", q.asked, tc.want)
				}
			}
		})
	}
}

// cancelAfter ends the waiting once so many questions were asked.
type cancelAfter struct {
	Receiver
	cancel context.CancelFunc
	asked  *[]string
	most   int
}

func (c cancelAfter) Next(ctx context.Context, wait time.Duration) (Delivery, error) {
	if len(*c.asked) == c.most {
		c.cancel()
	}
	return c.Receiver.Next(ctx, wait)
}
