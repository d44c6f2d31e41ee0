package postgres

import (
	"context"
	"fmt"
)

// Activity is what the server has done for the database.
type Activity struct {
	Transactions int64 // that wrote something, of all databases
	LogBytes     int64 // of the write-ahead log, of all databases
	Connections  int   // now
}

// activitySQL is not sqlc's, which does not know the server's statistics.
const activitySQL = `SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint, (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint, numbackends
	FROM pg_stat_database WHERE datname = current_database()`

// Activity returns what the server has done until now.
func (s *Store) Activity(ctx context.Context) (Activity, error) {
	var a Activity
	if err := s.pool.QueryRow(ctx, activitySQL).Scan(&a.Transactions, &a.LogBytes, &a.Connections); err != nil {
		return Activity{}, fmt.Errorf("reading the statistics of the database: %w", outage(err))
	}
	return a, nil
}
