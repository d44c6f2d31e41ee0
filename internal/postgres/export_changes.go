package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// ExportsByID returns those of the requests that exist, in any order.
func (s *Store) ExportsByID(ctx context.Context, ids []string) ([]export.Request, error) {
	known := make([]string, 0, len(ids))
	for _, id := range ids {
		if _, err := parseID(id); err == nil { // no request has another id
			known = append(known, id)
		}
	}
	uuids, err := parseIDs(known)
	if err != nil {
		return nil, err
	}
	rows, err := s.q.ExportRequestByIDs(ctx, uuids)
	if err != nil {
		return nil, fmt.Errorf("reading %d export requests: %w", len(ids), err)
	}
	requests := make([]export.Request, len(rows))
	for i, row := range rows {
		requests[i] = toRequest(row.ExportRequest, row.PastExpiry)
	}
	return requests, nil
}

// ExportsChanged returns, of a user's newest requests, at most limit, those that are not final
// and those whose status was set at since or later, in the order in which it was set.
func (s *Store) ExportsChanged(ctx context.Context, userID string, since time.Time, limit int) ([]export.Request, error) {
	if !validText(userID) {
		return nil, nil
	}
	rows, err := s.q.ExportRequestChanged(ctx, dbsqlc.ExportRequestChangedParams{UserID: userID, Since: since, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("reading changed export requests: %w", err)
	}
	requests := make([]export.Request, len(rows))
	for i, row := range rows {
		requests[i] = toRequest(row.ExportRequest, row.PastExpiry)
	}
	return requests, nil
}
