package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // the s3:// scheme
	"gocloud.dev/gcerrors"

	"github.com/letrazapp/letraz-export/internal/export"
)

// bucket is a bucket of an object store.
type bucket struct {
	b *blob.Bucket
}

// openBucket opens a bucket and returns it with its name. Its errors do not contain the URL,
// which may hold credentials.
func openBucket(ctx context.Context, location string) (bucket, string, error) {
	u, err := url.Parse(location)
	if err == nil {
		_, err = url.ParseQuery(u.RawQuery)
	}
	if err != nil {
		return bucket{}, "", errors.New("the blob store's URL cannot be parsed: give it as s3://bucket?region=eu-central-1&prefix=exports/")
	}
	b, err := blob.OpenBucket(ctx, location)
	if err != nil {
		cause := err.Error()
		for _, whole := range []string{location, u.String()} {
			cause = strings.ReplaceAll(cause, whole, u.Scheme+"://"+u.Host)
		}
		return bucket{}, "", fmt.Errorf("opening the blob store %s://%s: %s", u.Scheme, u.Host, cause)
	}
	name := u.Scheme + "://" + u.Host
	var client *s3.Client
	if b.As(&client) && client.Options().Region == "" {
		return bucket{}, "", errors.Join(fmt.Errorf("the file store %s: %s", name, noRegion), b.Close())
	}
	return bucket{b}, name, nil
}

// put stores nothing after an error.
func (b bucket) put(ctx context.Context, key string, data []byte, contentType string) error {
	return b.write(ctx, key, data, &blob.WriterOptions{ContentType: contentType})
}

// create is a conditional put.
func (b bucket) create(ctx context.Context, key string, data []byte, contentType string) error {
	err := b.write(ctx, key, data, &blob.WriterOptions{ContentType: contentType, IfNotExist: true})
	if gcerrors.Code(err) == gcerrors.FailedPrecondition {
		return errExists
	}
	return err
}

// write does what WriteAll does, except that it stores nothing after an error: WriteAll
// stores the part that was written. S3 gets objects of more than 16 MB in parts.
func (b bucket) write(ctx context.Context, key string, data []byte, o *blob.WriterOptions) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o.BeforeWrite = b.removeParts
	w, err := b.b.NewWriter(ctx, key, o)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		cancel() // makes Close discard what was written
		_ = w.Close()
		return err
	}
	return w.Close()
}

// copy copies within the bucket and then reads the size of the copy.
func (b bucket) copy(ctx context.Context, from, to string) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err // not every driver checks
	}
	if err := b.b.Copy(ctx, to, from, nil); err != nil {
		return 0, notFound(err)
	}
	attributes, err := b.b.Attributes(ctx, to)
	if err != nil {
		return 0, notFound(err)
	}
	return attributes.Size, nil
}

// sync does nothing: a bucket answers when it has stored.
func (b bucket) sync(ctx context.Context, _ string) error { return ctx.Err() }

func (b bucket) open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	r, err := b.b.NewReader(ctx, key, nil)
	if err != nil {
		return nil, 0, notFound(err)
	}
	return r, r.Size(), nil
}

func (b bucket) delete(ctx context.Context, key string) error {
	return notFound(b.b.Delete(ctx, key))
}

// list returns whole objects only. Parts of interrupted uploads are not listed; a
// lifecycle rule of the bucket removes them.
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
		err = errNoBucket
	}
	return err
}

// errNoBucket means that the store says that there is no such bucket.
var errNoBucket = errors.New("the bucket does not exist or may not be read")

func (b bucket) close() error { return b.b.Close() }

// notFound returns ErrNotFound for an error that says that there is no such object,
// and other errors as they are.
func notFound(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return ErrNotFound
	}
	return err
}
