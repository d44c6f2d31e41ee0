package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// BatchRequest is the body of POST /v1/batches. Lane and Key of its exports are ignored.
type BatchRequest struct {
	Exports   []CreateRequest `json:"exports"`
	ExpiresIn int64           `json:"expires_in,omitempty"` // seconds
	// Key is the Idempotency-Key.
	Key string `json:"-"`
}

// Batch is the API's batch.
type Batch struct {
	ID          string      `json:"id"`
	UserID      string      `json:"user_id"`
	Total       int         `json:"total"`
	Counts      BatchCounts `json:"counts"`
	Finished    bool        `json:"finished"`
	CreatedAt   time.Time   `json:"created_at"`
	ExpiresAt   time.Time   `json:"expires_at"`
	DownloadURL string      `json:"download_url,omitempty"`
}

// BatchCounts is the number of exports in each status.
type BatchCounts struct {
	Queued    int `json:"queued"`
	Rendering int `json:"rendering"`
	Ready     int `json:"ready"`
	Failed    int `json:"failed"`
	Canceled  int `json:"canceled"`
	Expired   int `json:"expired"`
}

// CreateBatch requests exports together.
func (c *Client) CreateBatch(ctx context.Context, ask BatchRequest) (Batch, error) {
	body, err := json.Marshal(ask)
	if err != nil {
		return Batch{}, fmt.Errorf("asking for a batch: %w", err)
	}
	var header []string
	if ask.Key != "" {
		header = []string{"Idempotency-Key", ask.Key}
	}
	return decodeInto[Batch](c.call(ctx, http.MethodPost, "/v1/batches", body, header...))
}

// Batch returns a batch.
func (c *Client) Batch(ctx context.Context, id string) (Batch, error) {
	return decodeInto[Batch](c.call(ctx, http.MethodGet, "/v1/batches/"+url.PathEscape(id)+"?limit=1", nil))
}

// Batches returns the newest batches.
func (c *Client) Batches(ctx context.Context, limit int) ([]Batch, error) {
	list, err := decodeInto[struct {
		Batches []Batch `json:"batches"`
	}](c.call(ctx, http.MethodGet, "/v1/batches?limit="+strconv.Itoa(limit), nil))
	return list.Batches, err
}

// DeleteBatch cancels the unfinished exports of a batch and deletes the files of the others.
func (c *Client) DeleteBatch(ctx context.Context, id string) error {
	_, err := c.call(ctx, http.MethodDelete, "/v1/batches/"+url.PathEscape(id), nil)
	return err
}

// RetryBatch queues the failed exports of a batch again and returns their ids.
func (c *Client) RetryBatch(ctx context.Context, id string) ([]string, error) {
	list, err := decodeInto[struct {
		IDs []string `json:"ids"`
	}](c.call(ctx, http.MethodPost, "/v1/batches/"+url.PathEscape(id)+"/retry", nil))
	return list.IDs, err
}

// WaitBatch polls the batch until it is finished or ctx ends, and calls progress with each
// answer.
func (c *Client) WaitBatch(ctx context.Context, id string, progress func(Batch)) (Batch, error) {
	const shortest, longest = 50 * time.Millisecond, 2 * time.Second
	for pause := shortest; ; pause = min(pause*3/2, longest) {
		b, err := c.Batch(ctx, id)
		if err != nil {
			return b, err
		}
		if progress(b); b.Finished {
			return b, nil
		}
		select {
		case <-ctx.Done():
			return b, fmt.Errorf("batch %s is not finished: %w", id, context.Cause(ctx))
		case <-time.After(pause):
		}
	}
}

// DownloadBatch writes the ZIP of a finished batch to w, however long it takes. After an
// error the part that was written is of no use.
func (c *Client) DownloadBatch(ctx context.Context, id string, w io.Writer) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/v1/batches/"+url.PathEscape(id)+"/download", nil)
	if err != nil {
		return 0, fmt.Errorf("downloading batch %s: %w", id, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	patient := *c.HTTP
	patient.Timeout = 0
	res, err := patient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("calling the API: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // it was only read
	if res.StatusCode != http.StatusOK {
		var p problem
		data, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		if json.Unmarshal(data, &p) != nil || p.Detail == "" {
			p.Detail = res.Status
		}
		return 0, fmt.Errorf("the API answers %d: %s", res.StatusCode, p.Detail)
	}
	n, err := io.Copy(w, res.Body)
	if err != nil {
		return n, fmt.Errorf("the download of batch %s broke off, as it does when an export is deleted or its file is damaged; get the batch again: %w", id, err)
	}
	return n, nil
}

// decodeInto reads an answer, unless there is an error.
func decodeInto[T any](data []byte, err error) (T, error) {
	var v T
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return v, fmt.Errorf("reading the API's answer: %w", err)
	}
	return v, nil
}
