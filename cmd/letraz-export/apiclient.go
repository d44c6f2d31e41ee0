package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// apiClient speaks to a running API, with the wire's names and nothing of the
// server's code: it is a client like any other.
type apiClient struct {
	base  string
	token string
	http  *http.Client
}

func newAPIClient(base, token string) *apiClient {
	return &apiClient{base: base, token: token, http: &http.Client{Timeout: time.Minute}}
}

type createRequest struct {
	ResumeID string `json:"resume_id"`
	JobID    string `json:"job_id,omitempty"`
	Format   string `json:"format,omitempty"`
	Template string `json:"template,omitempty"`
	Paper    string `json:"paper,omitempty"`
}

// exportAnswer is the part of an export that the client needs.
type exportAnswer struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Attempt  int    `json:"attempt"`
	Pages    int    `json:"pages"`
	Size     int64  `json:"size"`
	SHA256   string `json:"sha256"`
	Filename string `json:"filename"`
	Download string `json:"download_url"`
	Failure  *struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"failure"`
}

func (a exportAnswer) reason() string {
	if a.Failure == nil {
		return "no reason was given"
	}
	return a.Failure.Message + " (" + a.Failure.Code + ")"
}

func (c *apiClient) create(ctx context.Context, ask createRequest) (exportAnswer, error) {
	body, err := json.Marshal(ask)
	if err != nil {
		return exportAnswer{}, fmt.Errorf("asking for an export: %w", err)
	}
	return c.export(ctx, http.MethodPost, "/v1/exports", body)
}

// wait looks at the export until it is final, more and more seldom: a render
// takes some ten milliseconds.
func (c *apiClient) wait(ctx context.Context, a exportAnswer) (exportAnswer, error) {
	pause := 10 * time.Millisecond
	for a.Status == "queued" || a.Status == "rendering" {
		select {
		case <-ctx.Done():
			return a, fmt.Errorf("export %s is still %s: %w", a.ID, a.Status, context.Cause(ctx))
		case <-time.After(pause):
		}
		pause = min(pause*3/2, time.Second)
		var err error
		if a, err = c.export(ctx, http.MethodGet, "/v1/exports/"+a.ID, nil); err != nil {
			return a, err
		}
	}
	return a, nil
}

// download returns the file after checking it against the export's checksum.
func (c *apiClient) download(ctx context.Context, a exportAnswer) ([]byte, error) {
	data, err := c.call(ctx, http.MethodGet, a.Download, nil)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != a.SHA256 {
		return nil, fmt.Errorf("the download of export %s is damaged: its checksum differs; try again", a.ID)
	}
	return data, nil
}

func (c *apiClient) export(ctx context.Context, method, path string, body []byte) (exportAnswer, error) {
	var a exportAnswer
	data, err := c.call(ctx, method, path, body)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(data, &a); err != nil {
		return a, fmt.Errorf("%s %s: reading the answer: %w", method, path, err)
	}
	return a, nil
}

// problem is how the API tells what is wrong (RFC 9457).
type problem struct {
	Detail string `json:"detail"`
	Errors []struct {
		Message  string `json:"message"`
		Location string `json:"location"`
	} `json:"errors"`
}

// call makes one request and turns a problem document into an error.
func (c *apiClient) call(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("calling the API: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(res.Body, 128<<20))
	if err != nil {
		return nil, fmt.Errorf("%s %s: reading the answer: %w", method, path, err)
	}
	if res.StatusCode/100 == 2 {
		return data, nil
	}
	var p problem
	if json.Unmarshal(data, &p) != nil || p.Detail == "" {
		return nil, fmt.Errorf("%s %s: the API answers %s", method, path, res.Status)
	}
	text := p.Detail
	for _, e := range p.Errors {
		text += "; " + e.Location + ": " + e.Message
	}
	return nil, fmt.Errorf("the API answers %d: %s", res.StatusCode, text)
}
