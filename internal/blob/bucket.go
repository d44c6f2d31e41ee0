package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // the s3:// scheme
	"gocloud.dev/gcerrors"

	"github.com/letrazapp/letraz-export/internal/export"
)

// bucket is a store elsewhere.
type bucket struct {
	b *blob.Bucket
}

// openBucket opens a bucket. The URL is not part of its errors, since it may hold
// credentials.
func openBucket(ctx context.Context, location string) (bucket, error) {
	u, err := url.Parse(location)
	if err == nil {
		_, err = url.ParseQuery(u.RawQuery)
	}
	if err != nil {
		return bucket{}, errors.New("the blob store's URL cannot be parsed: give it as s3://bucket?region=eu-central-1&prefix=exports/")
	}
	b, err := blob.OpenBucket(ctx, location)
	if err != nil {
		cause := err.Error()
		for _, whole := range []string{location, u.String()} {
			cause = strings.ReplaceAll(cause, whole, u.Scheme+"://"+u.Host)
		}
		return bucket{}, fmt.Errorf("opening the blob store %s://%s: %s", u.Scheme, u.Host, cause)
	}
	return bucket{b}, nil
}

// put does what WriteAll does, except that it puts nothing in place after an
// error: WriteAll does so with the part that was written.
func (b bucket) put(ctx context.Context, key string, data []byte, contentType string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := b.b.NewWriter(ctx, key, &blob.WriterOptions{ContentType: contentType})
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

// copy has the bucket copy, and asks what has come of it.
func (b bucket) copy(ctx context.Context, from, to string) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err // not every bucket looks
	}
	if err := b.b.Copy(ctx, to, from, nil); err != nil {
		return 0, missing(err)
	}
	attributes, err := b.b.Attributes(ctx, to)
	if err != nil {
		return 0, missing(err)
	}
	return attributes.Size, nil
}

// flushed has nothing to wait for: a bucket answers when it has stored.
func (b bucket) flushed(ctx context.Context, _ string) error { return ctx.Err() }

func (b bucket) open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	r, err := b.b.NewReader(ctx, key, nil)
	if err != nil {
		return nil, 0, missing(err)
	}
	return r, r.Size(), nil
}

func (b bucket) delete(ctx context.Context, key string) error {
	return missing(b.b.Delete(ctx, key))
}

// list never meets what a cut-off upload left: a bucket shows whole objects only,
// and forgets parts by a rule of its own.
func (b bucket) list(ctx context.Context, under string) iter.Seq2[export.StoredFile, error] {
	return func(yield func(export.StoredFile, error) bool) {
		objects := b.b.List(&blob.ListOptions{Prefix: under + "/"})
		for {
			o, err := objects.Next(ctx)
			if err == io.EOF { //nolint:errorlint // by contract the bare value
				return
			}
			if err != nil {
				yield(export.StoredFile{}, err)
				return
			}
			if !yield(export.StoredFile{Key: o.Key, Size: o.Size, Modified: o.ModTime}, nil) {
				return
			}
		}
	}
}

func (b bucket) ping(ctx context.Context) error {
	ok, err := b.b.IsAccessible(ctx)
	if err == nil && !ok {
		err = errors.New("the bucket does not exist or may not be read")
	}
	return err
}

func (b bucket) close() error { return b.b.Close() }

// missing is the error as ErrNotFound if it says so.
func missing(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return ErrNotFound
	}
	return err
}
