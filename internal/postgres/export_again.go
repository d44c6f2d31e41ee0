package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// RetryExport returns a failed request to the queue with its full number of attempts and the
// same expiry. The caller publishes its message. The error is ErrExpired past the expiry,
// ErrWrongStatus if the request has not failed, or ErrNotFound.
func (s *Store) RetryExport(ctx context.Context, id string) (export.Request, error) {
	u, err := parseID(id)
	if err != nil {
		return export.Request{}, err
	}
	var row dbsqlc.ExportRequest
	err = s.audited(ctx, id, func(q *dbsqlc.Queries) (err error) {
		row, err = q.ExportRequestRetry(ctx, dbsqlc.ExportRequestRetryParams{ID: u, DispatchWithin: s.dispatchWithin})
		return err
	})
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
	return export.Request{}, fmt.Errorf("retrying export request %s: %w", id, err)
}

// RetryFailed returns failed requests to the queue, the oldest first, and returns
// their ids. The dispatcher publishes their messages.
func (s *Store) RetryFailed(ctx context.Context, f export.Failures) ([]string, error) {
	if !validText(string(f.Code), f.UserID) {
		return nil, nil
	}
	p := dbsqlc.ExportRequestRetryFailedParams{FailureCode: nullIfZero(string(f.Code)), UserID: nullIfZero(f.UserID), MaxRows: int32(f.Limit)}
	ids, err := s.replanned.ExportRequestRetryFailed(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("retrying failed export requests: %w", err)
	}
	return texts(ids), nil
}
