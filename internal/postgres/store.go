// Package postgres stores resumes and export requests in Postgres: the store that
// the API, workers, dispatcher and sweeper share, and the migrator.
//
// It is the only package that imports pgx. Statements are in queries/, from which
// internal/dbsqlc is generated; this package maps rows to domain values and database
// errors to the domain's. Times are compared by the database only.
package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// Options adjust a Store. The zero value is what production uses.
type Options struct {
	// MaxConns bounds the pool; 0 keeps pgx's default, the greater of 4 and the
	// number of cores, or what the URL's pool_max_conns says.
	MaxConns int32
	// DispatchWithin is how long the process that queues a request has to publish its
	// message before the dispatcher does; default 15 s.
	DispatchWithin time.Duration
}

// Store is the database. It is safe for concurrent use.
type Store struct {
	pool           *pgxpool.Pool
	q              *dbsqlc.Queries
	planned        *dbsqlc.Queries // for statements over many rows
	dispatchWithin time.Duration
}

// Open connects to the database at url and checks that it answers.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The parser's error can quote the URL and with it the password.
		return nil, fmt.Errorf("the database URL cannot be parsed: give it as postgres://user:password@host:5432/database")
	}
	if o.MaxConns > 0 {
		cfg.MaxConns = o.MaxConns
	}
	if cfg.ConnConfig.RuntimeParams["application_name"] == "" {
		cfg.ConnConfig.RuntimeParams["application_name"] = "letraz-export"
	}
	cfg.ConnConfig.MaxProtocolMessageBodyLen = maxMessage
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	s := &Store{pool: pool, q: dbsqlc.New(steady{pool}), planned: dbsqlc.New(steady{planned{pool}}), dispatchWithin: o.DispatchWithin}
	if s.dispatchWithin == 0 {
		s.dispatchWithin = 15 * time.Second
	}
	if err := s.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("reaching the database: %w", err)
	}
	return nil
}

// Close closes every connection, waiting for those in use.
func (s *Store) Close() { s.pool.Close() }

// planned makes Postgres plan every query for its arguments and the current
// statistics, which costs little beside the work on a batch of rows. A prepared
// statement gets a generic plan after some calls and keeps it: one for lists of a
// user and of everybody scans the table for one of the two, and one that was made
// when the table was empty scans it for every batch.
type planned struct{ *pgxpool.Pool }

// Query plans and runs a statement.
func (p planned) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return p.Pool.Query(ctx, sql, now(args)...)
}

// QueryRow plans and runs a statement.
func (p planned) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return p.Pool.QueryRow(ctx, sql, now(args)...)
}

// Exec plans and runs a statement.
func (p planned) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return p.Pool.Exec(ctx, sql, now(args)...)
}

// now makes the statement be planned for this call.
func now(args []any) []any { return append([]any{pgx.QueryExecModeDescribeExec}, args...) }
