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

// EraseExports makes up to limit requests of the owner disappear, those above
// after in order of their ids, and returns their ids in that order: work on them
// is fenced out, nobody can read them, and no sweeper takes them within hold.
// What is left to do is to delete their files and to forget them.
func (s *Store) EraseExports(ctx context.Context, userID, after string, hold time.Duration, limit int) ([]string, error) {
	from, err := above(after)
	if err != nil || !storable(userID) {
		return nil, err
	}
	var ids []uuid.UUID
	// It waits for rows that others hold, so it may be the one that a deadlock ends.
	err = again(ctx, func() (err error) {
		ids, err = s.planned.ExportRequestErase(ctx, dbsqlc.ExportRequestEraseParams{UserID: userID, After: from, Mark: hold, MaxRows: int32(limit)})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("erasing a user's export requests: %w", err)
	}
	list := texts(ids)
	slices.Sort(list) // which a statement that changes rows does not promise
	return list, nil
}

// ErasedExports returns up to limit erased requests of the owner, those above
// after in order of their ids.
func (s *Store) ErasedExports(ctx context.Context, userID, after string, limit int) ([]export.Swept, error) {
	from, err := above(after)
	if err != nil || !storable(userID) {
		return nil, err
	}
	rows, err := s.planned.ExportRequestErased(ctx, dbsqlc.ExportRequestErasedParams{UserID: userID, After: from, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("reading a user's erased export requests: %w", err)
	}
	erased := make([]export.Swept, len(rows))
	for i, row := range rows {
		erased[i] = export.Swept{ID: row.ID.String(), BlobKey: deref(row.BlobKey)}
	}
	return erased, nil
}

// ForgetExports removes erased requests whose files are gone and returns how many.
func (s *Store) ForgetExports(ctx context.Context, ids []string) (int64, error) {
	us, err := parseIDs(ids)
	if err != nil {
		return 0, err
	}
	n, err := s.planned.ExportRequestForget(ctx, us)
	if err != nil {
		return 0, fmt.Errorf("forgetting %d erased export requests: %w", len(ids), err)
	}
	return n, nil
}

// above reads a cursor; empty is below every id.
func above(after string) (uuid.UUID, error) {
	if after == "" {
		return uuid.Nil, nil
	}
	return parseID(after)
}

// texts writes ids as the domain has them.
func texts(ids []uuid.UUID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	return list
}
