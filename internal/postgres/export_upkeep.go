package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// TakeToDispatch returns up to limit queued requests whose message is due, and sets the time
// at which it is due again. Concurrent dispatchers never get the same request.
func (s *Store) TakeToDispatch(ctx context.Context, limit int) ([]export.Request, error) {
	rows, err := s.replanned.ExportRequestDispatch(ctx, dbsqlc.ExportRequestDispatchParams{
		DispatchWithin: s.dispatchWithin, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("taking requests to dispatch: %w", err)
	}
	return toRequests(rows), nil
}

// DispatchFailed makes the requests due at once, since their messages could not be published,
// or may not have been.
func (s *Store) DispatchFailed(ctx context.Context, ids []string) error {
	us, err := parseIDs(ids)
	if err != nil {
		return err
	}
	if err := s.replanned.ExportRequestDispatchFailed(ctx, us); err != nil {
		return fmt.Errorf("making %d requests due to be dispatched: %w", len(ids), err)
	}
	return nil
}

// DispatchDue makes a queued request due, so that the dispatcher publishes its message.
func (s *Store) DispatchDue(ctx context.Context, id string) error {
	u, err := parseID(id)
	if err != nil {
		return err
	}
	if err := s.q.ExportRequestDispatchDue(ctx, u); err != nil {
		return fmt.Errorf("making export request %s due to be dispatched: %w", id, err)
	}
	return nil
}

// DispatchLost makes up to limit requests due whose message the stream has lost, and
// returns how many. messages is the number of messages in the stream.
func (s *Store) DispatchLost(ctx context.Context, messages, limit int) (int, error) {
	n, err := s.replanned.ExportRequestDispatchLost(ctx, dbsqlc.ExportRequestDispatchLostParams{
		Messages: int64(messages), DispatchWithin: s.dispatchWithin, MaxRows: int64(limit)})
	if err != nil {
		return 0, fmt.Errorf("looking for requests whose message is lost: %w", err)
	}
	return int(n), nil
}

// RescueExports returns up to limit requests whose lease has expired to the queue, or
// sets them to failed when no attempt is left.
func (s *Store) RescueExports(ctx context.Context, limit int) ([]export.Request, error) {
	rows, err := s.replanned.ExportRequestRescue(ctx, dbsqlc.ExportRequestRescueParams{
		FailureCode:    string(export.AttemptsExhausted),
		FailureMessage: export.AttemptsExhausted.Message(),
		MaxRows:        int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("rescuing requests whose lease has expired: %w", err)
	}
	return toRequests(rows), nil
}

// Unannounced returns up to limit requests that have been in a final status for at least
// olderThan and of which not every listener was told.
func (s *Store) Unannounced(ctx context.Context, olderThan time.Duration, limit int) ([]export.Announcement, error) {
	rows, err := s.replanned.ExportRequestUnannounced(ctx, dbsqlc.ExportRequestUnannouncedParams{
		OlderThan: olderThan, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("reading unannounced requests: %w", err)
	}
	all := make([]export.Announcement, len(rows))
	for i, row := range rows {
		all[i].Request = toRequest(row, false)
		if row.ToldAt != nil && row.ToldAt.Equal(row.StatusAt) { // of this status, not of one before
			all[i].Told = row.Told
		}
	}
	return all, nil
}

// MarkTold records that these listeners, and no others, were told of the request's status. It
// does nothing if the status was set since the request was read.
func (s *Store) MarkTold(ctx context.Context, r export.Request, listeners []string) error {
	id, err := parseID(r.ID)
	if err != nil {
		return err
	}
	if err := s.q.ExportRequestTold(ctx, dbsqlc.ExportRequestToldParams{ID: id, StatusAt: r.StatusAt, Listeners: listeners}); err != nil {
		return fmt.Errorf("recording the listeners told of request %s: %w", r.ID, err)
	}
	return nil
}

// MarkAnnounced records that every listener was told of the requests' statuses. It skips a
// request whose status was set since it was read, even to the same value.
func (s *Store) MarkAnnounced(ctx context.Context, rs []export.Request) error {
	p := dbsqlc.ExportRequestAnnouncedManyParams{Ids: make([]uuid.UUID, len(rs)), StatusAt: make([]time.Time, len(rs))}
	for i, r := range rs {
		id, err := parseID(r.ID)
		if err != nil {
			return err
		}
		p.Ids[i], p.StatusAt[i] = id, r.StatusAt
	}
	var err error
	if len(rs) == 1 { // the usual case, after each export
		err = s.q.ExportRequestAnnounced(ctx, dbsqlc.ExportRequestAnnouncedParams{ID: p.Ids[0], StatusAt: p.StatusAt[0]})
	} else {
		err = s.replanned.ExportRequestAnnouncedMany(ctx, p)
	}
	if err != nil {
		return fmt.Errorf("marking %d requests announced: %w", len(rs), err)
	}
	return nil
}
