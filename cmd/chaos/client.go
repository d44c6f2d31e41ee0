package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// client is one user of the API. It uses only what the API documents, and its instances in
// turn.
type client struct {
	apis  []string
	token string
	http  *http.Client
	turn  atomic.Int64
	// keys reports whether the API knows the header Idempotency-Key.
	keys bool
}

// answer has the fields of an export that a client reads.
type answer struct {
	ID        string    `json:"id"`
	Status    string    `json:"status"`
	SHA256    string    `json:"sha256"`
	ExpiresAt time.Time `json:"expires_at"`
	Failure   *struct {
		Code string `json:"code"`
	} `json:"failure"`
}

// failed reports whether the export failed with this code.
func (a answer) failed(code export.FailureCode) bool {
	return a.Failure != nil && a.Failure.Code == string(code)
}

type wish struct {
	ResumeID  string `json:"resume_id"`
	Format    string `json:"format"`
	Paper     string `json:"paper"`
	ExpiresIn int64  `json:"expires_in,omitempty"`
}

func (c *client) api() string { return c.apis[int(c.turn.Add(1))%len(c.apis)] }

// errUnknown means that no answer arrived, so the request may or may not have had an effect.
var errUnknown = errors.New("no answer")

// refusal is an answer that is neither a success nor worth repeating.
type refusal struct {
	status int
	body   string
}

func (r refusal) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.body) }

// call makes one request. A status of 500 or more, or a broken connection, is errUnknown.
func (c *client) call(ctx context.Context, method, path string, body []byte, header http.Header) (status int, data []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, method, c.api()+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", errUnknown, err)
	}
	defer func() { _ = res.Body.Close() }() // nothing was written
	data, err = io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil {
		return res.StatusCode, data, fmt.Errorf("%w: %w", errUnknown, err)
	}
	switch {
	case res.StatusCode < 300:
		return res.StatusCode, data, nil
	case res.StatusCode >= 500, res.StatusCode == http.StatusTooManyRequests, res.StatusCode == http.StatusRequestTimeout:
		return res.StatusCode, data, fmt.Errorf("%w: status %d", errUnknown, res.StatusCode)
	}
	return res.StatusCode, data, refusal{res.StatusCode, string(data[:min(len(data), 200)])}
}

// create requests an export once.
func (c *client) create(ctx context.Context, w wish, key string) (answer, error) {
	body, err := json.Marshal(w)
	if err != nil {
		return answer{}, err
	}
	_, data, err := c.call(ctx, http.MethodPost, "/v1/exports", body, http.Header{"Idempotency-Key": {key}})
	if err != nil {
		return answer{}, err
	}
	return decode(data)
}

func (c *client) get(ctx context.Context, id string) (answer, error) {
	_, data, err := c.call(ctx, http.MethodGet, "/v1/exports/"+id, nil, nil)
	if err != nil {
		return answer{}, err
	}
	return decode(data)
}

func decode(data []byte) (answer, error) {
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return a, fmt.Errorf("%w: reading an answer: %w", errUnknown, err)
	}
	return a, nil
}

func (c *client) delete(ctx context.Context, id string) error {
	_, _, err := c.call(ctx, http.MethodDelete, "/v1/exports/"+id, nil, nil)
	return err
}

// download requests the file in one of three ways.
func (c *client) download(ctx context.Context, id, method, byteRange string) (status int, data []byte, err error) {
	header := http.Header{}
	if byteRange != "" {
		header.Set("Range", byteRange)
	}
	return c.call(ctx, method, "/v1/exports/"+id+"/download", nil, header)
}

// knowsKeys reports whether the API's description mentions Idempotency-Key.
func (c *client) knowsKeys(ctx context.Context) (bool, error) {
	_, data, err := c.call(ctx, http.MethodGet, "/openapi.json", nil, nil)
	return strings.Contains(string(data), "Idempotency-Key"), err
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
