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

// steady runs statements, each in a transaction of its own, and repeats a statement
// that has changed nothing and may succeed the next time. An error that means that
// the database cannot be reached wraps export.ErrUnavailable.
type steady struct{ dbsqlc.DBTX }

// Exec runs a statement that returns no rows.
func (s steady) Exec(ctx context.Context, sql string, args ...any) (tag pgconn.CommandTag, err error) {
	err = again(ctx, func() (err error) {
		tag, err = s.DBTX.Exec(ctx, sql, args...)
		return err
	})
	return tag, err
}

// QueryRow runs a statement that returns at most one row.
func (s steady) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return steadyRow(func(dest ...any) error {
		return again(ctx, func() error { return s.DBTX.QueryRow(ctx, sql, args...).Scan(dest...) })
	})
}

// Query runs a statement that returns rows. It is not repeated once the server may
// have sent rows.
func (s steady) Query(ctx context.Context, sql string, args ...any) (rows pgx.Rows, err error) {
	err = again(ctx, func() (err error) {
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

// again repeats a call that failed without having changed anything: a transaction
// that was rolled back for another one, or a statement that was not sent.
func again(ctx context.Context, do func() error) error {
	const tries = 4
	for try := 1; ; try++ {
		err := do()
		if try == tries || !pgconn.SafeToRetry(err) && !lostAgainstAnother(err) {
			return outage(err)
		}
		// At random, so that the same two transactions do not collide again.
		pause := time.NewTimer(rand.N(time.Duration(try) * 20 * time.Millisecond))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return outage(err)
		}
	}
}

// lostAgainstAnother reports a deadlock or a serialization failure, after which the
// whole transaction was rolled back.
func lostAgainstAnother(err error) bool {
	const deadlock, serialization = "40P01", "40001"
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && (pgErr.Code == deadlock || pgErr.Code == serialization)
}

// outage adds export.ErrUnavailable to errors that pass by themselves: no connection,
// none free in time, or a server that starts, stops or is out of resources.
func outage(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, export.ErrUnavailable) {
		return err
	}
	var pgErr *pgconn.PgError
	var connecting *pgconn.ConnectError
	var network net.Error
	away := pgconn.SafeToRetry(err) || lostAgainstAnother(err) ||
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
