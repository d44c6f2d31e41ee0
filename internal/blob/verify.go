package blob

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Verify reads the bytes under the key and reports export.ErrDamaged when they are
// not size bytes with the checksum, or ErrNotFound when there are none.
func (s *Store) Verify(ctx context.Context, key string, size int64, sum [32]byte) error {
	if err := s.verify(ctx, key, size, sum); err != nil {
		return fmt.Errorf("verifying %s: %w", key, err)
	}
	return nil
}

func (s *Store) verify(ctx context.Context, key string, size int64, sum [32]byte) error {
	r, stored, err := s.backend.open(ctx, key)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // it was only read
	if stored != size {
		return fmt.Errorf("%w: it has %d bytes instead of %d", export.ErrDamaged, stored, size)
	}
	hash := sha256.New()
	buffer := make([]byte, min(size+1, 128<<10))
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(buffer)
		_, _ = hash.Write(buffer[:n]) // never fails
		if err == io.EOF {            //nolint:errorlint // by contract the bare value
			break
		}
		if err != nil {
			return cause(err)
		}
	}
	if [32]byte(hash.Sum(nil)) != sum {
		return fmt.Errorf("%w: its checksum is another", export.ErrDamaged)
	}
	return nil
}
