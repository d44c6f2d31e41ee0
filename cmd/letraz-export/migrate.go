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
	Only          string `help:"What to create: everything, or with 'service' only what the service owns, beside tables of resumes of another product (docs/database.md)." placeholder:"service" enum:",service" default:"" group:"data"`
	Check         bool   `help:"Change nothing; compare the database with what this program reads, print every difference, and fail if there is one." group:"data"`
}

// Validate is called by kong.
func (m *migrateCmd) Validate() error { return m.natsFlags.check() }

// Run migrates the database, the streams, or both, as configured.
func (m *migrateCmd) Run(e *env) error {
	if m.DatabaseURL == "" && m.NATSURL == "" {
		return errors.New("migrate needs DATABASE_URL, NATS_URL or both (serve migrates its own)")
	}
	if m.Check {
		return m.check(e)
	}
	if m.DatabaseURL != "" {
		if err := m.database(e); err != nil {
			return err
		}
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

// database migrates the database.
func (m *migrateCmd) database(e *env) error {
	migrate := postgres.Migrate
	if m.Only == "service" {
		migrate = postgres.MigrateService
	}
	done, err := migrate(e.ctx, m.DatabaseURL)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "database: schema version %d\n", done.Version)
	if done.Note != "" {
		fmt.Fprintf(e.stdout, "note: %s\n", done.Note)
	}
	return nil
}

// check prints how the database differs from what this program reads.
func (m *migrateCmd) check(e *env) error {
	if m.DatabaseURL == "" {
		return errors.New("migrate --check needs DATABASE_URL")
	}
	differences, err := postgres.Check(e.ctx, m.DatabaseURL)
	if err != nil {
		return err
	}
	for _, line := range differences {
		fmt.Fprintln(e.stdout, line)
	}
	if n := len(differences); n > 0 {
		return fmt.Errorf("the database differs from what this program reads in %d places (docs/database.md)", n)
	}
	fmt.Fprintln(e.stdout, "database: as this program reads it")
	return nil
}

// provision creates or updates the streams. It waits for a server that is still starting.
func provision(ctx context.Context, q *queue.Queue) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		err := provisionOnce(ctx, q)
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

// provisionOnce makes one attempt. A cluster whose servers have not chosen a leader yet
// drops the request without an answer, so an attempt does not wait for long.
func provisionOnce(ctx context.Context, q *queue.Queue) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return q.Provision(ctx)
}
