package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/letrazapp/letraz-export/client/openapi"
)

// Result is a finished export with its file.
type Result struct {
	Export
	Data []byte
}

// Option changes one call of [Client.Export] or [Client.ExportTo].
type Option func(*call)

type call struct{ key string }

// Key sets the idempotency key of the call, up to 255 visible ASCII characters. A program that
// calls Export again with the same key and request, after a crash for example, gets the same
// export as long as that exists. Default: a random key, kept over the repeats within the call.
func Key(key string) Option { return func(c *call) { c.key = key } }

// Export requests an export, waits until it is finished, and returns its file. It ends with ctx,
// which should have a deadline. The errors it returns:
//
//   - [*Problem]: the API refuses a request; Errors names the fields,
//   - [*ExportError]: the export failed; its Code says why,
//   - [*PendingError]: the export was accepted, and its file could not be had: ctx ended, the API
//     could not be reached or refused (a [*Problem], too),
//   - [*ConnectionError]: the API could not be reached,
//   - [*DamagedError]: the file that arrived is not the one that was exported.
func (c *Client) Export(ctx context.Context, ask Request, options ...Option) (*Result, error) {
	done, err := c.finished(ctx, ask, options)
	if err != nil {
		return nil, err
	}
	for tries := 1; ; tries++ {
		var file bytes.Buffer
		err := c.DownloadTo(ctx, &file, *done)
		if err == nil {
			return &Result{Export: *done, Data: file.Bytes()}, nil
		}
		var damaged *DamagedError
		if !errors.As(err, &damaged) || tries == 2 {
			return nil, err
		}
	}
}

// ExportTo is [Client.Export] that writes the file to w without keeping it in memory. A download
// that breaks off is continued where it broke. After an error, w may have a part of the file.
func (c *Client) ExportTo(ctx context.Context, w io.Writer, ask Request, options ...Option) (*Export, error) {
	done, err := c.finished(ctx, ask, options)
	if err != nil {
		return nil, err
	}
	return done, c.DownloadTo(ctx, w, *done)
}

// finished requests an export and waits until it is ready.
func (c *Client) finished(ctx context.Context, ask Request, options []Option) (*Export, error) {
	settings := call{key: rand.Text()}
	for _, o := range options {
		o(&settings)
	}
	e, err := c.create(ctx, ask, settings.key)
	if err != nil {
		return nil, err
	}
	return c.wait(ctx, e)
}

// create requests an export. The key makes the repeats one export.
func (c *Client) create(ctx context.Context, ask Request, key string) (Export, error) {
	r := repeater{patience: c.config.Patience}
	for {
		prefer, limit := c.prefer(ctx)
		e, _, err := answer(ctx, limit, func(ctx context.Context) (*http.Response, error) {
			return c.API.CreateExport(ctx, &openapi.CreateExportParams{IdempotencyKey: &key, Prefer: prefer}, ask)
		})
		if err == nil {
			return e, nil
		}
		if err := r.again(ctx, err); err != nil {
			return e, fmt.Errorf("requesting an export: %w", err)
		}
	}
}

// Wait waits until the export with the id is ready and returns it, or an [*ExportError] if it
// ends otherwise. It does not poll, unless the API does not wait.
func (c *Client) Wait(ctx context.Context, id string) (*Export, error) {
	return c.wait(ctx, Export{ID: id, Status: openapi.ExportStatusQueued})
}

func (c *Client) wait(ctx context.Context, e Export) (*Export, error) {
	r := repeater{patience: c.config.Patience}
	for !final(e.Status) {
		began := time.Now()
		prefer, limit := c.prefer(ctx)
		now, header, err := answer(ctx, limit, func(ctx context.Context) (*http.Response, error) {
			return c.API.GetExport(ctx, e.ID, &openapi.GetExportParams{Prefer: prefer})
		})
		if err != nil {
			if err := r.again(ctx, err); err != nil {
				return nil, &PendingError{e, fmt.Errorf("waiting: %w", err)}
			}
			continue
		}
		r.succeeded()
		e = now
		if final(e.Status) || header.Get("Preference-Applied") != "" && time.Since(began) >= time.Second {
			continue
		}
		// The API did not wait: it has too many waiting requests of this user, or the deadline is near.
		if err := sleep(ctx, max(retryAfter(header), firstPause)); err != nil {
			return nil, &PendingError{e, fmt.Errorf("waiting: %w", err)}
		}
	}
	if e.Status != openapi.ExportStatusReady {
		return nil, &ExportError{e}
	}
	return &e, nil
}

func final(s openapi.ExportStatus) bool {
	return s != openapi.ExportStatusQueued && s != openapi.ExportStatusRendering
}

// prefer returns the Prefer header of a request that waits, or nil, and how long its answer may
// take. The API answers a second before the deadline of ctx, so that the id of the export is known.
func (c *Client) prefer(ctx context.Context) (*string, time.Duration) {
	wait := c.config.Wait
	if end, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(end)-time.Second)
	}
	if wait < time.Second {
		return nil, answerTime
	}
	header := fmt.Sprintf("wait=%d", int(wait.Seconds()))
	return &header, wait + answerTime
}

// answer sends a request, and returns the export and the header of the answer.
func answer(ctx context.Context, limit time.Duration, send func(context.Context) (*http.Response, error)) (Export, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	res, err := send(ctx)
	if err != nil {
		return Export{}, nil, connection(err)
	}
	defer func() { _ = res.Body.Close() }() // Decode has read it
	e, err := Decode[Export](res, nil)
	return e, res.Header, err
}
