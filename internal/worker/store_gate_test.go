package worker

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// startLogged runs a worker with the real browser, and keeps its log.
func (p *fixture) startLogged(t *testing.T, changes ...func(*Config)) (w *Worker, log *testenv.Log) {
	t.Helper()
	log, logger := testenv.NewLog(t)
	w = p.worker(t, append(changes, func(c *Config) {
		c.Engine = engine{testenv.Engine(t)}
		c.Logger = logger
	})...)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return w, log
}

// storeReason returns the reason in the worker's store check.
func storeReason(w *Worker) string {
	var probe *blob.ProbeError
	if err := w.CheckStore(context.Background()); errors.As(err, &probe) {
		return probe.Reason
	}
	return ""
}

func TestStoreGate_AbsentDirectoryUsesUpNoAttempts(t *testing.T) {
	t.Parallel()
	p := setup(t)
	moved := filepath.Join(t.TempDir(), "moved")
	w, log := p.startLogged(t)
	p.becomes(t, p.request(t).ID, export.Ready)
	if err := os.Rename(p.fileDir, moved); err != nil {
		t.Fatal(err)
	}
	var waiting []export.Request
	for range 5 {
		waiting = append(waiting, p.request(t))
	}
	testenv.Eventually(t, "the gate closes", func() bool { return storeReason(w) == "absent" })
	// Every second a closed gate would let work through, an attempt would be handed back.
	testenv.Eventually(t, "the attempt in progress is given up", func() bool {
		return testenv.Value(t, p.url, "SELECT count(*) FROM export_request WHERE status = 'rendering'") == "0"
	})
	if got := testenv.Value(t, p.url, "SELECT max(attempt) FROM export_request WHERE status = 'queued'"); got != "0" {
		t.Errorf("an export that waits has used %s attempts", got)
	}
	if err := os.Rename(moved, p.fileDir); err != nil {
		t.Fatal(err)
	}
	for _, r := range waiting {
		if got := p.becomes(t, r.ID, export.Ready); got.Attempt != 1 {
			t.Errorf("an export took %d attempts", got.Attempt)
		}
	}
	if err := w.CheckStore(t.Context()); err != nil {
		t.Error(err)
	}
	if closed, opened := len(log.Lines("takes no files: the worker takes no messages")), len(log.Lines("takes files again")); closed != 1 || opened != 1 {
		t.Errorf("closing is logged %d times, opening %d times", closed, opened)
	}
	if n := len(log.Lines("level=ERROR")); n != 1 {
		t.Errorf("%d errors are logged for one outage", n)
	}
}

// probedFiles fails to store, and answers probes as it is told.
type probedFiles struct {
	Files
	putErr, probeErr error
	probes           atomic.Int32
	size             atomic.Int64
}

func (f *probedFiles) Put(context.Context, string, []byte, string) error { return f.putErr }

func (f *probedFiles) Probe(_ context.Context, size int) error {
	f.probes.Add(1)
	f.size.Store(int64(size))
	return f.probeErr
}

func TestStoreGate_FailedPut(t *testing.T) {
	t.Parallel()
	fault := errors.New("input/output error")
	for name, c := range map[string]struct {
		probe   error
		attempt int
		failure export.FailureCode
		end     string // of the message
	}{
		"probe succeeds": {nil, 1, export.StorageUnavailable, "ack"},
		"probe fails":    {fault, 0, "", "return"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := setup(t)
			r := p.request(t)
			files := &probedFiles{Files: p.files, putErr: fault, probeErr: c.probe}
			w := p.worker(t, func(c *Config) { c.Files = files })
			d := p.next(t)
			w.handle(t.Context(), &printer{}, d, stay)
			d.ended(t, c.end)
			got := p.row(t, r.ID)
			var code export.FailureCode
			if got.Failure != nil {
				code = got.Failure.Code
			}
			if got.Status != export.Queued || got.Attempt != c.attempt || code != c.failure {
				t.Errorf("the export is %s after %d attempts, failure %q", got.Status, got.Attempt, code)
			}
			if (w.CheckStore(t.Context()) != nil) != (c.probe != nil) || files.probes.Load() != 1 || files.size.Load() < probeSize {
				t.Errorf("after %d probes of %d bytes the gate says %v", files.probes.Load(), files.size.Load(), w.CheckStore(t.Context()))
			}
			if c.probe != nil && (d.delay < restAfterOutage || !got.NextAttemptAt.After(got.StatusAt)) {
				t.Errorf("the message is returned for %s, the row is due at %s", d.delay, got.NextAttemptAt)
			}
		})
	}
}

func TestStoreGate_EnterWaitsWhileClosed(t *testing.T) {
	t.Parallel()
	g := newStoreGate(&probedFiles{}, slog.New(slog.DiscardHandler))
	open, leave, err := g.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	g.set(errors.New("full"))
	<-open.Done()
	if unlessGateClosed(open, open.Err()) != nil {
		t.Errorf("the wait ended with %v", context.Cause(open))
	}
	limited, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := g.enter(limited); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a closed gate was entered: %v", err)
	}
	entered := make(chan error, 1)
	go func() {
		_, leave, err := g.enter(t.Context())
		if err == nil {
			leave()
		}
		entered <- err
	}()
	g.set(nil)
	if err := <-entered; err != nil {
		t.Error(err)
	}
}
