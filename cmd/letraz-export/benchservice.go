package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/dispatch"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/worker"
)

// bench is the whole service in one process, with a watch on the moment each
// export is done.
type bench struct {
	engine   *chrome.Engine
	slots    int
	client   *apiClient
	ended    *endWatch
	resumeID string
	document chrome.Document       // what the worker prints for the resume
	worker   func(context.Context) // runs one that prints every export, until the context ends
	copier   func(context.Context) // the same, as serve runs it: an unchanged resume is not printed again
}

// benchSetup is what there is to choose about the service.
type benchSetup struct {
	Slots, Clients int
	Sample         string
	chromeFlags
}

const benchUser = "user_bench"

// startBench starts everything as serve does, in a temporary directory.
func startBench(e *env, b benchSetup, c *closers) (*bench, error) {
	dir, err := os.MkdirTemp("", "letraz-export-bench-*")
	if err != nil {
		return nil, fmt.Errorf("making a directory for the benchmark: %w", err)
	}
	c.add(func() error { return os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil { // Postgres' account has to pass
		return nil, fmt.Errorf("opening the directory of the benchmark: %w", err)
	}
	s := serveCmd{dataFlags: dataFlags{DataDir: dir}, chromeFlags: b.chromeFlags, workFlags: workFlags{Slots: b.Slots, SlotsMin: b.Slots}}
	s.NATSReplicas = 1
	var servers servers
	if err := s.startServers(e, &servers, c); err != nil {
		return nil, err
	}
	store, err := postgres.Open(e.ctx, servers.databaseURL, postgres.Options{})
	if err != nil {
		return nil, err
	}
	c.add(func() error { store.Close(); return nil })
	files, err := openBlobs(e.ctx, filepath.Join(dir, "files"), c)
	if err != nil {
		return nil, err
	}
	secret := []byte(uuid.NewString())
	tokens, err := auth.NewSecret(secret)
	if err != nil {
		return nil, err
	}
	token, err := auth.Sign(secret, benchUser, 24*time.Hour)
	if err != nil {
		return nil, err
	}
	on := &bench{engine: servers.engine, slots: b.Slots, ended: newEndWatch(store)}
	if err := on.load(e.ctx, store, b.Sample); err != nil {
		return nil, err
	}
	listener, err := listen(e.ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	on.client = newAPIClient(baseURL(listener.Addr()), token)
	on.client.http.Transport = &http.Transport{MaxIdleConnsPerHost: b.Clients}

	p := parts{store: store, queue: servers.queue, files: files, engine: servers.engine, log: slog.New(warnings{e.log.Handler()})}
	handler := p.apiHandler(tokens, 3, p.health())
	running, stop := context.WithCancel(e.ctx)
	for _, w := range []struct {
		run   *func(context.Context)
		reuse bool
	}{{&on.worker, false}, {&on.copier, true}} {
		work := p.workerConfig(workFlags{Slots: b.Slots, SlotsMin: b.Slots, Reuse: w.reuse})
		work.Store = on.ended
		*w.run = worker.New(work).Run
	}
	dispatcher := dispatch.New(dispatch.Config{Store: store, Queue: servers.queue, Logger: e.log})
	group, running := errgroup.WithContext(running)
	group.Go(func() error { return serveHTTP(running, listener, handler, time.Second, e.log) })
	group.Go(func() error { dispatcher.Run(running); return nil })
	c.add(func() error {
		stop()
		return group.Wait()
	})
	return on, nil
}

// warnings leaves out a line for each export.
type warnings struct{ slog.Handler }

// Enabled is asked before each line.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// startWorker runs a worker until the returned function is called. An idle worker
// holds every slot, so there is none while slots are used directly.
func startWorker(ctx context.Context, worker func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		worker(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// load imports the sample and catches what a worker would have printed.
func (on *bench) load(ctx context.Context, store *postgres.Store, slug string) error {
	sample, err := samples.Get(slug)
	if err != nil {
		return err
	}
	r, err := resume.ParseJSONResume(sample.JSON)
	if err != nil {
		return fmt.Errorf("reading the sample %s: %w", slug, err)
	}
	on.resumeID = "rsm_bench"
	r.ID, r.UserID = on.resumeID, benchUser
	if r.Job != nil {
		r.Job.ID = "job_bench"
	}
	if err := store.ImportResumes(ctx, []resume.Resume{r}); err != nil {
		return err
	}
	if r, err = store.LoadResume(ctx, on.resumeID, ""); err != nil {
		return err
	}
	catch := &catcher{Engine: on.engine}
	if _, err := render.Render(ctx, catch, r, render.Options{Format: export.PDF, Template: templates()[0].Name, Paper: export.A4}); err != nil {
		return err
	}
	on.document = catch.document
	return nil
}

// catcher prints, and keeps the document.
type catcher struct {
	*chrome.Engine
	document chrome.Document
}

// Print keeps and prints.
func (c *catcher) Print(ctx context.Context, d chrome.Document) ([]byte, error) {
	c.document = d
	return c.Engine.Print(ctx, d)
}
