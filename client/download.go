package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"time"

	"github.com/letrazapp/letraz-export/client/openapi"
)

// DownloadTo writes the file of a ready export to w and verifies its size and checksum. A
// download that breaks off is continued where it broke. After an error, w may have a part of the file.
func (c *Client) DownloadTo(ctx context.Context, w io.Writer, e Export) error {
	if e.Status != openapi.ExportStatusReady {
		return fmt.Errorf("export %s is %s and has no file", e.ID, e.Status)
	}
	f := &file{w: w, sum: sha256.New()}
	r := repeater{patience: c.config.Patience}
	for f.size < e.Size {
		before := f.size
		err := c.part(ctx, f, e)
		if f.size > before {
			r.succeeded()
		}
		switch {
		case err == nil:
			continue
		case f.err != nil || errors.As(err, new(*DamagedError)):
			return err
		}
		if err := r.again(ctx, err); err != nil {
			return &PendingError{e, fmt.Errorf("downloading: %w", err)}
		}
	}
	if sum := hex.EncodeToString(f.sum.Sum(nil)); sum != e.SHA256 {
		return &DamagedError{e.ID, "its checksum is " + sum + ", want " + e.SHA256}
	}
	return nil
}

var errStalled = errors.New("the download stands still")

// part downloads what is missing of the file, or as much of it as comes.
func (c *Client) part(ctx context.Context, f *file, e Export) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stall := time.AfterFunc(stallTime, func() { cancel(errStalled) })
	defer stall.Stop()

	res, err := c.API.DownloadExport(ctx, e.ID, nil, func(_ context.Context, req *http.Request) error {
		if f.size > 0 {
			req.Header.Set("Range", fmt.Sprintf("bytes=%d-", f.size))
		}
		return nil
	})
	if err != nil {
		return connection(err)
	}
	defer func() { _ = res.Body.Close() }() // it was only read
	switch res.StatusCode {
	case http.StatusOK:
		// Without ranges, the file comes from its begin.
		if _, err := io.CopyN(io.Discard, progress{res.Body, stall}, f.size); err != nil {
			return &ConnectionError{err}
		}
	case http.StatusPartialContent:
		if want := fmt.Sprintf("bytes %d-%d/%d", f.size, e.Size-1, e.Size); res.Header.Get("Content-Range") != want {
			return &DamagedError{e.ID, "the rest of it is " + res.Header.Get("Content-Range") + ", want " + want}
		}
	case http.StatusRequestedRangeNotSatisfiable:
		return &DamagedError{e.ID, fmt.Sprintf("it is shorter than %d bytes", e.Size)}
	default:
		return problemOf(res)
	}
	_, err = io.Copy(f, io.LimitReader(progress{res.Body, stall}, e.Size-f.size+1))
	switch {
	case f.err != nil:
		return fmt.Errorf("writing the file: %w", f.err)
	case f.size > e.Size:
		return &DamagedError{e.ID, fmt.Sprintf("it is longer than %d bytes", e.Size)}
	case err != nil:
		return &ConnectionError{err}
	case f.size < e.Size:
		return &ConnectionError{io.ErrUnexpectedEOF}
	}
	return nil
}

// file counts and hashes what is written to w, and keeps the error of w apart from those of
// the connection.
type file struct {
	w    io.Writer
	sum  hash.Hash
	size int64
	err  error
}

// Write writes to w.
func (f *file) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	f.size += int64(n)
	f.sum.Write(p[:n])
	f.err = err
	return n, err
}

// progress puts the stall timer back whenever something was read.
type progress struct {
	r     io.Reader
	stall *time.Timer
}

// Read reads from r.
func (p progress) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if n > 0 {
		p.stall.Reset(stallTime)
	}
	return n, err
}
