package postgres

import (
	"context"
	"fmt"
)

// StoreMarker returns the recorded marker of the file store, or "".
func (s *Store) StoreMarker(ctx context.Context) (string, error) {
	marker, err := s.q.StoreMarkerGet(ctx)
	if err = ifNoRows(err, nil); err != nil {
		return "", fmt.Errorf("reading the marker of the file store: %w", err)
	}
	return marker, nil
}

// RecordStoreMarker records the marker of the file store, unless one is recorded, and returns
// the one that is.
func (s *Store) RecordStoreMarker(ctx context.Context, marker string) (string, error) {
	if err := s.q.StoreMarkerInsert(ctx, marker); err != nil {
		return "", fmt.Errorf("recording the marker of the file store: %w", err)
	}
	return s.StoreMarker(ctx)
}
