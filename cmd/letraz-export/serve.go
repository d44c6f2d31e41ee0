package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/dispatch"
	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/worker"
)

type serveCmd struct {
	dataFlags     `embed:""`
	databaseFlags `embed:""`
	natsFlags     `embed:""`
	blobFlags     `embed:""`
	authFlags     `embed:""`
	callerFlags   `embed:""`
	listenFlags   `embed:""`
	resumeFlags   `embed:""`
	linkFlags     `embed:""`
	chromeFlags   `embed:""`
	workFlags     `embed:""`
	sweepFlags    `embed:""`
	opsFlags      `embed:""`
	traceFlags    `embed:""`
	SweepEvery    time.Duration `help:"Time between two sweeps." default:"1m" env:"LETRAZ_SWEEP_EVERY" group:"work"`

	natsListen string // address of the private NATS for other processes; none if empty
}

// Validate is called by kong.
func (s *serveCmd) Validate() error {
	if s.SweepEvery < time.Second {
		return errors.New("--sweep-every must be at least 1s")
	}
	if s.OrphanAge <= s.Deadline+s.Lease {
		return errors.New("--orphan-age must be longer than --deadline and --lease together: an attempt may be storing its file")
	}
	return errors.Join(s.natsFlags.check(), s.listenFlags.check(), s.callerFlags.check(), s.linkFlags.check(), s.resumeFlags.check(), s.workFlags.check(), s.sweepFlags.check())
}

// servers are the servers that serve uses, external or private.
type servers struct {
	databaseURL string
	ownDatabase *embedded.Postgres // nil if the database is external
	natsURL     string             // of the private NATS, if it listens
	ownNATS     *embedded.NATS     // nil if NATS is external
	queue       *queue.Queue
	engine      *chrome.Engine
}

// Run starts the private servers that are needed, then every role, and stops them in reverse
// order.
func (s *serveCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	if err := s.startTracing(e, "serve", &c); err != nil {
		return err
	}
	e.metrics = s.metrics("serve")
	if err := os.MkdirAll(s.DataDir, 0o755); err != nil {
		return fmt.Errorf("creating the data directory (choose another with --data-dir): %w", err)
	}
	tokens, err := verifier(e.ctx, s.authFlags, s.dataFlags, s.Listen, e.log)
	if err != nil {
		return err
	}
	links, err := s.ownKeyring(s.dataFlags)
	if err != nil {
		return err
	}
	// Listen first, to fail early if the address is in use.
	listener, err := api.Listen(e.ctx, s.Listen)
	if err != nil {
		return err
	}
	c.add(func() error { _ = listener.Close(); return nil }) // usually closed by the HTTP server already
	var on servers
	if err := s.startServers(e, &on, &c); err != nil {
		return err
	}
	c.add(countBrowsers(on.engine, e.log))
	store, err := postgres.Open(e.ctx, on.databaseURL, postgres.Options{MaxConns: s.MaxConns, Observer: e.databaseObserver()})
	if err != nil {
		return err
	}
	c.add(func() error { store.Close(); return nil })
	open := openBlobs
	if s.BlobURL == "" {
		open = createBlobs
	}
	files, err := open(e, s.location(s.dataFlags), store, &c)
	if err != nil {
		return err
	}
	sweeper, err := s.sweeper(e, store, files)
	if err != nil {
		return err
	}
	dispatcher := dispatch.New(dispatch.Config{Store: store, Queue: on.queue, Announcer: parts{store: store, queue: on.queue}.announcer(),
		Observer: e.metrics.Dispatch(), Logger: e.log})
	p := parts{store: store, queue: on.queue, files: files, links: links, publicURL: s.publicURL(),
		maxStreams: s.MaxStreams, maxUserStreams: s.MaxUserStreams, engine: on.engine, wake: dispatcher.Wake, metrics: e.metrics, tracing: e.tracing, log: e.log}
	if p.watch, err = p.startWatch(&c); err != nil {
		return err
	}
	workConfig := p.workerConfig(s.workFlags)
	work := worker.New(workConfig)
	p.takesFiles = work.CheckStore
	health := p.health("postgres", "nats", "store", "chrome")
	handler, err := p.apiHandler(e.ctx, tokens, s.MaxAttempts, health, s.callerFlags, s.resumeFlags, &c)
	if err != nil {
		return err
	}

	here := running{PID: os.Getpid(), URL: baseURL(listener.Addr())}
	if on.ownDatabase != nil {
		here.DatabaseURL = on.databaseURL
	}
	unpublish, err := here.write(s.DataDir)
	if err != nil {
		return err
	}
	defer unpublish()

	// The first role that fails stops the others.
	group, ctx := errgroup.WithContext(e.ctx)
	if err := p.serveOps(ctx, group, s.opsFlags, health, "postgres", "nats", "store", "chrome", "queue"); err != nil {
		return err
	}
	group.Go(func() error { return api.Serve(ctx, listener, handler, s.Grace, e.log) })
	group.Go(func() error { p.watch.Run(ctx); return nil })
	group.Go(func() error { work.Run(ctx); return nil })
	group.Go(func() error { dispatcher.Run(ctx); return nil })
	group.Go(func() error { sweeper.Run(ctx, s.SweepEvery); return nil })
	group.Go(func() error { return on.watch(ctx) })
	e.log.Info("letraz-export is ready", "url", here.URL, "data_dir", s.DataDir, "own_database", on.ownDatabase != nil,
		"own_queue", s.NATSURL == "", "slots_min", workConfig.SlotsMin, "slots", workConfig.Slots, "browser", on.engine.Version())
	err = group.Wait()
	e.log.Info("stopped")
	return err
}

