package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// EraseExports erases up to limit requests of the owner, in order of their ids and beginning
// above the id after, and returns their ids in that order. Their workers are fenced out,
// nobody can read them any more, and sweepers skip them for the time hold. The caller then
// deletes their files and calls ForgetExports.
func (s *Store) EraseExports(ctx context.Context, userID, after string, hold time.Duration, limit int) ([]string, error) {
	from, err := above(after)
	if err != nil || !validText(userID) {
		return nil, err
	}
	var ids []uuid.UUID
	// The statement waits for locked rows, so it may be ended by a deadlock.
	err = retry(ctx, func() (err error) {
		ids, err = s.replanned.ExportRequestErase(ctx, dbsqlc.ExportRequestEraseParams{UserID: userID, After: from, Mark: hold, MaxRows: int32(limit)})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("erasing a user's export requests: %w", err)
	}
	list := texts(ids)
	slices.Sort(list) // RETURNING has no order
	return list, nil
}

// ErasedExports returns up to limit erased requests of the owner, in order of their ids and
// beginning above the id after.
func (s *Store) ErasedExports(ctx context.Context, userID, after string, limit int) ([]export.Swept, error) {
	from, err := above(after)
	if err != nil || !validText(userID) {
		return nil, err
	}
	rows, err := s.replanned.ExportRequestErased(ctx, dbsqlc.ExportRequestErasedParams{UserID: userID, After: from, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("reading a user's erased export requests: %w", err)
	}
	erased := make([]export.Swept, len(rows))
	for i, row := range rows {
		erased[i] = export.Swept{ID: row.ID.String(), BlobKey: deref(row.BlobKey)}
	}
	return erased, nil
}

// ForgetExports deletes the rows of erased requests whose files are deleted, and
// returns how many.
func (s *Store) ForgetExports(ctx context.Context, ids []string) (int64, error) {
	us, err := parseIDs(ids)
	if err != nil {
		return 0, err
	}
	n, err := s.replanned.ExportRequestForget(ctx, us)
	if err != nil {
		return 0, fmt.Errorf("deleting %d erased export requests: %w", len(ids), err)
	}
	return n, nil
}

// above parses a cursor, the id after which a list begins. An empty cursor is below every id.
func above(after string) (uuid.UUID, error) {
	if after == "" {
		return uuid.Nil, nil
	}
	return parseID(after)
}

// texts converts ids to the domain's form.
func texts(ids []uuid.UUID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	return list
}
