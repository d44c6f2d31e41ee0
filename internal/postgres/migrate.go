package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/letrazapp/letraz-export/schema"
)

// Scope says which tables the migrations make. It is that of the first migration of a
// database and is kept.
type Scope struct {
	versions   string // table of the applied migrations
	migrations fs.FS
}

// The scopes have tables of their own for the applied migrations. A product that uses goose
// too has a goose_db_version in the same schema.
var (
	everything  = Scope{"goose_db_version", schema.Migrations}
	serviceOnly = Scope{"letraz_export_version", schema.Service()}
)

// Migrated is the result of a migration.
type Migrated struct {
	Version int64
	// Note says what the database does not allow and what to do instead; "" if nothing.
	Note string
}

// Migrate applies the missing migrations to the database at url: those of all tables, or,
// if MigrateService made them, those of the service. It can run in many processes at once,
// also through a transaction pooler: a lock makes them wait for each other.
func Migrate(ctx context.Context, url string) (Migrated, error) {
	return withDatabase(url, func(db *sql.DB) (Migrated, error) {
		have, err := readInstalled(ctx, db)
		switch {
		case err != nil:
			return Migrated{}, err
		case have.service:
			return migrate(ctx, db, serviceOnly)
		case have.foreign:
			return Migrated{}, errors.New("goose_db_version in this database is of another program: " +
				"use migrate --only service, or a schema of its own (search_path)")
		default:
			return migrate(ctx, db, everything)
		}
	})
}

// MigrateService applies the missing migrations of what the service owns. The tables of
// resumes are left to the product they belong to; they may be views.
func MigrateService(ctx context.Context, url string) (Migrated, error) {
	return withDatabase(url, func(db *sql.DB) (Migrated, error) {
		have, err := readInstalled(ctx, db)
		if err != nil {
			return Migrated{}, err
		}
		if have.everything {
			return Migrated{}, errors.New("the tables of resumes in this database were made by migrate without --only service: go on without it")
		}
		return migrate(ctx, db, serviceOnly)
	})
}

func migrate(ctx context.Context, db *sql.DB, scope Scope) (Migrated, error) {
	if err := createSchema(ctx, db); err != nil {
		return Migrated{}, err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, scope.migrations,
		goose.WithTableName(scope.versions), goose.WithLocker(&locker{}))
	if err != nil {
		return Migrated{}, fmt.Errorf("reading the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return Migrated{}, fmt.Errorf("migrating the database: %w", err)
	}
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return Migrated{}, fmt.Errorf("reading the schema version: %w", err)
	}
	m := Migrated{Version: version}
	if scope == serviceOnly {
		if m.Note, err = eraseWithUser(ctx, db); err != nil {
			return Migrated{}, err
		}
	}
	return m, nil
}

// createSchema creates the first schema of the search path, if the path names it.
func createSchema(ctx context.Context, db *sql.DB) error {
	const first = `SELECT coalesce((SELECT name FROM trim(both ' "' from split_part(current_setting('search_path'), ',', 1)) name
		WHERE name NOT IN ('', '$user') AND to_regnamespace(quote_ident(name)) IS NULL), '')`
	var name string
	if err := db.QueryRowContext(ctx, first).Scan(&name); err != nil {
		return fmt.Errorf("reading the search path: %w", err)
	}
	if name == "" {
		return nil
	}
	if _, err := db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("creating the schema %s of the search path: %w", name, err)
	}
	return nil
}

// installed says what a database has.
type installed struct {
	service    bool // MigrateService was run
	everything bool // Migrate was run
	foreign    bool // there is a goose_db_version, but nothing of this program
}

func readInstalled(ctx context.Context, db *sql.DB) (installed, error) {
	var service, goose, table bool
	err := db.QueryRowContext(ctx, `SELECT to_regclass('`+serviceOnly.versions+`') IS NOT NULL, to_regclass('`+everything.versions+`') IS NOT NULL,
		to_regclass('export_request') IS NOT NULL`).Scan(&service, &goose, &table)
	if err != nil {
		return installed{}, fmt.Errorf("looking for the service's tables: %w", err)
	}
	have := installed{service: service, everything: !service && goose && table}
	if goose && !table && !service {
		// A version above the first of this program, which had made export_request.
		if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM `+everything.versions+` WHERE version_id > 1)`).Scan(&have.foreign); err != nil {
			return installed{}, fmt.Errorf("looking for the service's tables: %w", err)
		}
	}
	return have, nil
}

// withDatabase opens the database at url for do.
func withDatabase[T any](url string, do func(*sql.DB) (T, error)) (T, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		var none T
		return none, errURL
	}
	db := stdlib.OpenDB(*cfg)
	defer func() { _ = db.Close() }() // nothing is left to be written
	return do(db)
}

// locker makes migrations wait for each other. Its transaction holds the lock, not its
// session, because transaction poolers use a session for several clients. The number is that
// of goose's session lock, which earlier versions of this program take.
type locker struct{ tx *sql.Tx }

// Lock waits for the lock.
func (l *locker) Lock(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning the transaction of the migration lock: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", lock.DefaultLockID); err != nil {
		return errors.Join(fmt.Errorf("waiting for the migration lock: %w", err), tx.Rollback())
	}
	l.tx = tx
	return nil
}

// Unlock releases the lock.
func (l *locker) Unlock(context.Context, *sql.DB) error { return l.tx.Rollback() }
