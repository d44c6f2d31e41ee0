package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/dispatch"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/sweep"
	"github.com/letrazapp/letraz-export/internal/worker"
)

type apiCmd struct {
	dataFlags     `embed:""`
	databaseFlags `embed:""`
	natsFlags     `embed:""`
	blobFlags     `embed:""`
	authFlags     `embed:""`
	listenFlags   `embed:""`
	Grace         time.Duration `help:"How long requests under way may go on at shutdown." default:"20s" env:"LETRAZ_GRACE" group:"work"`
}

// Validate is called by kong.
func (a *apiCmd) Validate() error { return errors.Join(a.natsFlags.check(), a.listenFlags.check()) }

// Run answers HTTP requests. It starts no browser, and works without NATS: the
// dispatcher publishes what it could not.
func (a *apiCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	tokens, err := verifier(e.ctx, a.authFlags, a.dataFlags, a.Listen)
	if err != nil {
		return err
	}
	store, q, err := openOutside(e, "api", a.databaseFlags, a.natsFlags, &c)
	if err != nil {
		return err
	}
	files, err := openBlobs(e.ctx, a.location(a.dataFlags), &c)
	if err != nil {
		return err
	}
	listener, err := listen(e.ctx, a.Listen)
	if err != nil {
		return err
	}
	health := &api.Health{
		Live:   []api.Check{connected(q)},
		Ready:  []api.Check{{Name: "postgres", Do: store.Ping}, {Name: "files", Do: files.Ping}},
		Logger: e.log,
	}
	handler := api.Handler(api.Config{Store: store, Publisher: q, Files: files, Tokens: tokens, Templates: templates(),
		Health: health, MaxAttempts: a.MaxAttempts, Version: version(), Logger: e.log})
	e.log.Info("the API is ready", "url", baseURL(listener.Addr()))
	return serveHTTP(e.ctx, listener, handler, a.Grace, e.log)
}

type workerCmd struct {
	dataFlags     `embed:""`
	databaseFlags `embed:""`
	natsFlags     `embed:""`
	blobFlags     `embed:""`
	chromeFlags   `embed:""`
	workFlags     `embed:""`
	healthFlags   `embed:""`
}

// Validate is called by kong.
func (w *workerCmd) Validate() error { return errors.Join(w.natsFlags.check(), w.workFlags.check()) }

// Run renders exports until it is stopped.
func (w *workerCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	store, q, err := openOutside(e, "worker", w.databaseFlags, w.natsFlags, &c)
	if err != nil {
		return err
	}
	files, err := openBlobs(e.ctx, w.location(w.dataFlags), &c)
	if err != nil {
		return err
	}
	slotsMin, slots := w.slotRange(os.DirFS("/"))
	engine, err := startChrome(e.ctx, w.chromeFlags, slotsMin, e.log)
	if err != nil {
		return err
	}
	c.add(engine.Close)
	health := &api.Health{
		Live: []api.Check{connected(q)},
		Ready: []api.Check{{Name: "postgres", Do: store.Ping}, {Name: "nats", Do: q.Ping},
			{Name: "files", Do: files.Ping}, {Name: "chrome", Do: engine.Check}},
		Logger: e.log,
	}
	work := worker.New(worker.Config{Store: store, Queue: workerQueue{q}, Engine: engine, Browser: engine.Version(), Files: files,
		Slots: slots, SlotsMin: slotsMin, Lease: w.Lease, Deadline: w.Deadline, Grace: w.Grace, Logger: e.log})
	e.log.Info("the worker is ready", "slots_min", slotsMin, "slots", slots, "browser", engine.Version())
	return runRole(e, w.HealthListen, health, q, work.Run)
}

type dispatchCmd struct {
	databaseFlags `embed:""`
	natsFlags     `embed:""`
	healthFlags   `embed:""`
}

// Validate is called by kong.
func (d *dispatchCmd) Validate() error { return d.natsFlags.check() }

// Run publishes, rescues and announces until it is stopped.
func (d *dispatchCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	store, q, err := openOutside(e, "dispatch", d.databaseFlags, d.natsFlags, &c)
	if err != nil {
		return err
	}
	health := &api.Health{
		Live:   []api.Check{connected(q)},
		Ready:  []api.Check{{Name: "postgres", Do: store.Ping}, {Name: "nats", Do: q.Ping}},
		Logger: e.log,
	}
	dispatcher := dispatch.New(dispatch.Config{Store: store, Queue: q, Logger: e.log})
	e.log.Info("the dispatcher is ready")
	return runRole(e, d.HealthListen, health, q, dispatcher.Run)
}

// runRole runs a role until the signal, with its probes when an address is given.
func runRole(e *env, healthListen string, health *api.Health, q *queue.Queue, role func(context.Context)) error {
	group, ctx := errgroup.WithContext(e.ctx)
	if healthListen != "" {
		listener, err := listen(ctx, healthListen)
		if err != nil {
			return err
		}
		group.Go(func() error { return serveHTTP(ctx, listener, health.Handler(), time.Second, e.log) })
	}
	group.Go(func() error { role(ctx); return nil })
	group.Go(func() error {
		select {
		case <-ctx.Done():
			return nil
		case <-q.Closed():
			return errors.New("the connection to NATS ended for good")
		}
	})
	return group.Wait()
}

type sweepFlags struct {
	Retention time.Duration `help:"How long the row of an expired export is kept; at least 1h." default:"2160h" env:"LETRAZ_RETENTION" group:"work"`
}

// check is for the commands' Validate, which kong calls.
func (f sweepFlags) check() error {
	if f.Retention < sweep.MinRetention {
		return fmt.Errorf("--retention must be at least %s", sweep.MinRetention)
	}
	return nil
}

func (f sweepFlags) sweeper(store *postgres.Store, files sweep.Files, log *slog.Logger) (*sweep.Sweeper, error) {
	return sweep.New(sweep.Config{Store: store, Files: files, Retention: f.Retention, Logger: log})
}

type sweepCmd struct {
	dataFlags     `embed:""`
	databaseFlags `embed:""`
	blobFlags     `embed:""`
	sweepFlags    `embed:""`
	Every         *time.Duration `help:"Time between two sweeps; without it one pass is made." placeholder:"DURATION" group:"work"`
}

// Validate is called by kong.
func (s *sweepCmd) Validate() error {
	if s.Every != nil && *s.Every < time.Second {
		return errors.New("--every must be at least 1s; leave it out for one pass")
	}
	return s.sweepFlags.check()
}

// Run makes one pass and says what it did, or goes on until it is stopped.
func (s *sweepCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	url, err := databaseURL(s.databaseFlags, s.dataFlags)
	if err != nil {
		return err
	}
	store, err := openStore(e.ctx, url, s.databaseFlags, &c)
	if err != nil {
		return err
	}
	files, err := openBlobs(e.ctx, s.location(s.dataFlags), &c)
	if err != nil {
		return err
	}
	sweeper, err := s.sweeper(store, files, e.log)
	if err != nil {
		return err
	}
	if s.Every != nil {
		sweeper.Run(e.ctx, *s.Every)
		return nil
	}
	res, err := sweeper.Pass(e.ctx)
	fmt.Fprintf(e.stdout, "expired %d, files deleted %d, failed %d, purged %d\n", res.Expired, res.Files, res.Failed, res.Purged)
	if err == nil && res.Failed > 0 {
		err = fmt.Errorf("%d files could not be deleted; the log says why, and the next pass tries again", res.Failed)
	}
	return err
}
