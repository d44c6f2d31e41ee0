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
	"math/rand/v2"
	"net/http"
	"net/url"
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

	Fit         *fitRequest `json:"fit,omitempty"`
	EmbedSource bool        `json:"embed_source,omitempty"`
	ATS         bool        `json:"ats,omitempty"`
	Width       int         `json:"width,omitempty"`

	key string // makes it safe to ask again
}

type fitRequest struct {
	MaxPages  int     `json:"max_pages"`
	MinFontPt float64 `json:"min_font_pt,omitempty"`
}

type retryFailedRequest struct {
	FailureCode string `json:"failure_code,omitempty"`
	UserID      string `json:"user_id,omitempty"`
	Limit       int    `json:"limit"`
}

// exportAnswer is the part of an export that the client needs.
type exportAnswer struct {
	ID       string     `json:"id"`
	Status   string     `json:"status"`
	Attempt  int        `json:"attempt"`
	Pages    int        `json:"pages"`
	Size     int64      `json:"size"`
	SHA256   string     `json:"sha256"`
	Filename string     `json:"filename"`
	Download string     `json:"download_url"`
	Fit      *fitAnswer `json:"fit"`
	ATS      *atsAnswer `json:"ats"`
	Failure  *struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"failure"`
}

// atsAnswer is the part of what software found that is told.
type atsAnswer struct {
	Fields      int `json:"fields"`
	Found       int `json:"found"`
	BrokenWords int `json:"broken_words"`
}

// fitAnswer is what was asked about the number of pages, and what was done.
type fitAnswer struct {
	fitRequest
	Fitted        bool    `json:"fitted"`
	Space         float64 `json:"space"`
	Leading       float64 `json:"leading"`
	Size          float64 `json:"size"`
	BodyFontPt    float64 `json:"body_font_pt"`
	TightestPages int     `json:"tightest_pages"`
}

func (a exportAnswer) reason() string {
	if a.Failure == nil {
		return "no reason was given"
	}
	return a.Failure.Message + " (" + a.Failure.Code + ")"
}

// create asks for an export. With a key it asks again for some ten seconds, as
// long as a restart takes, when no answer comes or the API is not up to it: the
// key keeps it at one export.
func (c *apiClient) create(ctx context.Context, ask createRequest) (exportAnswer, error) {
	body, err := json.Marshal(ask)
	if err != nil {
		return exportAnswer{}, fmt.Errorf("asking for an export: %w", err)
	}
	if ask.key == "" {
		return c.export(ctx, http.MethodPost, "/v1/exports", body)
	}
	const longest = 5 * time.Second
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		a, err := c.export(ctx, http.MethodPost, "/v1/exports", body, "Idempotency-Key", ask.key)
		if err == nil || !errors.Is(err, errAskAgain) || pause > longest {
			return a, err
		}
		select {
		case <-ctx.Done():
			return a, err
		case <-time.After(pause/2 + rand.N(pause/2)):
		}
	}
}

// retry has a failed export tried again.
func (c *apiClient) retry(ctx context.Context, id string) (exportAnswer, error) {
	return c.export(ctx, http.MethodPost, "/v1/exports/"+url.PathEscape(id)+"/retry", nil)
}

// retryFailed has many failed exports tried again and returns their ids.
func (c *apiClient) retryFailed(ctx context.Context, ask retryFailedRequest) ([]string, error) {
	body, err := json.Marshal(ask)
	if err != nil {
		return nil, fmt.Errorf("asking for another try: %w", err)
	}
	data, err := c.call(ctx, http.MethodPost, "/v1/exports/retry", body)
	if err != nil {
		return nil, err
	}
	var answer struct {
		IDs []string `json:"ids"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, fmt.Errorf("reading which exports are tried again: %w", err)
	}
	return answer.IDs, nil
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

func (c *apiClient) export(ctx context.Context, method, path string, body []byte, header ...string) (exportAnswer, error) {
	var a exportAnswer
	data, err := c.call(ctx, method, path, body, header...)
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

// errAskAgain marks errors after which the same request may succeed: no answer
// came, or one that says so.
var errAskAgain = errors.New("try again")

// call makes one request, with headers as names and values, and turns a problem
// document into an error.
func (c *apiClient) call(ctx context.Context, method, path string, body []byte, header ...string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, askAgain{fmt.Errorf("calling the API: %w", err)}
	}
	defer func() { _ = res.Body.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(res.Body, 128<<20))
	if err != nil {
		return nil, askAgain{fmt.Errorf("%s %s: reading the answer: %w", method, path, err)}
	}
	if res.StatusCode/100 == 2 {
		return data, nil
	}
	var p problem
	if json.Unmarshal(data, &p) != nil || p.Detail == "" {
		err = fmt.Errorf("%s %s: the API answers %s", method, path, res.Status)
	} else {
		text := p.Detail
		for _, e := range p.Errors {
			text += "; " + e.Location + ": " + e.Message
		}
		err = fmt.Errorf("the API answers %d: %s", res.StatusCode, text)
	}
	switch res.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		err = askAgain{err}
	}
	return nil, err
}

// askAgain is an error that is errAskAgain too, and reads as before.
type askAgain struct{ error }

// Is makes errors.Is find errAskAgain.
func (askAgain) Is(target error) bool { return target == errAskAgain }

// Unwrap gives the error itself.
func (a askAgain) Unwrap() error { return a.error }
