package chrome

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/go-rod/rod/lib/proto"
)

// TestPrint_DocumentCrashesBrowser: a document that crashes its tab is tried in two
// browsers and fails; documents printed at the same time are not affected.
func TestPrint_DocumentCrashesBrowser(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2 })
	full(t, e)
	var neighbour sync.WaitGroup
	var stop atomic.Bool
	neighbour.Go(func() {
		for !stop.Load() {
			mustPrintAsync(t, e, html("neighbour"))
		}
	})
	for range 3 {
		_, err := e.Print(t.Context(), poison())
		if err == nil {
			t.Error("this browser survives the document: the test needs one that it does not")
		} else if !errors.Is(err, ErrCrashed) || errors.Is(err, ErrKilled) || !strings.Contains(err.Error(), "code 11") {
			t.Errorf("error is %v", err)
		}
		mustPrint(t, e, html("next"))
	}
	stop.Store(true)
	neighbour.Wait()
	if s := e.Stats(); s.Crashes != 6 || s.Kills != 0 || s.Timeouts != 0 {
		t.Errorf("stats are %+v", s)
	}
}

// TestPrint_BrowserDiesTwice: two crashes give ErrCrashed and two kills ErrKilled. After
// one of each the document is tried again.
func TestPrint_BrowserDiesTwice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		deaths []string
		want   error
	}{
		{[]string{"tab crashes", "tab crashes"}, ErrCrashed},
		{[]string{"browser crashes", "tab crashes"}, ErrCrashed},
		{[]string{"group killed", "browser killed"}, ErrKilled},
		{[]string{"tab killed", "tab killed"}, ErrKilled},
		{[]string{"browser asked to end", "browser asked to end"}, ErrKilled},
		{[]string{"tab crashes", "group killed"}, nil},
		{[]string{"tab killed", "browser crashes"}, nil},
		{[]string{"tab crashes", "group killed", "tab crashes"}, ErrCrashed},
		{[]string{"tab killed", "tab crashes", "browser killed"}, ErrKilled},
	} {
		t.Run(strings.Join(c.deaths, ", "), func(t *testing.T) {
			t.Parallel()
			e := setup(t, func(o *Options) { o.Slots = 2 })
			full(t, e)
			victims := freezeNext(t, e, len(c.deaths))
			done := make(chan error)
			go func() {
				_, err := e.Print(t.Context(), html("x"))
				done <- err
			}()
			for i, death := range c.deaths {
				eventually(t, "the document is in the browser", func() bool { return lent(e) == victims[i] })
				die(t, victims[i], death)
			}
			if err := <-done; !errors.Is(err, c.want) {
				t.Errorf("error is %v, want %v", err, c.want)
			}
			mustPrint(t, e, html("next"))
			s := e.Stats()
			if crashes := strings.Count(strings.Join(c.deaths, " "), "crashes"); s.Crashes != int64(crashes) || s.Kills != int64(len(c.deaths)-crashes) {
				t.Errorf("stats are %+v", s)
			}
		})
	}
}

// freezeNext stops the tabs of the n browsers that are used next, in that order,
// so that documents stay in them.
func freezeNext(t *testing.T, e *Engine, n int) []*browser {
	t.Helper()
	e.mu.Lock()
	next := slices.Clone(e.ready[len(e.ready)-n:])
	e.mu.Unlock()
	slices.Reverse(next)
	for _, b := range next {
		if err := syscall.Kill(renderer(t, b), syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
	}
	return next
}

// die ends a browser whose tab is stopped.
func die(t *testing.T, b *browser, how string) {
	t.Helper()
	pid, signal := b.proc.pid(), syscall.SIGKILL
	switch how {
	case "tab crashes":
		_, _ = proto.PageNavigate{URL: "chrome://crash"}.Call(caller{b.client, t.Context(), b.session})
		pid, signal = renderer(t, b), syscall.SIGCONT
	case "tab killed":
		pid = renderer(t, b)
	case "browser crashes":
		signal = syscall.SIGSEGV
	case "browser asked to end":
		signal = syscall.SIGTERM
	case "group killed":
		pid = -pid
	case "browser killed":
	default:
		t.Fatalf("nobody dies like this: %s", how)
	}
	if err := syscall.Kill(pid, signal); err != nil {
		t.Fatal(err)
	}
	<-b.proc.done
}

// lent returns a browser that is printing.
func lent(e *Engine) *browser {
	e.mu.Lock()
	defer e.mu.Unlock()
	for b := range e.live {
		if b.proc.alive() && !slices.Contains(e.ready, b) {
			return b
		}
	}
	return nil
}
