// Package postgres stores resumes and export requests in Postgres: the store that
// the API, workers, dispatcher and sweeper share, and the migrator.
//
// It is the only package that imports pgx. Statements are in queries/, from which
// internal/dbsqlc is generated; this package maps rows to domain values and database
// errors to the domain's. Times are compared by the database only.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// Options configure a Store. The zero value has the defaults.
type Options struct {
	// MaxConns is the maximum number of connections. 0: the URL's pool_max_conns, or pgx's
	// default, the greater of 4 and the number of cores.
	MaxConns int32
	// DispatchWithin is the time that the process that queues a request has to publish its
	// message before the dispatcher does. Default 15 s.
	DispatchWithin time.Duration
	// Observer is told of statements. Optional.
	Observer Observer
}

// Store is the database. It is safe for concurrent use.
type Store struct {
	pool           *pgxpool.Pool
	q              *dbsqlc.Queries
	replanned      *dbsqlc.Queries // for statements over many rows; see replanner
	dispatchWithin time.Duration
}

// errURL stands for the parser's errors, which can quote the URL and with it the password.
var errURL = errors.New("the database URL cannot be parsed: give it as postgres://user:password@host:5432/database")

// Open connects to the database at url and checks that it answers.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errURL
	}
	if o.MaxConns > 0 {
		cfg.MaxConns = o.MaxConns
	}
	if cfg.ConnConfig.RuntimeParams["application_name"] == "" {
		cfg.ConnConfig.RuntimeParams["application_name"] = "letraz-export"
	}
	cfg.ConnConfig.MaxProtocolMessageBodyLen = maxMessage
	if o.Observer != nil {
		cfg.ConnConfig.Tracer = tracer{o.Observer}
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	s := &Store{pool: pool, q: dbsqlc.New(steady{pool}), replanned: dbsqlc.New(steady{replanner{pool}}), dispatchWithin: o.DispatchWithin}
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

// replanner runs statements without preparing them, so that Postgres plans each call for its
// arguments and the current statistics. The planning takes little time compared with a
// statement over many rows. A prepared statement gets a generic plan after some calls and
// keeps it. Such a plan is bad if arguments differ much (a list of one user's exports, or of
// all), or if the table was empty when the plan was made: it may scan the whole table.
//
// The statement, its arguments and its execution are sent in one round trip, as transaction
// poolers require.
type replanner struct{ *pgxpool.Pool }

// Query plans and runs a statement.
func (p replanner) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return p.Pool.Query(ctx, sql, unprepared(args)...)
}

// QueryRow plans and runs a statement.
func (p replanner) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return p.Pool.QueryRow(ctx, sql, unprepared(args)...)
}

// Exec plans and runs a statement.
func (p replanner) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return p.Pool.Exec(ctx, sql, unprepared(args)...)
}

// unprepared adds the option that makes pgx run a statement without preparing it under a
// name. Only the types of its arguments and columns are kept.
func unprepared(args []any) []any { return append([]any{pgx.QueryExecModeCacheDescribe}, args...) }
