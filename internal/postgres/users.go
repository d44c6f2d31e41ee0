package postgres

import (
	"context"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Caller says who the user is: whether they may act and whether they are staff.
// It returns export.ErrUserNotFound for an unknown id.
func (s *Store) Caller(ctx context.Context, userID string) (export.Caller, error) {
	if !storable(userID) {
		return export.Caller{}, fmt.Errorf("looking up the calling user: %w", export.ErrUserNotFound)
	}
	row, err := s.q.UserCaller(ctx, userID)
	if err = noRow(err, export.ErrUserNotFound); err != nil {
		return export.Caller{}, fmt.Errorf("looking up the calling user: %w", err)
	}
	return export.Caller{UserID: row.ID, Active: row.IsActive, Staff: row.IsStaff}, nil
}
