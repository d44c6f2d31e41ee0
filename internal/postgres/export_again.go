package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// RetryExport returns a failed request to the queue with all its attempts. The caller
// publishes its message. The expiry stays the same. It returns ErrExpired past the
// expiry, ErrWrongStatus when the request has not failed, and ErrNotFound.
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

// RetryFailed returns failed requests to the queue, the oldest first, and returns
// their ids. The dispatcher publishes their messages.
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
