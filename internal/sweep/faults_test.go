package sweep

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestPass_DeleteFails(t *testing.T) {
	t.Parallel()
	p := setup(t)
	stuck, other := p.ready(t), p.ready(t)
	p.expire(t)
	files := &spyFiles{Files: p.files, refuse: map[string]bool{stuck.Artifact.BlobKey: true}}
	s := p.sweeper(t, func(c *Config) { c.Files = files })
	if res := pass(t, s); res != (Result{Expired: 1, Files: 1, Failed: 1}) {
		t.Errorf("result of the first pass %+v", res)
	}
	if p.status(t, stuck.ID) != "ready" || p.status(t, other.ID) != "expired" || !p.has(t, stuck.Artifact.BlobKey) {
		t.Errorf("the stuck one is %s, the other %s", p.status(t, stuck.ID), p.status(t, other.ID))
	}
	if res := pass(t, s); res != (Result{}) {
		t.Errorf("the next pass did not wait: result %+v", res)
	}
	if wait := testenv.Value(t, p.url, "SELECT sweep_until > now() + interval '4 min' FROM export_request WHERE id = $1", stuck.ID); wait != "true" {
		t.Error("the next pass came too soon")
	}
	testenv.Exec(t, p.url, "UPDATE export_request SET sweep_until = now() WHERE id = $1", stuck.ID)
	files.refuse = nil
	if res := pass(t, s); res != (Result{Expired: 1, Files: 1}) {
		t.Errorf("result of the last pass %+v", res)
	}
	if p.status(t, stuck.ID) != "expired" || p.has(t, stuck.Artifact.BlobKey) {
		t.Errorf("the stuck one is %s", p.status(t, stuck.ID))
	}
}

// The file is gone, the row does not say so yet, and the sweeper is gone, too.
func TestPass_FinishesForDeadSweeper(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.ready(t)
	p.expire(t)
	dying := p.sweeper(t, func(c *Config) { c.Store = dead{c.Store} })
	res, err := dying.Pass(t.Context())
	if !errors.Is(err, errDead) || did(res) != (Result{Files: 1}) {
		t.Errorf("%+v, %v", res, err)
	}
	if p.status(t, r.ID) != "ready" || p.has(t, r.Artifact.BlobKey) {
		t.Fatalf("status %s", p.status(t, r.ID))
	}
	testenv.Exec(t, p.url, "UPDATE export_request SET sweep_until = now()")
	if res := pass(t, p.sweeper(t)); res != (Result{Expired: 1, Files: 1}) {
		t.Errorf("result of the next sweeper %+v", res)
	}
	if p.status(t, r.ID) != "expired" {
		t.Errorf("status %s", p.status(t, r.ID))
	}
}

// Stopped in the middle, it still writes down which files are gone.
func TestPass_CanceledFinishesBatch(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.ready(t)
	p.expire(t)
	ctx, cancel := context.WithCancel(t.Context())
	// The file store answers although the context has ended by then.
	files := detached{&spyFiles{Files: p.files, before: func(string) { cancel() }}}
	res, err := p.sweeper(t, func(c *Config) { c.Files = files }).Pass(ctx)
	if !errors.Is(err, context.Canceled) || did(res) != (Result{Expired: 1, Files: 1}) {
		t.Errorf("%+v, %v", res, err)
	}
	if p.status(t, r.ID) != "expired" {
		t.Errorf("status %s", p.status(t, r.ID))
	}
}

func TestPass_ConcurrentSweepers(t *testing.T) {
	t.Parallel()
	p := setup(t)
	const n = 60
	for range n {
		p.ready(t)
	}
	p.expire(t)
	files := &spyFiles{Files: p.files}
	var sum Result
	var mu sync.Mutex
	var sweepers sync.WaitGroup
	for range 4 {
		s := p.sweeper(t, func(c *Config) { c.Files = files })
		sweepers.Go(func() {
			res, err := s.Pass(t.Context())
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			sum.Expired += res.Expired
			sum.Files += res.Files
		})
	}
	sweepers.Wait()
	if did(sum) != (Result{Expired: n, Files: n}) || len(files.deletes) != n {
		t.Errorf("sum of the results %+v, %d files deleted", sum, len(files.deletes))
	}
	for key, times := range files.deletes {
		if times != 1 {
			t.Errorf("%s was deleted %d times", key, times)
		}
	}
	if left := testenv.Value(t, p.url, "SELECT count(*) FROM export_request WHERE status <> 'expired'"); left != "0" {
		t.Errorf("%s rows remain", left)
	}
}

func TestRun_RepeatsUntilStopped(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.sweeper(t).Run(ctx, time.Millisecond)
	}()
	for range 2 {
		r := p.ready(t)
		p.expire(t, r.ID)
		testenv.Eventually(t, "the row is expired", func() bool { return p.status(t, r.ID) == "expired" })
	}
	cancel()
	<-done
}

func TestRun_StopsWhileWaiting(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.ready(t)
	p.expire(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.sweeper(t).Run(ctx, time.Hour)
	}()
	testenv.Eventually(t, "the first pass is over", func() bool { return p.status(t, r.ID) == "expired" })
	cancel()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the sweeper has not stopped")
	}
}

var errDead = errors.New("the process was killed")

// dead is a store whose FinishSweep fails, as if the sweeper had died before.
type dead struct{ Store }

func (dead) FinishSweep(context.Context, []string) (int64, error) { return 0, errDead }

// detached deletes whether the context has ended or not.
type detached struct{ *spyFiles }

func (f detached) Delete(ctx context.Context, key string) error {
	return f.spyFiles.Delete(context.WithoutCancel(ctx), key)
}

func TestPass_LogsFilesThatStayOnce(t *testing.T) {
	t.Parallel()
	p := setup(t)
	refuse := map[string]bool{}
	for range 10 {
		refuse[p.ready(t).Artifact.BlobKey] = true
	}
	p.expire(t)
	log, logger := testenv.NewLog(t)
	s := p.sweeper(t, func(c *Config) {
		c.Logger = logger
		c.Files = &spyFiles{Files: p.files, refuse: refuse}
	})
	for range 3 {
		testenv.Exec(t, p.url, "UPDATE export_request SET sweep_until = NULL")
		res, err := s.pass(t.Context(), false)
		if err != nil || res.Failed != 10 {
			t.Errorf("result %+v, %v", res, err)
		}
		s.report(res, err)
	}
	if lines := log.Lines(); len(lines) != 1 || len(log.Lines("level=WARN", "files cannot be deleted")) != 1 {
		t.Errorf("logged %q", lines)
	}
	clear(refuse)
	testenv.Exec(t, p.url, "UPDATE export_request SET sweep_until = NULL")
	s.report(s.pass(t.Context(), false))
	if len(log.Lines("files are deleted again", "failures=30")) != 1 || len(log.Lines("swept", "files=10")) != 1 {
		t.Errorf("logged %q", log.Lines())
	}
}
