package checker

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

// Client is one user of the API. It uses only what the API documents, and its instances in
// turn.
type Client struct {
	APIs  []string
	Token string
	HTTP  *http.Client
	turn  atomic.Int64
	// Keys reports whether the API knows the header Idempotency-Key.
	Keys bool
}

// Answer has the fields of an export that a client reads.
type Answer struct {
	ID        string    `json:"id"`
	Status    string    `json:"status"`
	SHA256    string    `json:"sha256"`
	ExpiresAt time.Time `json:"expires_at"`
	Failure   *struct {
		Code string `json:"code"`
	} `json:"failure"`
}

// failed reports whether the export failed with this code.
func (a Answer) failed(code export.FailureCode) bool {
	return a.Failure != nil && a.Failure.Code == string(code)
}

// Wish is the body of a request for an export.
type Wish struct {
	ResumeID  string `json:"resume_id"`
	Format    string `json:"format"`
	Paper     string `json:"paper"`
	ExpiresIn int64  `json:"expires_in,omitempty"`
	Lane      string `json:"lane,omitempty"`
}

func (c *Client) api() string { return c.APIs[int(c.turn.Add(1))%len(c.APIs)] }

// ErrUnknown means that no answer arrived, so the request may or may not have had an effect.
var ErrUnknown = errors.New("no answer")

// Refusal is an answer that is neither a success nor worth repeating.
type Refusal struct {
	Status int
	Body   string
}

func (r Refusal) Error() string { return fmt.Sprintf("status %d: %s", r.Status, r.Body) }

// Call makes one request. A status of 500 or more, or a broken connection, is ErrUnknown.
func (c *Client) Call(ctx context.Context, method, path string, body []byte, header http.Header) (status int, data []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, method, c.api()+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Authorization", "Bearer "+c.Token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.HTTP.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	defer func() { _ = res.Body.Close() }() // nothing was written
	data, err = io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil {
		return res.StatusCode, data, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	switch {
	case res.StatusCode < 300:
		return res.StatusCode, data, nil
	case res.StatusCode >= 500, res.StatusCode == http.StatusTooManyRequests, res.StatusCode == http.StatusRequestTimeout:
		return res.StatusCode, data, fmt.Errorf("%w: status %d", ErrUnknown, res.StatusCode)
	}
	return res.StatusCode, data, Refusal{res.StatusCode, string(data[:min(len(data), 200)])}
}

// Create requests an export once.
func (c *Client) Create(ctx context.Context, w Wish, key string) (Answer, error) {
	body, err := json.Marshal(w)
	if err != nil {
		return Answer{}, err
	}
	_, data, err := c.Call(ctx, http.MethodPost, "/v1/exports", body, http.Header{"Idempotency-Key": {key}})
	if err != nil {
		return Answer{}, err
	}
	return decode(data)
}

// Get reads an export.
func (c *Client) Get(ctx context.Context, id string) (Answer, error) {
	_, data, err := c.Call(ctx, http.MethodGet, "/v1/exports/"+id, nil, nil)
	if err != nil {
		return Answer{}, err
	}
	return decode(data)
}

func decode(data []byte) (Answer, error) {
	var a Answer
	if err := json.Unmarshal(data, &a); err != nil {
		return a, fmt.Errorf("%w: reading an answer: %w", ErrUnknown, err)
	}
	return a, nil
}

func (c *Client) delete(ctx context.Context, id string) error {
	_, _, err := c.Call(ctx, http.MethodDelete, "/v1/exports/"+id, nil, nil)
	return err
}

// Download requests the file in one of three ways.
func (c *Client) Download(ctx context.Context, id, method, byteRange string) (status int, data []byte, err error) {
	header := http.Header{}
	if byteRange != "" {
		header.Set("Range", byteRange)
	}
	return c.Call(ctx, method, "/v1/exports/"+id+"/download", nil, header)
}

// KnowsKeys reports whether the API's description mentions Idempotency-Key.
func (c *Client) KnowsKeys(ctx context.Context) (bool, error) {
	_, data, err := c.Call(ctx, http.MethodGet, "/openapi.json", nil, nil)
	return strings.Contains(string(data), "Idempotency-Key"), err
}

// Sum returns the SHA-256 checksum of data in hexadecimal.
func Sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
