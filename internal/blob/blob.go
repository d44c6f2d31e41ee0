// Package blob keeps the bytes of finished exports: in a directory, or in any
// bucket gocloud.dev/blob can open. It knows keys and bytes, not requests.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // the s3:// scheme
	"gocloud.dev/gcerrors"
)

// ErrNotFound means that there are no bytes under the key.
var ErrNotFound = errors.New("no such file in the store")

// Store holds files under keys. It is safe for concurrent use.
type Store struct {
	bucket *blob.Bucket
}

// Open opens the store at location: a directory (created when missing), or a
// bucket URL such as s3://bucket?region=eu-central-1&prefix=exports/.
func Open(ctx context.Context, location string) (*Store, error) {
	if u, err := url.Parse(location); err == nil && u.Scheme != "" && u.Scheme != "file" {
		bucket, err := blob.OpenBucket(ctx, location)
		if err != nil {
			return nil, fmt.Errorf("opening the blob store %s://%s: %w", u.Scheme, u.Host, err)
		}
		return &Store{bucket: bucket}, nil
	}
	dir, err := filepath.Abs(strings.TrimPrefix(location, "file://"))
	if err != nil {
		return nil, fmt.Errorf("opening the blob store in %s: %w", location, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the blob store: %w", err)
	}
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{
		// A file is written beside its place and renamed, so that it is never seen
		// half; a temporary directory elsewhere could be on another disk.
		NoTempDir:   true,
		DirFileMode: 0o700,
		// What a file is stands in its row.
		Metadata: fileblob.MetadataDontWrite,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the blob store in %s: %w", dir, err)
	}
	return &Store{bucket: bucket}, nil
}

// Put stores the bytes under the key, whole or not at all.
func (s *Store) Put(ctx context.Context, key string, data []byte, contentType string) error {
	if err := s.bucket.WriteAll(ctx, key, data, &blob.WriterOptions{ContentType: contentType}); err != nil {
		return fmt.Errorf("storing %s: %w", key, err)
	}
	return nil
}

// Open gives the bytes under the key and how many there are, or ErrNotFound.
// The caller closes the reader.
func (s *Store) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	r, err := s.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, 0, fmt.Errorf("opening %s: %w", key, ErrNotFound)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("opening %s: %w", key, err)
	}
	return r, r.Size(), nil
}

// Delete removes the bytes under the key; that there are none is fine.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("deleting %s: %w", key, err)
	}
	return nil
}

// Ping reports whether the store can be used.
func (s *Store) Ping(ctx context.Context) error {
	ok, err := s.bucket.IsAccessible(ctx)
	if err != nil {
		return fmt.Errorf("reaching the blob store: %w", err)
	}
	if !ok {
		return errors.New("the blob store does not exist or may not be read")
	}
	return nil
}

// Close releases the store.
func (s *Store) Close() error { return s.bucket.Close() }
