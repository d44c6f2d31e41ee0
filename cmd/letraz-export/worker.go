package main

import (
	"context"
	"errors"
	"os"

	"github.com/letrazapp/letraz-export/internal/worker"
)

type workerCmd struct {
	databaseFlags  `embed:""`
	natsFlags      `embed:""`
	blobFlags      `embed:""`
	chromeFlags    `embed:""`
	workFlags      `embed:""`
	opsFlags       `embed:""`
	formerOpsFlags `embed:""`
	traceFlags     `embed:""`
}

// Validate is called by kong.
func (w *workerCmd) Validate() error { return errors.Join(w.natsFlags.check(), w.workFlags.check()) }

// Run renders exports until it is stopped.
func (w *workerCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	if err := w.startTracing(e, "worker", &c); err != nil {
		return err
	}
	port := w.opsFlags.or(w.formerOpsFlags)
	e.metrics = port.metrics("worker")
	store, q, err := openExternal(e, "worker", w.databaseFlags, w.natsFlags, &c)
	if err != nil {
		return err
	}
	files, err := openShared(e, "worker", w.blobFlags, store, &c)
	if err != nil {
		return err
	}
	slotsMin, slots := w.slotRange(os.DirFS("/"))
	engine, err := startChrome(e.ctx, e, w.chromeFlags, slotsMin)
	if err != nil {
		return err
	}
	c.add(engine.Close)
	c.add(countBrowsers(engine, e.log))
	p := parts{store: store, queue: q, files: files, engine: engine, metrics: e.metrics, tracing: e.tracing, log: e.log}
	work := worker.New(p.workerConfig(w.workFlags))
	p.takesFiles = work.CheckStore
	e.log.Info("the worker is ready", "slots_min", slotsMin, "slots", slots, "browser", engine.Version())
	return p.runRole(e.ctx, port, p.health("postgres", "nats", "store", "chrome"), func(ctx context.Context) error {
		work.Run(ctx)
		return nil
	}, "postgres", "nats", "store", "chrome")
}
