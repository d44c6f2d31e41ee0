package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// RetryExport puts a failed request back into the queue with all its attempts,
// its next message counted as being sent: the caller publishes it. Its expiry
// stays. It returns ErrExpired past that, ErrWrongStatus when the request has not
// failed, and ErrNotFound.
func (s *Store) RetryExport(ctx context.Context, id string) (export.Request, error) {
	u, err := parseID(id)
	if err != nil {
		return export.Request{}, err
	}
	row, err := s.q.ExportRequestRetry(ctx, dbsqlc.ExportRequestRetryParams{ID: u, DispatchWithin: s.dispatchWithin})
	if err == nil {
		return toRequest(row, false), nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		var now export.Request
		now, err = s.Export(ctx, id)
		switch {
		case err == nil && now.Status == export.Expired:
			err = export.ErrExpired
		case err == nil:
			err = export.ErrWrongStatus
		}
	}
	return export.Request{}, fmt.Errorf("trying export request %s again: %w", id, err)
}

// RetryFailed puts failed requests back into the queue, the oldest first, and
// returns their ids. They are due for the dispatcher at once.
func (s *Store) RetryFailed(ctx context.Context, f export.Failures) ([]string, error) {
	if !storable(string(f.Code), f.UserID) {
		return nil, nil
	}
	p := dbsqlc.ExportRequestRetryFailedParams{FailureCode: null(string(f.Code)), UserID: null(f.UserID), MaxRows: int32(f.Limit)}
	ids, err := s.planned.ExportRequestRetryFailed(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("trying failed export requests again: %w", err)
	}
	return texts(ids), nil
}
