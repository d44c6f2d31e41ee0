package worker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/letrazapp/letraz-export/internal/announce"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/dispatch"
	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) {
	code := testenv.Main(m)
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, "goroutines are left over:", err)
		code = 1
	}
	os.Exit(code)
}

// fixture has the database, the queue and the file store of one test's worker.
type fixture struct {
	url      string // of the database
	store    *postgres.Store
	natsDir  string
	nats     *embedded.NATS
	queue    *queue.Queue
	fileDir  string
	files    *blob.Store
	resumeID string
}

const user = "user_1"

func setup(t *testing.T) *fixture {
	t.Helper()
	p := &fixture{url: testenv.Database(t), natsDir: t.TempDir(), fileDir: t.TempDir()}
	p.store = testenv.Open(t, p.url, postgres.Options{})
	p.nats = testenv.NATS(t, p.natsDir)
	p.queue = testenv.Queue(t, p.nats)
	files, err := blob.Open(t.Context(), p.fileDir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	p.files = files
	p.resumeID = testenv.ImportSample(t, p.store, user, "nearly-empty")
	return p
}

// worker returns a worker with one slot and the changed configuration.
func (p *fixture) worker(t *testing.T, changes ...func(*Config)) *Worker {
	t.Helper()
	c := Config{Store: p.store, Queue: workerQueue{p.queue}, Files: p.files, Slots: 1, Logger: testenv.Logger(t)}
	for _, change := range changes {
		change(&c)
	}
	if c.Announcer == nil {
		c.Announcer = announce.New(p.store, announce.Stream{Publisher: p.queue})
	}
	return New(c)
}

// run runs a worker with the real browser until the test ends, or the returned
// function is called, which waits for it.
func (p *fixture) run(t *testing.T, changes ...func(*Config)) (stop func()) {
	t.Helper()
	w := p.worker(t, append(changes, func(c *Config) { c.Engine = engine{testenv.Engine(t)} })...)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx)
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		<-done
	})
	t.Cleanup(stop)
	return stop
}

// dispatch runs a dispatcher until the test ends.
func (p *fixture) dispatch(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() {
		dispatch.New(dispatch.Config{Store: p.store, Queue: p.queue, Announcer: announce.New(p.store, announce.Stream{Publisher: p.queue}), Every: 20 * time.Millisecond, Logger: testenv.Logger(t)}).Run(ctx)
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
}

// request records a request and publishes its message.
func (p *fixture) request(t *testing.T) export.Request {
	t.Helper()
	r := testenv.Request(t, p.store, user, p.resumeID)
	if err := p.queue.PublishRequest(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	return r
}

// row reads the request as it stands.
func (p *fixture) row(t *testing.T, id string) export.Request {
	t.Helper()
	r, err := p.store.Export(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// becomes waits until the request has the status.
func (p *fixture) becomes(t *testing.T, id string, status export.Status) export.Request {
	t.Helper()
	var r export.Request
	testenv.Eventually(t, id+" becomes "+string(status), func() bool {
		r = p.row(t, id)
		return r.Status == status
	})
	return r
}

// waiting returns the number of messages in the request stream.
func (p *fixture) waiting(t *testing.T) int {
	t.Helper()
	return len(testenv.Messages(t, p.nats, "EXPORTS"))
}

// stored returns the keys of all files.
func (p *fixture) stored(t *testing.T) []string {
	t.Helper()
	var keys []string
	err := filepath.WalkDir(p.fileDir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && !d.IsDir() && filepath.Base(filepath.Dir(path)) != export.ProbeRoot {
			key, _ := filepath.Rel(p.fileDir, path)
			keys = append(keys, filepath.ToSlash(key))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// next receives the next message and records how it ends.
func (p *fixture) next(t *testing.T) *delivery {
	t.Helper()
	return p.nextOf(t, export.Interactive)
}

// nextRetry makes a dispatcher publish what is due and receives the message of a retry.
func (p *fixture) nextRetry(t *testing.T) *delivery {
	t.Helper()
	testenv.Exec(t, p.url, "UPDATE export_request SET next_attempt_at = now(), dispatch_due_at = now() WHERE status = 'queued'")
	if err := dispatch.New(dispatch.Config{Store: p.store, Queue: p.queue, Announcer: announce.New(p.store, announce.Stream{Publisher: p.queue})}).Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p.nextOf(t, export.Retries)
}

func (p *fixture) nextOf(t *testing.T, lane export.Lane) *delivery {
	t.Helper()
	r, err := p.queue.Receive(t.Context(), lane)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Stop)
	d, err := r.Next(t.Context(), 9*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return &delivery{Delivery: d}
}
