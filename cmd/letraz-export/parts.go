package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/preview"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/worker"
)

// This file opens what the commands need: database, queue, file store, browsers. Each function
// adds what has to be closed to closers.

// closers are called in reverse order.
type closers []func() error

func (c *closers) add(f func() error) { *c = append(*c, f) }

func (c *closers) close(log *slog.Logger) {
	for i := len(*c) - 1; i >= 0; i-- {
		if err := (*c)[i](); err != nil {
			log.Warn("closing failed", "error", err)
		}
	}
}

// openStore opens the database. It fails unless the schema is current.
func openStore(e *env, url string, f databaseFlags, c *closers) (*postgres.Store, error) {
	store, err := postgres.Open(e.ctx, url, postgres.Options{MaxConns: f.MaxConns, Observer: e.databaseObserver()})
	if err != nil {
		return nil, err
	}
	c.add(func() error { store.Close(); return nil })
	if err := postgres.CheckSchema(e.ctx, url); err != nil {
		return nil, err
	}
	return store, nil
}

// openForUpkeep opens the database and the file store for a command that deletes exports.
func openForUpkeep(e *env, command string, d dataFlags, db databaseFlags, b blobFlags, c *closers) (*postgres.Store, *blob.Store, error) {
	url, err := databaseURL(db, d)
	if err != nil {
		return nil, nil, err
	}
	store, err := openStore(e, url, db, c)
	if err != nil {
		return nil, nil, err
	}
	if b.BlobURL == "" && db.DatabaseURL != "" {
		// In an empty file store every file looks deleted already, so the rows would be
		// deleted and the files left behind.
		return nil, nil, fmt.Errorf("%s needs BLOB_URL with a DATABASE_URL: the file store of api and worker", command)
	}
	files, err := openBlobs(e, b.location(d), store, c)
	if err != nil {
		return nil, nil, err
	}
	return store, files, nil
}

// openExternal opens the database and the queue of a role that runs in its own process.
func openExternal(e *env, role string, db databaseFlags, n natsFlags, c *closers) (*postgres.Store, *queue.Queue, error) {
	if db.DatabaseURL == "" || n.NATSURL == "" {
		return nil, nil, fmt.Errorf("%s needs DATABASE_URL and NATS_URL (letraz-export serve starts its own)", role)
	}
	store, err := openStore(e, db.DatabaseURL, db, c)
	if err != nil {
		return nil, nil, err
	}
	q, err := queue.Connect(queue.Options{URL: n.NATSURL, Name: "letraz-export " + role, Replicas: n.NATSReplicas, Observer: e.metrics.Messages(), Tracer: e.tracing.Queue(), Logger: e.log})
	if err != nil {
		return nil, nil, err
	}
	c.add(func() error { q.Close(); return nil })
	return store, q, nil
}

// openShared opens the file store of a role that runs in its own process. It has no default,
// since the other roles must use the same.
func openShared(e *env, role string, f blobFlags, store *postgres.Store, c *closers) (*blob.Store, error) {
	if f.BlobURL == "" {
		return nil, fmt.Errorf("%s needs BLOB_URL: the same bucket, or directory that all mount, for api, worker and sweep", role)
	}
	return openBlobs(e, f.BlobURL, store, c)
}

func (f chromeFlags) options() chrome.Options {
	return chrome.Options{Binary: f.Chrome, User: f.ChromeUser, NoSandbox: f.NoSandbox, FontConfig: f.FontConfig}
}

func startChrome(ctx context.Context, e *env, f chromeFlags, slots int) (*chrome.Engine, error) {
	o := f.options()
	o.Slots, o.Observer, o.Logger = slots, e.metrics.Browsers(), e.log
	engine, err := chrome.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := checkFonts(ctx, engine, f.RequireFonts, e.log); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return engine, nil
}

// verifier returns the configured verifier of tokens. If none is configured and the address can
// be reached from this machine only, it uses a secret in the data directory.
func verifier(ctx context.Context, f authFlags, data dataFlags, listen string, log *slog.Logger) (*auth.Verifier, error) {
	o, err := f.options(log)
	if err != nil {
		return nil, err
	}
	switch {
	case f.JWTSecret == "" && len(f.JWTSecretOld) > 0:
		return nil, errors.New("JWT_SECRET_OLD needs JWT_SECRET: the secret that has replaced it")
	case f.JWTSecret != "" && f.JWKSURL != "":
		return nil, errors.New("give JWT_SECRET or JWKS_URL, not both")
	case f.JWTSecret != "":
		secrets := [][]byte{[]byte(f.JWTSecret)}
		for _, old := range f.JWTSecretOld {
			secrets = append(secrets, []byte(old))
		}
		return auth.NewSecrets(secrets, o)
	case f.JWKSURL != "":
		return auth.NewJWKS(ctx, f.JWKSURL, o)
	case !loopback(listen):
		return nil, fmt.Errorf("listening on %s needs authentication: set JWT_SECRET or JWKS_URL, or listen on 127.0.0.1", listen)
	}
	secret, err := auth.LocalSecret(data.secretFile())
	if err != nil {
		return nil, err
	}
	return auth.NewSecrets([][]byte{secret}, o)
}

// templates returns the templates for the API's list.
func templates() []api.Template {
	var list []api.Template
	for _, t := range html.Templates() {
		list = append(list, api.Template{Name: t.Name, Title: t.Title, Description: t.Description, Picture: preview.Picture(t.Name)})
	}
	return list
}

// connected returns a check that fails once the connection to NATS is closed.
func connected(q *queue.Queue) api.Check {
	return api.Check{Name: "nats_connection", Do: func(context.Context) error {
		select {
		case <-q.Closed():
			return errors.New("the connection is closed and will not be reopened")
		default:
			return nil
		}
	}}
}

// workerQueue adapts the queue to worker.Queue.
type workerQueue struct{ *queue.Queue }

// Receive opens a receiver for one slot.
func (q workerQueue) Receive(ctx context.Context, lane export.Lane) (worker.Receiver, error) {
	r, err := q.Queue.Receive(ctx, lane)
	if err != nil {
		return nil, err
	}
	return receiver{r}, nil
}

type receiver struct{ *queue.Receiver }

// Next waits for a message.
func (r receiver) Next(ctx context.Context, wait time.Duration) (worker.Delivery, error) {
	d, err := r.Receiver.Next(ctx, wait)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// workerEngine adapts the browsers to worker.Engine.
type workerEngine struct{ *chrome.Engine }

// Acquire waits for a slot.
func (e workerEngine) Acquire(ctx context.Context) (worker.Slot, error) {
	s, err := e.Engine.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return s, nil
}
