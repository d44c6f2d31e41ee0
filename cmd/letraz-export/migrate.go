package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/queue"
)

type migrateCmd struct {
	databaseFlags `embed:""`
	natsFlags     `embed:""`
}

// Validate is called by kong.
func (m *migrateCmd) Validate() error { return m.natsFlags.check() }

// Run migrates the database, the streams, or both, as configured.
func (m *migrateCmd) Run(e *env) error {
	if m.DatabaseURL == "" && m.NATSURL == "" {
		return errors.New("migrate needs DATABASE_URL, NATS_URL or both (serve migrates its own)")
	}
	if m.DatabaseURL != "" {
		v, err := postgres.Migrate(e.ctx, m.DatabaseURL)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "database: schema version %d\n", v)
	}
	if m.NATSURL != "" {
		q, err := queue.Connect(queue.Options{URL: m.NATSURL, Name: "letraz-export migrate", Replicas: m.NATSReplicas, Logger: e.log})
		if err != nil {
			return err
		}
		defer q.Close()
		if err := provision(e.ctx, q); err != nil {
			return err
		}
		fmt.Fprintln(e.stdout, "streams: up to date")
	}
	return nil
}

// provision creates or updates the streams. It waits for a server that is still starting.
func provision(ctx context.Context, q *queue.Queue) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		err := q.Provision(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(500 * time.Millisecond):
		}
	}
}
