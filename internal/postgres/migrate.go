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

// Migrate brings the database at url to the newest schema and returns its
// version. Many may run at once: a session lock lets one work while the others
// wait.
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

// ErrSchemaBehind means that migrations of this build have not been applied.
var ErrSchemaBehind = errors.New("the database schema is older than this program: run letraz-export migrate")

// CheckSchema returns ErrSchemaBehind when Migrate has to run first.
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
	// Closing the provider closes db; nothing is left to do about an error then.
	return provider, func() { _ = provider.Close() }, nil
}
