package chrome

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"
)

// TestPrint_TimeoutSparesNeighbours: a document that does not finish is stopped. The
// document printed beside it is not affected, and the next one does not wait.
func TestPrint_TimeoutSparesNeighbours(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2; o.PrintTimeout = soon })
	full(t, e)
	var neighbour sync.WaitGroup
	stop := make(chan struct{})
	neighbour.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				mustPrintAsync(t, e, html("neighbour"))
			}
		}
	})
	for range 2 {
		_, err := e.Print(t.Context(), slow())
		if timeout, ok := errors.AsType[*TimeoutError](err); !ok || !errors.Is(err, ErrTimeout) || timeout.Stage != "print" {
			t.Errorf("error is %v", err)
		}
		mustPrint(t, e, html("next"))
	}
	close(stop)
	neighbour.Wait()
	if s := e.Stats(); s.Timeouts != 2 || s.Crashes != 0 {
		t.Errorf("stats are %+v", s)
	}
}

// TestPrint_BrowserStopped: a stopped process answers nothing and does not react when
// its pipe is closed.
func TestPrint_BrowserStopped(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"renderer", "browser"} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			e := setup(t, func(o *Options) { o.ContentTimeout = soon })
			full(t, e)
			for _, b := range browsers(e) {
				pid := b.proc.pid()
				if who == "renderer" {
					pid = renderer(t, b)
				}
				if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
					t.Fatal(err)
				}
			}
			// More than the pipe holds, so that already writing gets stuck.
			large := html(strings.Repeat("large ", 100_000))
			for range 2 {
				_, err := e.Print(t.Context(), large)
				if timeout, ok := errors.AsType[*TimeoutError](err); !ok || timeout.Stage != "content" {
					t.Errorf("error is %v", err)
				}
			}
			mustPrint(t, e, html("next"))
		})
	}
}

// TestPrint_BrowserKilled: whichever process of Chrome is killed during a print, the
// document is printed by another browser.
func TestPrint_BrowserKilled(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(*testing.T, *browser){
		"browser":  func(_ *testing.T, b *browser) { _ = syscall.Kill(b.proc.pid(), syscall.SIGKILL) },
		"group":    func(_ *testing.T, b *browser) { _ = syscall.Kill(-b.proc.pid(), syscall.SIGKILL) },
		"renderer": func(t *testing.T, b *browser) { _ = syscall.Kill(renderer(t, b), syscall.SIGKILL) },
		"pipe":     func(_ *testing.T, b *browser) { b.proc.pipe.close() },
		"read end": func(_ *testing.T, b *browser) { _ = b.proc.pipe.r.Close() },
		"chrome://crash": func(t *testing.T, b *browser) {
			_, _ = proto.PageNavigate{URL: "chrome://crash"}.Call(caller{b.client, t.Context(), b.session})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := setup(t, nil)
			full(t, e)
			victim := stopNext(t, e)
			done := make(chan error)
			go func() {
				_, err := e.Print(t.Context(), html("survives"))
				done <- err
			}()
			eventually(t, "the document is in the browser", func() bool { return e.Stats().Idle == 1 })
			kill(t, victim)
			_ = syscall.Kill(-victim.proc.pid(), syscall.SIGCONT)
			if err := <-done; err != nil {
				t.Errorf("printing: %v", err)
			}
			eventually(t, "the victim is gone", func() bool { return !groupRuns(victim.proc.pid()) })
			full(t, e)
			if s := e.Stats(); s.Browsers != 2 {
				t.Errorf("stats are %+v", s)
			}
		})
	}
}

// TestEngine_ReplacesDeadIdleBrowser: idle browsers that die are replaced before the
// next document is printed.
func TestEngine_ReplacesDeadIdleBrowser(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2 })
	full(t, e)
	dead := browsers(e)
	for _, b := range dead {
		_ = syscall.Kill(b.proc.pid(), syscall.SIGKILL)
	}
	for _, b := range dead {
		<-b.proc.done
	}
	full(t, e)
	mustPrint(t, e, html("x"))
	if s := e.Stats(); s.Browsers != 3 || s.Crashes != 0 {
		t.Errorf("stats are %+v", s)
	}
}

