package main

import (
	"context"

	"github.com/letrazapp/letraz-export/internal/dispatch"
)

type dispatchCmd struct {
	databaseFlags  `embed:""`
	natsFlags      `embed:""`
	opsFlags       `embed:""`
	formerOpsFlags `embed:""`
	traceFlags     `embed:""`
}

// Validate is called by kong.
func (d *dispatchCmd) Validate() error { return d.natsFlags.check() }

// Run runs the dispatcher until it is stopped.
func (d *dispatchCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	if err := d.startTracing(e, "dispatch", &c); err != nil {
		return err
	}
	port := d.opsFlags.or(d.formerOpsFlags)
	e.metrics = port.metrics("dispatch")
	store, q, err := openExternal(e, "dispatch", d.databaseFlags, d.natsFlags, &c)
	if err != nil {
		return err
	}
	p := parts{store: store, queue: q, metrics: e.metrics, tracing: e.tracing, log: e.log}
	dispatcher := dispatch.New(dispatch.Config{Store: store, Queue: q, Announcer: p.announcer(), Observer: p.metrics.Dispatch(), Logger: e.log})
	e.log.Info("the dispatcher is ready")
	return p.runRole(e.ctx, port, p.health("postgres", "nats"), func(ctx context.Context) error {
		dispatcher.Run(ctx)
		return nil
	}, "postgres", "nats", "queue")
}
