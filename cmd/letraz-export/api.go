package main

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/api"
)

type apiCmd struct {
	dataFlags     `embed:""`
	databaseFlags `embed:""`
	natsFlags     `embed:""`
	blobFlags     `embed:""`
	authFlags     `embed:""`
	callerFlags   `embed:""`
	listenFlags   `embed:""`
	resumeFlags   `embed:""`
	linkFlags     `embed:""`
	opsFlags      `embed:""`
	traceFlags    `embed:""`
	Grace         time.Duration `help:"How long requests under way may go on at shutdown." default:"20s" env:"LETRAZ_GRACE" group:"work"`
}

// Validate is called by kong.
func (a *apiCmd) Validate() error {
	return errors.Join(a.natsFlags.check(), a.listenFlags.check(), a.callerFlags.check(), a.linkFlags.check(), a.resumeFlags.check())
}

// Run runs the API until it is stopped. It starts no browser, and it works while NATS is
// unavailable: the dispatcher then publishes the messages.
func (a *apiCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	if err := a.startTracing(e, "api", &c); err != nil {
		return err
	}
	e.metrics = a.metrics("api")
	tokens, err := verifier(e.ctx, a.authFlags, a.dataFlags, a.Listen, e.log)
	if err != nil {
		return err
	}
	links, err := a.keyring()
	if err != nil {
		return err
	}
	if links == nil {
		e.log.Info("no links are made: --link-keys has no key")
	}
	store, q, err := openExternal(e, "api", a.databaseFlags, a.natsFlags, &c)
	if err != nil {
		return err
	}
	files, err := openShared(e, "api", a.blobFlags, store, &c)
	if err != nil {
		return err
	}
	listener, err := api.Listen(e.ctx, a.Listen)
	if err != nil {
		return err
	}
	p := parts{store: store, queue: q, files: files, links: links, publicURL: a.publicURL(), maxStreams: a.MaxStreams, maxUserStreams: a.MaxUserStreams,
		metrics: e.metrics, tracing: e.tracing, log: e.log}
	if p.watch, err = p.startWatch(&c); err != nil {
		return err
	}
	health := p.health("postgres", "store")
	handler, err := p.apiHandler(e.ctx, tokens, a.MaxAttempts, health, a.callerFlags, a.resumeFlags, &c)
	if err != nil {
		return err
	}
	e.log.Info("the API is ready", "url", baseURL(listener.Addr()))
	return p.runRole(e.ctx, a.opsFlags, health, func(ctx context.Context) error {
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error { p.watch.Run(ctx); return nil })
		group.Go(func() error { return api.Serve(ctx, listener, handler, a.Grace, e.log) })
		return group.Wait()
	}, "postgres", "nats", "store")
}
