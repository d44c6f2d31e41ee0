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

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/bench"
	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/dispatch"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/ops"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/worker"
)

// benchOptions say what is measured.
type benchOptions struct {
	sample     string
	clients    int    // HTTP clients that request exports of it
	natsListen string // address of NATS for other processes; none if empty
}

// benchService is the service that is measured, and where its servers are.
type benchService struct {
	*bench.Service
	store                          *postgres.Store
	nats                           *embedded.NATS
	databaseURL, natsURL, filesURL string
	apiURL, token                  string // of the API, for bench.User
}

// startBench starts everything as serve does, in a temporary directory.
func startBench(e *env, f benchFlags, o benchOptions, c *closers) (*benchService, error) {
	dir, err := os.MkdirTemp("", "letraz-export-bench-*")
	if err != nil {
		return nil, fmt.Errorf("making a directory for the benchmark: %w", err)
	}
	c.add(func() error { return os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil { // the account of Postgres needs access to a directory in it
		return nil, fmt.Errorf("opening the directory of the benchmark: %w", err)
	}
	slots := f.slots()
	s := serveCmd{dataFlags: dataFlags{DataDir: dir}, chromeFlags: f.chromeFlags, workFlags: workFlags{Slots: slots, SlotsMin: slots}, natsListen: o.natsListen}
	s.NATSReplicas = 1
	var on servers
	if err := s.startServers(e, &on, c); err != nil {
		return nil, err
	}
	store, err := postgres.Open(e.ctx, on.databaseURL, postgres.Options{Observer: e.databaseObserver()})
	if err != nil {
		return nil, err
	}
	c.add(func() error { store.Close(); return nil })
	location := filepath.Join(dir, "files")
	files, err := createBlobs(e, location, store, c)
	if err != nil {
		return nil, err
	}
	service := &bench.Service{Engine: on.engine, Slots: slots, Watch: bench.NewWatch(store)}
	if service.Resume, err = bench.Load(e.ctx, store, on.engine, o.sample, html.Default); err != nil {
		return nil, err
	}
	p := parts{store: store, queue: on.queue, files: files, engine: on.engine, metrics: e.metrics, tracing: e.tracing, log: slog.New(warnings{e.log.Handler()})}
	p.measure(ops.NewQueue(store), "postgres", "nats", "store", "chrome", "queue")
	service.Worker, service.Copier = p.benchWorker(service.Watch, slots, false), p.benchWorker(service.Watch, slots, true)
	running := &benchService{Service: service, store: store, nats: on.ownNATS, databaseURL: on.databaseURL, natsURL: on.natsURL, filesURL: location}
	return running, p.startBenchAPI(e, o.clients, running, c)
}

// benchWorker runs a worker with every slot until its context ends.
func (p parts) benchWorker(store worker.Store, slots int, reuse bool) func(context.Context) {
	work := p.workerConfig(workFlags{Slots: slots, SlotsMin: slots, Reuse: reuse})
	work.Store = store
	return worker.New(work).Run
}

// maxBenchStreams is more than a benchmark opens.
const maxBenchStreams = 100_000

// startBenchAPI runs the API and a dispatcher of the service until c closes, and makes its client.
func (p parts) startBenchAPI(e *env, clients int, s *benchService, c *closers) error {
	secret := []byte(uuid.NewString())
	tokens, err := auth.NewSecret(secret, auth.Parties{})
	if err != nil {
		return err
	}
	token, err := auth.Sign(secret, bench.User, 24*time.Hour, auth.Parties{})
	if err != nil {
		return err
	}
	listener, err := api.Listen(e.ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	if p.watch, err = p.startWatch(c); err != nil {
		return err
	}
	p.maxStreams, p.maxUserStreams = maxBenchStreams, maxBenchStreams
	handler, err := p.apiHandler(e.ctx, tokens, 3, p.health(), callerFlags{}, resumeFlags{}, c)
	if err != nil {
		return err
	}
	dispatcher := dispatch.New(dispatch.Config{Store: p.store, Queue: p.queue, Announcer: p.announcer(), Observer: p.metrics.Dispatch(), Logger: e.log})
	running, stop := context.WithCancel(e.ctx)
	group, running := errgroup.WithContext(running)
	group.Go(func() error { return api.Serve(running, listener, handler, time.Second, e.log) })
	group.Go(func() error { p.watch.Run(running); return nil })
	group.Go(func() error { dispatcher.Run(running); return nil })
	c.add(func() error {
		stop()
		return group.Wait()
	})
	s.apiURL, s.token = baseURL(listener.Addr()), token
	s.Client = client.New(s.apiURL, token)
	s.Client.HTTP.Transport = &http.Transport{MaxIdleConnsPerHost: clients}
	return nil
}

// warnings drops records below the level WARN, such as those of each export.
type warnings struct{ slog.Handler }

// Enabled reports whether a level is logged.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs and WithGroup keep dropping.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup is documented with WithAttrs.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
