package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/announce"
	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/worker"
)

// parts are the connections and browsers that roles use. A role leaves those nil that it does
// not need.
type parts struct {
	store  *postgres.Store
	queue  *queue.Queue
	files  *blob.Store
	engine *chrome.Engine
	wake   func() // wakes the dispatcher of this process; nil if there is none
	// takesFiles is the file store check of the worker in this process; nil if there is none.
	takesFiles func(context.Context) error
	log        *slog.Logger
}

// apiHandler returns the handler of the API.
func (p parts) apiHandler(tokens *auth.Verifier, maxAttempts int, health *api.Health) http.Handler {
	return api.Handler(api.Config{
		Store: p.store, Publisher: p.queue, Files: p.files, Tokens: tokens, Templates: templates(),
		Health: health, MaxAttempts: maxAttempts, Wake: p.wake, Version: version(), Logger: p.log,
	})
}

// announcer returns the announcer of final statuses; its only listener is the event stream.
func (p parts) announcer() *announce.Announcer {
	return announce.New(p.store, announce.Stream{Publisher: p.queue})
}

// workerConfig returns the configuration of a worker.
func (p parts) workerConfig(f workFlags) worker.Config {
	slotsMin, slots := f.slotRange(os.DirFS("/"))
	browser := ""
	if f.Reuse {
		browser = p.engine.Version()
	}
	return worker.Config{
		Store: p.store, Queue: workerQueue{p.queue}, Announcer: p.announcer(), Engine: workerEngine{p.engine}, Browser: browser, Files: p.files,
		Slots: slots, SlotsMin: slotsMin, MaxPages: f.MaxPages, Lease: f.Lease, Deadline: f.Deadline, Grace: f.Grace, Logger: p.log,
	}
}

// health returns the checks of a role: readiness checks the named parts, liveness the connection
// to NATS.
func (p parts) health(ready ...string) *api.Health {
	h := &api.Health{Live: []api.Check{connected(p.queue)}, Logger: p.log}
	for _, name := range ready {
		check := api.Check{Name: name}
		switch name {
		case "postgres":
			check.Do = p.store.Ping
		case "nats":
			check.Do = p.queue.Ping
		case "store":
			check.Do = p.files.Ping
			if p.takesFiles != nil {
				check.Do = p.takesFiles
			}
		case "chrome":
			check.Do = p.engine.Check
		}
		h.Ready = append(h.Ready, check)
	}
	return h
}

// runRole runs a role until ctx ends or the connection to NATS is closed. If healthListen is not
// empty, it serves the health probes there.
func (p parts) runRole(ctx context.Context, healthListen string, health *api.Health, role func(context.Context)) error {
	group, ctx := errgroup.WithContext(ctx)
	if healthListen != "" {
		listener, err := api.Listen(ctx, healthListen)
		if err != nil {
			return err
		}
		group.Go(func() error { return api.Serve(ctx, listener, health.Handler(), time.Second, p.log) })
	}
	group.Go(func() error { role(ctx); return nil })
	group.Go(func() error {
		select {
		case <-ctx.Done():
			return nil
		case <-p.queue.Closed():
			return errors.New("the connection to NATS is closed and will not be reopened")
		}
	})
	return group.Wait()
}
