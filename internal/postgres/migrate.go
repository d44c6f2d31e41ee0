package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/letrazapp/letraz-export/schema"
)

// Migrate applies the missing migrations to the database at url and returns its
// schema version. It can run in many processes at once: a session lock makes them
// wait for each other.
func Migrate(ctx context.Context, url string) (int64, error) {
	provider, done, err := migrator(url)
	if err != nil {
		return 0, err
	}
	defer done()
	if _, err := provider.Up(ctx); err != nil {
		return 0, fmt.Errorf("migrating the database: %w", err)
	}
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("reading the schema version: %w", err)
	}
	return version, nil
}

// ErrSchemaBehind means that the database lacks migrations of this build.
var ErrSchemaBehind = errors.New("the database schema is older than this program: run letraz-export migrate")

// CheckSchema returns ErrSchemaBehind when migrations are missing.
func CheckSchema(ctx context.Context, url string) error {
	provider, done, err := migrator(url)
	if err != nil {
		return err
	}
	defer done()
	pending, err := provider.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema version: %w", err)
	}
	if pending {
		return ErrSchemaBehind
	}
	return nil
}

func migrator(url string) (*goose.Provider, func(), error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, nil, fmt.Errorf("the database URL cannot be parsed: give it as postgres://user:password@host:5432/database")
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, nil, fmt.Errorf("preparing the migration lock: %w", err)
	}
	db := stdlib.OpenDB(*cfg)
	provider, err := goose.NewProvider(goose.DialectPostgres, db, schema.Migrations, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("reading the migrations: %w", err), db.Close())
	}
	// Closing the provider closes db. An error changes nothing any more.
	return provider, func() { _ = provider.Close() }, nil
}
