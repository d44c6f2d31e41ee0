package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/announce"
	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/link"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/preview"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/resumefile"
	"github.com/letrazapp/letraz-export/internal/telemetry"
	"github.com/letrazapp/letraz-export/internal/watch"
	"github.com/letrazapp/letraz-export/internal/worker"
)

// parts are the connections and browsers that roles use. A role leaves those nil that it does
// not need.
type parts struct {
	store  *postgres.Store
	queue  *queue.Queue
	files  *blob.Store
	engine *chrome.Engine
	links  *link.Keyring // nil: the API makes no links
	// publicURL is what URLs of the API begin with; empty: they are paths.
	publicURL string
	// watch tells callers of the API how exports change; nil: they do not wait.
	watch *watch.Hub
	// maxStreams and maxUserStreams bound open streams of events; 0: the default.
	maxStreams, maxUserStreams int
	wake                       func() // wakes the dispatcher of this process; nil if there is none
	// takesFiles is the file store check of the worker in this process; nil if there is none.
	takesFiles func(context.Context) error
	metrics    *telemetry.Metrics // nil if there is no operations port
	tracing    *telemetry.Tracing // nil if nothing is traced
	log        *slog.Logger
}

// apiHandler returns the handler of the API. What it does in the background has ended when c
// is closed.
func (p parts) apiHandler(ctx context.Context, tokens *auth.Verifier, maxAttempts int, health *api.Health, callers callerFlags, f resumeFlags, c *closers) (http.Handler, error) {
	own, err := p.store.WritesResumes(ctx)
	if err != nil {
		return nil, err
	}
	var background sync.WaitGroup
	c.add(func() error { background.Wait(); return nil })
	config := api.Config{
		Store: p.store, Publisher: p.queue, Files: p.files, Tokens: tokens, Templates: templates(), Links: p.links, PublicURL: p.publicURL,
		Watch: p.watch, Changes: p.queue, MaxStreams: p.maxStreams, MaxUserStreams: p.maxUserStreams,
		ReadResume: readResume, Preview: previewResume, FrameAncestors: f.frameAncestors(), WriteResumes: own && f.WriteResumes, CreateUsers: own && f.CreateUsers,
		Health: health, MaxAttempts: maxAttempts, Wake: p.wake, Version: version(), Logger: p.log,
		Observer: telemetry.JoinAPI(p.metrics.API(), p.tracing.API()), Traceparent: p.tracing.Traceparent,
		Background: background.Go,
	}
	callers.configure(&config)
	return serverHeader(p.tracing.HTTP(api.Handler(config))), nil
}

// readResume reads a resume that a caller of the API sends.
func readResume(data []byte, language string) (resume.Resume, []note.Note, error) {
	f, err := resumefile.Read(data, language)
	return f.Resume, f.Notes, err
}

// previewResume makes the preview of a resume.
func previewResume(r resume.Resume, template string, paper export.Paper, language string) (page []byte, style string, err error) {
	p, err := preview.PageOf(r, template, paper, language)
	return p.HTML, p.Style, err
}

// startWatch makes the hub of those who wait, and connects it to the queue until c closes.
func (p parts) startWatch(c *closers) (*watch.Hub, error) {
	hub := watch.New(watch.Config{Store: p.store, Connected: p.queue.Connected, Logger: p.log})
	stop, err := p.queue.Watch(hub.Changed, hub.Lost)
	if err != nil {
		return nil, err
	}
	c.add(func() error { stop(); return nil })
	return hub, nil
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
		Store: p.store, Queue: workerQueue{p.queue}, Announcer: p.announcer(), Changes: p.queue, Engine: workerEngine{p.engine}, Browser: browser, Files: p.files,
		Slots: slots, SlotsMin: slotsMin, MaxPages: f.MaxPages, Lease: f.Lease, Deadline: f.Deadline, Grace: f.Grace,
		Observer: p.metrics.Worker(), Tracer: p.tracing.Worker(), Logger: p.log,
	}
}

// health returns the checks of a role: readiness checks the named parts, liveness the connection
// to NATS.
func (p parts) health(ready ...string) *api.Health {
	h := &api.Health{Logger: p.log}
	if p.queue != nil {
		h.Live = append(h.Live, connected(p.queue))
	}
	for _, name := range ready {
		h.Ready = append(h.Ready, p.check(name))
	}
	return h
}

// check returns the check of a part.
func (p parts) check(name string) api.Check {
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
	return check
}

// runRole runs a role until ctx ends or the connection to NATS is closed, and serves its
// operations port.
func (p parts) runRole(ctx context.Context, f opsFlags, health *api.Health, role func(context.Context) error, measured ...string) error {
	group, ctx := errgroup.WithContext(ctx)
	if err := p.serveOps(ctx, group, f, health, measured...); err != nil {
		return err
	}
	group.Go(func() error { return role(ctx) })
	group.Go(func() error {
		var closed <-chan struct{} // nil, which is never ready, for a role without NATS
		if p.queue != nil {
			closed = p.queue.Closed()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-closed:
			return errors.New("the connection to NATS is closed and will not be reopened")
		}
	})
	return group.Wait()
}
