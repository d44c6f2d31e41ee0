package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// problem is a problem document (RFC 9457).
type problem struct {
	Detail string `json:"detail"`
	Errors []struct {
		Message  string `json:"message"`
		Location string `json:"location"`
	} `json:"errors"`
}

// errTemporary marks errors after which the same request may succeed: there was no
// answer, or 502, 503 or 504.
var errTemporary = errors.New("temporary")

// call sends one request, with headers as alternating names and values, and returns
// the body of the answer. A problem document becomes an error.
func (c *Client) call(ctx context.Context, method, path string, body []byte, header ...string) ([]byte, error) {
	data, _, err := c.exchange(ctx, method, path, body, header...)
	return data, err
}

// exchange is call, and also returns the header of the answer.
func (c *Client) exchange(ctx context.Context, method, path string, body []byte, header ...string) ([]byte, http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if c.OnBehalfOf != "" {
		req.Header.Set("On-Behalf-Of", c.OnBehalfOf)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.HTTP.Do(req)
	if err != nil {
		return nil, nil, temporary{fmt.Errorf("calling the API: %w", err)}
	}
	defer func() { _ = res.Body.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(res.Body, 128<<20))
	if err != nil {
		return nil, nil, temporary{fmt.Errorf("%s %s: reading the answer: %w", method, path, err)}
	}
	if res.StatusCode/100 == 2 {
		return data, res.Header, nil
	}
	var p problem
	if json.Unmarshal(data, &p) != nil || p.Detail == "" {
		err = fmt.Errorf("%s %s: the API answers %s", method, path, res.Status)
	} else {
		text := p.Detail
		for _, e := range p.Errors {
			text += "; " + e.Location + ": " + e.Message
		}
		err = fmt.Errorf("the API answers %d: %s", res.StatusCode, strings.Join(strings.Fields(text), " "))
	}
	switch res.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		err = temporary{err}
	}
	return nil, nil, err
}

// temporary makes an error match errTemporary without changing its text.
type temporary struct{ error }

// Is reports whether target is errTemporary.
func (temporary) Is(target error) bool { return target == errTemporary }

// Unwrap returns the error itself.
func (a temporary) Unwrap() error { return a.error }
