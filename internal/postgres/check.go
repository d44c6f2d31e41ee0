package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
)

// ErrSchemaBehind means that the database lacks migrations of this build.
var ErrSchemaBehind = errors.New("the database schema is older than this program: run letraz-export migrate")

// CheckSchema returns ErrSchemaBehind when migrations are missing. If the tables of resumes
// are those of another product, it also returns an error when they differ from the contract.
// It needs to read only.
func CheckSchema(ctx context.Context, url string) error {
	return onConnection(ctx, url, func(conn *pgx.Conn) error {
		scope, behind, err := schemaState(ctx, conn)
		if err != nil {
			return err
		}
		if behind {
			return ErrSchemaBehind
		}
		if scope == everything {
			return nil
		}
		differences, _, err := compareColumns(ctx, conn)
		if err != nil || len(differences) == 0 {
			return err
		}
		return fmt.Errorf("the tables of resumes differ from what this program reads (%s); letraz-export migrate --check names every difference", differences[0])
	})
}

// Check compares the database at url with what this program reads, and returns every
// difference as a line of text. It needs to read only.
func Check(ctx context.Context, url string) (differences []string, err error) {
	err = onConnection(ctx, url, func(conn *pgx.Conn) error {
		_, behind, err := schemaState(ctx, conn)
		if err != nil {
			return err
		}
		if behind {
			differences = append(differences, "the service's own tables: migrations are missing; run letraz-export migrate")
		}
		columns, found, err := compareColumns(ctx, conn)
		if err != nil {
			return err
		}
		rows, err := compareRows(ctx, conn, found)
		if err != nil {
			return err
		}
		differences = slices.Concat(differences, columns, rows)
		return nil
	})
	return differences, err
}

// schemaState returns how the database was set up and whether migrations are missing.
func schemaState(ctx context.Context, conn *pgx.Conn) (scope Scope, behind bool, err error) {
	for _, scope := range []Scope{serviceOnly, everything} {
		var there bool
		if err := conn.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", scope.versions).Scan(&there); err != nil {
			return Scope{}, false, fmt.Errorf("looking for the schema version: %w", err)
		}
		if !there {
			continue
		}
		rows, err := conn.Query(ctx, "SELECT version_id FROM "+scope.versions+" WHERE is_applied")
		if err != nil {
			return Scope{}, false, fmt.Errorf("reading the schema version: %w", err)
		}
		applied, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return Scope{}, false, fmt.Errorf("reading the schema version: %w", err)
		}
		wanted, err := versions()
		if err != nil {
			return Scope{}, false, err
		}
		behind := slices.ContainsFunc(wanted, func(version int64) bool { return !slices.Contains(applied, version) })
		return scope, behind, nil
	}
	return Scope{}, true, nil
}

// versions returns the numbers of the migrations.
func versions() ([]int64, error) {
	files, err := fs.Glob(everything.migrations, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	numbers := make([]int64, len(files))
	for i, file := range files {
		if numbers[i], err = goose.NumericComponent(file); err != nil {
			return nil, fmt.Errorf("reading the migrations: %w", err)
		}
	}
	return numbers, nil
}

// onConnection connects to the database at url for do.
func onConnection(ctx context.Context, url string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, url)
	if parse := new(pgconn.ParseConfigError); errors.As(err, &parse) {
		return errURL
	}
	if err != nil {
		return outage(fmt.Errorf("reaching the database: %w", err))
	}
	defer func() { _ = conn.Close(ctx) }() // it was only read
	return do(conn)
}