// startServers starts the database, the queue and the browser concurrently and migrates the
// first two.
func (s *serveCmd) startServers(e *env, on *servers, c *closers) error {
	var own closersGroup
	defer own.appendTo(c)
	group, ctx := errgroup.WithContext(e.ctx)
	group.Go(func() (err error) {
		on.databaseURL = s.DatabaseURL
		if on.databaseURL == "" {
			if on.ownDatabase, err = embedded.StartPostgres(ctx, embedded.PostgresOptions{
				Dir: filepath.Join(s.DataDir, "postgres"), Logger: e.log}); err != nil {
				return err
			}
			own.set(0, on.ownDatabase.Close)
			on.databaseURL = on.ownDatabase.URL()
		}
		done, err := postgres.Migrate(ctx, on.databaseURL)
		if done.Note != "" {
			e.log.Warn("the database is set up, with one exception", "note", done.Note)
		}
		return err
	})
	group.Go(func() (err error) {
		o := queue.Options{URL: s.NATSURL, Name: "letraz-export serve", Replicas: s.NATSReplicas, Observer: e.metrics.Messages(), Tracer: e.tracing.Queue(), Logger: e.log}
		if s.NATSURL == "" {
			n, err := embedded.StartNATS(embedded.NATSOptions{
				Dir: filepath.Join(s.DataDir, "nats"), MaxStore: 8 << 30, Listen: s.natsListen, Logger: e.log})
			if err != nil {
				return err
			}
			own.set(1, n.Close)
			on.ownNATS, o.InProcess = n, n
			if s.natsListen != "" {
				on.natsURL = n.URL()
			}
		}
		if on.queue, err = queue.Connect(o); err != nil {
			return err
		}
		own.set(2, func() error { on.queue.Close(); return nil })
		return provision(ctx, on.queue)
	})
	group.Go(func() (err error) {
		slotsMin, _ := s.slotRange(os.DirFS("/"))
		if on.engine, err = startChrome(ctx, e, s.chromeFlags, slotsMin); err != nil {
			return err
		}
		own.set(3, on.engine.Close)
		return nil
	})
	return group.Wait()
}

// watch returns an error when the private Postgres or the connection to NATS ends.
func (on *servers) watch(ctx context.Context) error {
	var database <-chan struct{} // nil, which is never ready, for an external one
	if on.ownDatabase != nil {
		database = on.ownDatabase.Done()
	}
	select {
	case <-ctx.Done():
		return nil
	case <-database:
		return fmt.Errorf("the private Postgres ended: %w", on.ownDatabase.Err())
	case <-on.queue.Closed():
		return errors.New("the connection to NATS is closed and will not be reopened")
	}
}
