package api

import (
	"context"
	"errors"

	"github.com/letrazapp/letraz-export/internal/export"
)

// user returns the user of a verified identity. One whom the database does not know is a new
// one if users are created: nothing is theirs yet, and their row is made with their first
// resume, so that reading never makes one.
func (s *server) user(ctx context.Context, userID string) (export.Caller, error) {
	caller, err := s.Store.Caller(ctx, userID)
	if s.CreateUsers && errors.Is(err, export.ErrUserNotFound) && validText(userID) && len(userID) <= maxUserID {
		return export.Caller{UserID: userID, Active: true, New: true}, nil
	}
	return caller, err
}
