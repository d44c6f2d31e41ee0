package blob_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"testing"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	for _, length := range []int{1, 60_000, 128 << 10, 1 << 20} {
		data := make([]byte, length)
		sum, size := sha256.Sum256(data), int64(length)
		changed := make([]byte, length)
		changed[length-1] = 1
		for name, s := range stores(t) {
			put(t, s, "a", data)
			put(t, s, "changed", changed)
			for what, c := range map[string]struct {
				key  string
				size int64
				want error
			}{
				"same bytes":  {"a", size, nil},
				"other size":  {"a", size + 1, export.ErrDamaged},
				"other bytes": {"changed", size, export.ErrDamaged},
				"no file":     {"none", size, blob.ErrNotFound},
			} {
				if err := s.Verify(t.Context(), c.key, c.size, sum); !errors.Is(err, c.want) {
					t.Errorf("%s, %d bytes, %s: %v, want %v", name, length, what, err, c.want)
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := s.Verify(ctx, "a", size, sum); !errors.Is(err, context.Canceled) || errors.Is(err, export.ErrDamaged) {
				t.Errorf("%s, canceled: %v", name, err)
			}
		}
	}
}
