package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Marker returns the store's marker, or "" if it has none.
func (s *Store) Marker(ctx context.Context) (string, error) {
	r, _, err := s.Open(ctx, export.StoreMarker)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the store's marker: %w", err)
	}
	defer func() { _ = r.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(r, 256))
	if err != nil {
		return "", fmt.Errorf("reading the store's marker: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// Mark gives the store a marker if it has none, and returns the one it has then. Of several
// calls at the same time only one gives it.
func (s *Store) Mark(ctx context.Context, marker string) (string, error) {
	err := s.backend.create(ctx, export.StoreMarker, []byte(marker+"\n"), "text/plain")
	if err != nil && !errors.Is(err, errExists) {
		return "", fmt.Errorf("writing the store's marker: %w", err)
	}
	return s.Marker(ctx)
}

// errExists means that there are bytes under a key already.
var errExists = errors.New("there is such a file already")
