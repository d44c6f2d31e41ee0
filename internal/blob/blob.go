// Package blob keeps the bytes of finished exports: in a directory, or in any
// bucket gocloud.dev/blob can open. It knows keys and bytes, not requests.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/letrazapp/letraz-export/internal/export"
)

// ErrNotFound means that there are no bytes under the key.
var ErrNotFound = errors.New("no such file in the store")

// Store holds files under keys: paths such as exports/ab/name.pdf. It is safe
// for concurrent use.
type Store struct {
	in place

	probing   atomic.Bool // a Probe is under way
	probeKey  sync.Once   // guards probeName
	probeName string      // key of the probes
}

// place is a directory or a bucket. Its errors do not name the key; that there is
// nothing under one is ErrNotFound.
type place interface {
	put(ctx context.Context, key string, data []byte, contentType string) error
	copy(ctx context.Context, from, to string) (int64, error)
	flushed(ctx context.Context, key string) error
	open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error)
	delete(ctx context.Context, key string) error
	list(ctx context.Context, under string) iter.Seq2[export.StoredFile, error]
	ping(ctx context.Context) error
	close() error
}

// Open opens the store at location: a directory (created when missing), or a
// bucket URL such as s3://bucket?region=eu-central-1&prefix=exports/.
func Open(ctx context.Context, location string) (*Store, error) {
	path, local := strings.CutPrefix(location, "file://")
	if !local && strings.Contains(location, "://") {
		b, err := openBucket(ctx, location)
		if err != nil {
			return nil, err
		}
		return &Store{in: b}, nil
	}
	if path == "" {
		return nil, errors.New("opening the blob store: no directory is given")
	}
	d, err := openDirectory(path)
	if err != nil {
		return nil, err
	}
	return &Store{in: d}, nil
}

// Put stores the bytes under the key, whole or not at all. When it returns
// without an error they survive a power cut.
func (s *Store) Put(ctx context.Context, key string, data []byte, contentType string) error {
	if err := s.in.put(ctx, key, data, contentType); err != nil {
		return fmt.Errorf("storing %s: %w", key, err)
	}
	return nil
}

// Copy stores the bytes under from once more under to, whole or not at all, and
// returns how many there are; ErrNotFound when there are none under from. Either
// can be deleted without harm to the other. The copy survives a power cut after
// Flush, so that who copies can give up what others wait for in between.
func (s *Store) Copy(ctx context.Context, from, to string) (int64, error) {
	size, err := s.in.copy(ctx, from, to)
	if err != nil {
		return 0, fmt.Errorf("copying %s to %s: %w", from, to, err)
	}
	return size, nil
}

// Flush waits until what Copy stored under the key survives a power cut.
func (s *Store) Flush(ctx context.Context, key string) error {
	if err := s.in.flushed(ctx, key); err != nil {
		return fmt.Errorf("flushing %s: %w", key, err)
	}
	return nil
}

// Open gives the bytes under the key and how many there are, or ErrNotFound.
// The caller closes the reader.
func (s *Store) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	r, size, err := s.in.open(ctx, key)
	if err != nil {
		return nil, 0, fmt.Errorf("opening %s: %w", key, err)
	}
	return r, size, nil
}

// Delete removes the bytes under the key; that there are none is fine.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := s.in.delete(ctx, key); err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("deleting %s: %w", key, err)
	}
	return nil
}

// List walks the files whose keys begin with the directory under, in no order, a
// page at a time. What is stored or deleted meanwhile may be met or not. After an
// error it ends.
func (s *Store) List(ctx context.Context, under string) iter.Seq2[export.StoredFile, error] {
	return func(yield func(export.StoredFile, error) bool) {
		for file, err := range s.in.list(ctx, under) {
			if err != nil {
				yield(export.StoredFile{}, fmt.Errorf("listing the files under %s: %w", under, err))
				return
			}
			if !yield(file, nil) {
				return
			}
		}
	}
}

// Ping reports whether the store can be used.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.in.ping(ctx); err != nil {
		return fmt.Errorf("reaching the blob store: %w", err)
	}
	return nil
}

// Close releases the store.
func (s *Store) Close() error { return s.in.close() }
