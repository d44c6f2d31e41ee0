package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Observer is told of statements, for metrics and traces. Its methods must not block.
type Observer interface {
	// Statement is called after a statement, with its name in queries/. A batch has the name
	// of its first statement, and a statement without a name is "other". An error means
	// that the statement failed, not that no row was found; one that wraps
	// export.ErrUnavailable means that the database does not answer.
	Statement(ctx context.Context, name string, took time.Duration, err error)
	// Connection is called when no connection could be had.
	Connection(err error)
}

// Stats are the state of the connections.
type Stats struct {
	Used, Open, Max int
	// Waited is the time that statements have waited for a connection since the start.
	Waited time.Duration
}

// Stats returns the state of the connections.
func (s *Store) Stats() Stats {
	p := s.pool.Stat()
	return Stats{Used: int(p.AcquiredConns()), Open: int(p.TotalConns()), Max: int(p.MaxConns()), Waited: p.EmptyAcquireWaitTime()}
}

// tracer passes what pgx traces to the observer.
type tracer struct{ observer Observer }

// traced is a statement under way.
type traced struct {
	name  string
	began time.Time
}

type tracedKey struct{}

func begin(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, tracedKey{}, traced{name, time.Now()})
}

func (t tracer) end(ctx context.Context, err error) {
	if s, ok := ctx.Value(tracedKey{}).(traced); ok {
		t.observer.Statement(ctx, s.name, time.Since(s.began), outage(err))
	}
}

// TraceQueryStart is called by pgx.
func (t tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	return begin(ctx, statementName(data.SQL))
}

// TraceQueryEnd is called by pgx.
func (t tracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	t.end(ctx, data.Err)
}

// TraceBatchStart is called by pgx.
func (t tracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	name := unnamed
	for _, q := range data.Batch.QueuedQueries {
		if name = statementName(q.SQL); name != unnamed {
			break
		}
	}
	return begin(ctx, name)
}

// TraceBatchQuery is called by pgx.
func (t tracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd is called by pgx.
func (t tracer) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchEndData) {
	t.end(ctx, data.Err)
}

// TraceAcquireStart is called by the pool.
func (t tracer) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	return ctx
}

// TraceAcquireEnd is called by the pool.
func (t tracer) TraceAcquireEnd(_ context.Context, _ *pgxpool.Pool, data pgxpool.TraceAcquireEndData) {
	if data.Err != nil {
		t.observer.Connection(outage(data.Err))
	}
}

// unnamed is the name of a statement that is not in queries/.
const unnamed = "other"

// statementName returns the name that sqlc has written above the statement.
func statementName(sql string) string {
	rest, ok := strings.CutPrefix(sql, "-- name: ")
	if !ok {
		return unnamed
	}
	name, _, ok := strings.Cut(rest, " ")
	if !ok {
		return unnamed
	}
	return name
}
