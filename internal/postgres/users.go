package postgres

import (
	"context"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Caller returns whether the user is active and whether they are staff, or
// export.ErrUserNotFound for an unknown id.
func (s *Store) Caller(ctx context.Context, userID string) (export.Caller, error) {
	if !validText(userID) {
		return export.Caller{}, fmt.Errorf("looking up the calling user: %w", export.ErrUserNotFound)
	}
	row, err := s.q.UserCaller(ctx, userID)
	if err = ifNoRows(err, export.ErrUserNotFound); err != nil {
		return export.Caller{}, fmt.Errorf("looking up the calling user: %w", err)
	}
	return export.Caller{UserID: row.ID, Active: row.IsActive, Staff: row.IsStaff}, nil
}
