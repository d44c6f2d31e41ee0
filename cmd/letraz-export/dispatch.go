package main

import (
	"github.com/letrazapp/letraz-export/internal/dispatch"
)

type dispatchCmd struct {
	databaseFlags `embed:""`
	natsFlags     `embed:""`
	healthFlags   `embed:""`
}

// Validate is called by kong.
func (d *dispatchCmd) Validate() error { return d.natsFlags.check() }

// Run runs the dispatcher until it is stopped.
func (d *dispatchCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	store, q, err := openExternal(e, "dispatch", d.databaseFlags, d.natsFlags, &c)
	if err != nil {
		return err
	}
	p := parts{store: store, queue: q, log: e.log}
	dispatcher := dispatch.New(dispatch.Config{Store: store, Queue: q, Announcer: p.announcer(), Logger: e.log})
	e.log.Info("the dispatcher is ready")
	return p.runRole(e.ctx, d.HealthListen, p.health("postgres", "nats"), dispatcher.Run)
}
