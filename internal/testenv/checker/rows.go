package checker

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Querier is a pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// ReadRows reads the rows of all requests.
func ReadRows(ctx context.Context, db Querier, into map[string]Row) error {
	rows, err := db.Query(ctx, `SELECT id::text, user_id, lane, status::text, coalesce(announced::text, ''), attempt, max_attempts,
		coalesce(failure_code, ''), coalesce(blob_key, ''), coalesce(sha256, ''), format, coalesce(size, 0), download_count, expires_at, status_at
		FROM export_request`)
	if err != nil {
		return fmt.Errorf("reading the rows: %w", err)
	}
	var r Row
	var sha []byte
	_, err = pgx.ForEachRow(rows, []any{&r.ID, &r.User, &r.Lane, &r.Status, &r.Announced, &r.Attempt, &r.MaxAttempts, &r.Failure, &r.BlobKey, &sha,
		&r.Format, &r.Size, &r.Downloads, &r.Expires, &r.Since}, func() error {
		r.SHA256 = hex.EncodeToString(sha)
		into[r.ID] = r
		return nil
	})
	return err
}

// ReadHistory reads the history that watchHistory records.
func ReadHistory(ctx context.Context, db Querier, into map[string][]Step) error {
	rows, err := db.Query(ctx, `SELECT id::text, at, coalesce(old_status, ''), coalesce(new_status, ''), attempt,
		coalesce(old_token::text, ''), coalesce(new_token::text, ''), coalesce(blob_key, ''), coalesce(failure, '')
		FROM chaos.history ORDER BY seq`)
	if err != nil {
		return fmt.Errorf("reading the history: %w", err)
	}
	var id string
	var s Step
	_, err = pgx.ForEachRow(rows, []any{&id, &s.At, &s.Old, &s.New, &s.Attempt, &s.OldToken, &s.NewToken, &s.BlobKey, &s.Failure}, func() error {
		into[id] = append(into[id], s)
		return nil
	})
	return err
}

// Drained waits until no request is queued or rendering and none has been past its expiry or
// unannounced for some time. It returns how many still are when limit is over.
func Drained(ctx context.Context, db *pgxpool.Pool, limit time.Duration) (left int, err error) {
	deadline := time.Now().Add(limit)
	for {
		err = db.QueryRow(ctx, `SELECT count(*) FROM export_request WHERE status IN ('queued', 'rendering')
			OR (announced IS DISTINCT FROM status AND status_at < now() - interval '10 s')
			OR (status <> 'expired' AND expires_at < now() - interval '10 s')`).Scan(&left)
		if err == nil && left == 0 || time.Now().After(deadline) || !Pause(ctx, 200*time.Millisecond) {
			return left, err
		}
	}
}
