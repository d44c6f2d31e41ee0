// Package blob keeps the bytes of finished exports: in a directory, or in any
// bucket gocloud.dev/blob can open. It knows keys and bytes, not requests.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	dir    string // where a directory's files are; empty for other buckets
}

// Open opens the store at location: a directory (created when missing), or a
// bucket URL such as s3://bucket?region=eu-central-1&prefix=exports/.
func Open(ctx context.Context, location string) (*Store, error) {
	path, local := strings.CutPrefix(location, "file://")
	if !local && strings.Contains(location, "://") {
		return openURL(ctx, location)
	}
	if path == "" {
		return nil, errors.New("opening the blob store: no directory is given")
	}
	return openDir(path)
}

// openURL opens a bucket. The URL is not part of its errors, since it may hold
// credentials.
func openURL(ctx context.Context, location string) (*Store, error) {
	u, err := url.Parse(location)
	if err == nil {
		_, err = url.ParseQuery(u.RawQuery)
	}
	if err != nil {
		return nil, errors.New("the blob store's URL cannot be parsed: give it as s3://bucket?region=eu-central-1&prefix=exports/")
	}
	bucket, err := blob.OpenBucket(ctx, location)
	if err != nil {
		cause := err.Error()
		for _, whole := range []string{location, u.String()} {
			cause = strings.ReplaceAll(cause, whole, u.Scheme+"://"+u.Host)
		}
		return nil, fmt.Errorf("opening the blob store %s://%s: %s", u.Scheme, u.Host, cause)
	}
	return &Store{bucket: bucket}, nil
}

func openDir(path string) (*Store, error) {
	dir, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening the blob store in %s: %w", path, err)
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
	return &Store{bucket: bucket, dir: dir}, nil
}

// Put stores the bytes under the key, whole or not at all.
func (s *Store) Put(ctx context.Context, key string, data []byte, contentType string) error {
	for try := 1; ; try++ {
		err := s.write(ctx, key, data, contentType)
		if (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist)) && try < 10 {
			continue // a Delete has just removed the directory that this file goes to
		}
		if err != nil {
			return fmt.Errorf("storing %s: %w", key, err)
		}
		return nil
	}
}

// write does what the bucket's WriteAll does, except that it puts nothing in
// place after an error: WriteAll does so with the part that was written.
func (s *Store) write(ctx context.Context, key string, data []byte, contentType string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: contentType, BeforeWrite: private})
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		cancel() // tells Close to drop what there is
		_ = w.Close()
		return err
	}
	return w.Close()
}

// private keeps a file from other accounts, even in a directory that is open to them.
func private(as func(any) bool) error {
	var f *os.File
	if !as(&f) {
		return nil // not a directory's
	}
	return f.Chmod(0o600)
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
	s.removeEmpty(key)
	return nil
}

// removeEmpty removes the directory of a key's file if nothing is in it any more:
// they would pile up, one for every export. The attempt fails, rightly, while a
// file is there.
func (s *Store) removeEmpty(key string) {
	if s.dir == "" {
		return
	}
	if parent := filepath.Dir(filepath.Join(s.dir, key)); strings.HasPrefix(parent, s.dir+string(filepath.Separator)) {
		_ = os.Remove(parent)
	}
}

// Ping reports whether the store can be used.
func (s *Store) Ping(ctx context.Context) error {
	if s.dir != "" {
		// The bucket's own check walks through all files.
		if _, err := os.Stat(s.dir); err != nil {
			return fmt.Errorf("reaching the blob store: %w", err)
		}
		return nil
	}
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
