package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// steady runs each statement in its own transaction. It repeats a statement that failed
// temporarily without changing anything. An error that means that the database cannot be
// reached wraps export.ErrUnavailable.
type steady struct{ dbsqlc.DBTX }

// Exec runs a statement that returns no rows.
func (s steady) Exec(ctx context.Context, sql string, args ...any) (tag pgconn.CommandTag, err error) {
	err = retry(ctx, func() (err error) {
		tag, err = s.DBTX.Exec(ctx, sql, args...)
		return err
	})
	return tag, err
}

// QueryRow runs a statement that returns at most one row.
func (s steady) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return steadyRow(func(dest ...any) error {
		return retry(ctx, func() error { return s.DBTX.QueryRow(ctx, sql, args...).Scan(dest...) })
	})
}

// Query runs a statement that returns rows. It is not repeated once the server may
// have sent rows.
func (s steady) Query(ctx context.Context, sql string, args ...any) (rows pgx.Rows, err error) {
	err = retry(ctx, func() (err error) {
		rows, err = s.DBTX.Query(ctx, sql, args...)
		return err
	})
	return steadyRows{rows}, err
}

type steadyRow func(dest ...any) error

// Scan reads the row.
func (r steadyRow) Scan(dest ...any) error { return r(dest...) }

type steadyRows struct{ pgx.Rows }

// Err returns the error that ended the rows, if any.
func (r steadyRows) Err() error { return outage(r.Rows.Err()) }

// retry calls do up to four times while it fails temporarily without changing anything: the
// statement was not sent, or its transaction was rolled back because of another one. It
// returns the last error, marked by outage.
func retry(ctx context.Context, do func() error) error {
	const tries = 4
	for try := 1; ; try++ {
		err := do()
		if try == tries || !pgconn.SafeToRetry(err) && !lostConflict(err) {
			return outage(err)
		}
		// A random pause, so that the same two transactions do not collide again.
		pause := time.NewTimer(rand.N(time.Duration(try) * 20 * time.Millisecond))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return outage(err)
		}
	}
}

// lostConflict reports whether err is a deadlock or a serialization failure, for which
// Postgres rolls back the whole transaction.
func lostConflict(err error) bool {
	const deadlock, serialization = "40P01", "40001"
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && (pgErr.Code == deadlock || pgErr.Code == serialization)
}

// outage wraps temporary errors of the database in export.ErrUnavailable: no connection, none
// free in time, or a server that starts, stops or is out of resources.
func outage(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, export.ErrUnavailable) {
		return err
	}
	var pgErr *pgconn.PgError
	var connecting *pgconn.ConnectError
	var network net.Error
	away := pgconn.SafeToRetry(err) || lostConflict(err) ||
		errors.As(err, &connecting) || errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
	if errors.As(err, &pgErr) {
		const connection, resources, stopping = "08", "53", "57P" // stopping, crashed, or starting
		away = away || strings.HasPrefix(pgErr.Code, connection) || strings.HasPrefix(pgErr.Code, resources) || strings.HasPrefix(pgErr.Code, stopping)
	}
	if !away {
		return err
	}
	return fmt.Errorf("%w: %w", export.ErrUnavailable, err)
}
