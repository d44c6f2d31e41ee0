package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// queueStateTimeout ends each statement that reads the state of the queue, on the server.
// They read every row that waits, so they must not pile up when there are very many.
const queueStateTimeout = "SET LOCAL statement_timeout = '2s'"

// QueueState returns what waits in the queue, from one snapshot of the rows.
func (s *Store) QueueState(ctx context.Context) (export.QueueState, error) {
	var state export.QueueState
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
		if _, err = tx.Exec(ctx, queueStateTimeout); err != nil {
			return err
		}
		state, err = readQueueState(ctx, dbsqlc.New(replannedTx{tx}))
		return err
	})
	if err != nil {
		return export.QueueState{}, fmt.Errorf("reading the state of the queue: %w", outage(err))
	}
	return state, nil
}

func readQueueState(ctx context.Context, q *dbsqlc.Queries) (export.QueueState, error) {
	lags, err := q.ExportRequestLags(ctx)
	if err != nil {
		return export.QueueState{}, err
	}
	queued, err := q.ExportRequestQueued(ctx, string(export.Retries))
	if err != nil {
		return export.QueueState{}, err
	}
	rendering, err := q.ExportRequestRendering(ctx, string(export.Retries))
	if err != nil {
		return export.QueueState{}, err
	}
	state := export.QueueState{At: lags.At, Lag: export.QueueLag{Publish: lags.Publish, Rescue: lags.Rescue, Announce: lags.Announce, Sweep: lags.Sweep}}
	for _, lane := range append(export.Lanes(), export.Retries) {
		l := export.LaneState{Lane: lane}
		for _, row := range queued {
			if row.Lane == string(lane) {
				l.Waiting, l.Oldest, l.Resting = row.Waiting, row.Oldest, row.Resting
			}
		}
		for _, row := range rendering {
			if row.Lane == string(lane) {
				l.Rendering = row.Rendering
			}
		}
		state.Lanes = append(state.Lanes, l)
	}
	return state, nil
}

// replannedTx is replanner for a transaction.
type replannedTx struct{ pgx.Tx }

// Query plans and runs a statement.
func (t replannedTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return t.Tx.Query(ctx, sql, unprepared(args)...)
}

// QueryRow plans and runs a statement.
func (t replannedTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return t.Tx.QueryRow(ctx, sql, unprepared(args)...)
}
