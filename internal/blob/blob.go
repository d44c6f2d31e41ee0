// Package blob stores the bytes of finished exports in a directory, or in any
// bucket that gocloud.dev/blob can open. It knows keys and bytes, not requests.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
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
	backend backend
	name    string // its location without credentials and parameters

	probing   atomic.Bool // a Probe is under way
	probeKey  sync.Once   // guards probeName
	probeName string      // key of the probes
}

// backend is a directory or a bucket. Its errors do not name the key, which Store
// adds; a key without bytes is ErrNotFound.
type backend interface {
	put(ctx context.Context, key string, data []byte, contentType string) error
	create(ctx context.Context, key string, data []byte, contentType string) error // errExists if there are bytes
	copy(ctx context.Context, from, to string) (int64, error)
	sync(ctx context.Context, key string) error
	open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error)
	delete(ctx context.Context, key string) error
	list(ctx context.Context, under string) iter.Seq2[export.StoredFile, error]
	ping(ctx context.Context) error
	close() error
}

// Open opens the store at location: a directory that exists, or a bucket URL such as
// s3://bucket?region=eu-central-1&prefix=exports/. A bucket is not asked for yet; see Check.
func Open(ctx context.Context, location string) (*Store, error) {
	path, local := directoryOf(location)
	if !local {
		b, name, err := openBucket(ctx, location)
		if err != nil {
			return nil, err
		}
		return &Store{backend: b, name: name}, nil
	}
	if path == "" {
		return nil, errors.New("opening the blob store: no directory is given")
	}
	d, err := openDirectory(path)
	if err != nil {
		return nil, err
	}
	return &Store{backend: d, name: d.path}, nil
}

// Create opens the store at location. It creates a directory that does not exist.
func Create(ctx context.Context, location string) (*Store, error) {
	if path, local := directoryOf(location); local && path != "" {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, fmt.Errorf("creating the blob store: %w", err)
		}
	}
	return Open(ctx, location)
}

// directoryOf returns the path of a location that is a directory.
func directoryOf(location string) (path string, local bool) {
	path, local = strings.CutPrefix(location, "file://")
	return path, local || !strings.Contains(location, "://")
}

// Put stores the bytes under the key, atomically. When it returns without an error
// they survive a power loss.
func (s *Store) Put(ctx context.Context, key string, data []byte, contentType string) error {
	if err := s.backend.put(ctx, key, data, contentType); err != nil {
		return fmt.Errorf("storing %s: %w", key, err)
	}
	return nil
}

// Copy stores the bytes under from also under to, atomically, and returns how many
// there are, or ErrNotFound when there are none under from. Each can be deleted
// without affecting the other. The copy survives a power loss once Flush has
// returned; the caller can release what others wait for in between.
func (s *Store) Copy(ctx context.Context, from, to string) (int64, error) {
	size, err := s.backend.copy(ctx, from, to)
	if err != nil {
		return 0, fmt.Errorf("copying %s to %s: %w", from, to, err)
	}
	return size, nil
}

// Flush waits until what Copy stored under the key survives a power loss.
func (s *Store) Flush(ctx context.Context, key string) error {
	if err := s.backend.sync(ctx, key); err != nil {
		return fmt.Errorf("flushing %s: %w", key, err)
	}
	return nil
}

// Open returns a reader of the bytes under the key and their number, or
// ErrNotFound. The caller closes the reader.
func (s *Store) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	r, size, err := s.backend.open(ctx, key)
	if err != nil {
		return nil, 0, fmt.Errorf("opening %s: %w", key, err)
	}
	return r, size, nil
}

// Delete removes the bytes under the key. A key without bytes is no error.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := s.backend.delete(ctx, key); err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("deleting %s: %w", key, err)
	}
	return nil
}

// List returns the files in the directory under and below, in no particular order,
// reading a page at a time. Files stored or deleted meanwhile may be missing or not.
// It ends after an error.
func (s *Store) List(ctx context.Context, under string) iter.Seq2[export.StoredFile, error] {
	return func(yield func(export.StoredFile, error) bool) {
		for file, err := range s.backend.list(ctx, under) {
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

// Ping reports an error when the store cannot be read.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.backend.ping(ctx); err != nil {
		return fmt.Errorf("reaching the blob store: %w", err)
	}
	return nil
}

// Close releases the store.
func (s *Store) Close() error { return s.backend.close() }