// TestEngine_StandbyTakesOver: after a kill the next document does not wait for a start.
func TestEngine_StandbyTakesOver(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.ContentTimeout = soon })
	full(t, e)
	stopNext(t, e)
	if _, err := e.Print(t.Context(), html("x")); !errors.Is(err, ErrTimeout) {
		t.Fatalf("error is %v", err)
	}
	if s := e.Stats(); s.Idle < 1 {
		t.Errorf("no browser ready right after one was lost: %+v", s)
	}
	mustPrint(t, e, html("next"))
}

func TestPrint_Cancel(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.NoStandby = true })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := e.Print(ctx, slow())
		done <- err
	}()
	eventually(t, "the document is in the browser", func() bool { return e.Stats().Idle == 0 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || errors.Is(err, ErrTimeout) {
		t.Errorf("error of a canceled print is %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := e.Print(ctx, slow()); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrTimeout) {
		t.Errorf("error at the caller's deadline is %v", err)
	}
	mustPrint(t, e, html("next"))
}

// TestPrint_CancelKeepsBrowser: a canceled print that finishes soon keeps its browser.
func TestPrint_CancelKeepsBrowser(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.NoStandby = true })
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		go cancel()
		_, _ = e.Print(ctx, html("x"))
		cancel()
	}
	mustPrint(t, e, html("next"))
	if s := e.Stats(); s.Starts != 0 {
		t.Errorf("browsers were lost: %+v", s)
	}
}

func TestPrint_TotalTimeout(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.TotalTimeout = 300 * time.Millisecond })
	_, err := e.Print(t.Context(), slow())
	if timeout, ok := errors.AsType[*TimeoutError](err); !ok || timeout.Stage != "total" {
		t.Errorf("error is %v", err)
	}
}

func TestClose_WhilePrinting(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2 })
	full(t, e)
	done := make(chan error, 3)
	for range 3 { // two print, one waits for a slot
		go func() {
			_, err := e.Print(t.Context(), slow())
			done <- err
		}()
	}
	eventually(t, "both slots are taken", func() bool { return e.Stats().Busy == 2 })
	var closers sync.WaitGroup
	for range 3 {
		closers.Go(func() {
			if err := e.Close(); err != nil {
				t.Errorf("closing: %v", err)
			}
		})
	}
	closers.Wait()
	for range 3 {
		if err := <-done; !errors.Is(err, ErrClosed) {
			t.Errorf("error is %v", err)
		}
	}
}

// TestClose_BrowserStopped: Close does not need Chrome to respond.
func TestClose_BrowserStopped(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2 })
	for _, b := range browsers(e) {
		if err := syscall.Kill(-b.proc.pid(), syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	if err := e.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	if took := time.Since(began); took > goneTimeout {
		t.Errorf("closing took %s", took)
	}
}

// TestClose_RemovesFiles: neither a crash nor a recycling leaves a file handle open.
func TestClose_RemovesFiles(t *testing.T) {
	e := setup(t, nil)
	full(t, e)
	before := openFiles(t)
	for range 5 {
		for _, b := range browsers(e) {
			_ = syscall.Kill(b.proc.pid(), syscall.SIGKILL)
			<-b.proc.done
		}
		full(t, e)
	}
	eventually(t, "all files are closed", func() bool { return openFiles(t) <= before })
}

func openFiles(t *testing.T) int {
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// stopNext stops the renderer of the browser that prints the next document, so
// that the document stays in it, and returns the browser.
func stopNext(t *testing.T, e *Engine) *browser {
	t.Helper()
	b := next(e)
	if err := syscall.Kill(renderer(t, b), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	return b
}

// renderer returns the process of the browser's tab.
func renderer(t *testing.T, b *browser) int {
	t.Helper()
	found := 0
	eachProcess(func(pid string, group int, _ byte) {
		cmdline, _ := os.ReadFile("/proc/" + pid + "/cmdline")
		if group == b.proc.pid() && strings.Contains(string(cmdline), "--type=renderer") {
			found = atoi(pid)
		}
	})
	if found == 0 {
		t.Fatalf("browser %d has no renderer", b.proc.pid())
	}
	return found
}
