package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

type healthcheckCmd struct {
	URL     string        `arg:"" optional:"" help:"Address: /healthz fails when a restart helps, /readyz also while a server is unavailable. Default: ${default}" default:"http://127.0.0.1:8080/healthz"`
	Timeout time.Duration `help:"Maximum time to wait for the answer." default:"6s"`
}

// Run fails unless the answer is 200.
func (h *healthcheckCmd) Run(e *env) error {
	ctx, cancel := context.WithTimeout(e.ctx, h.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL, nil)
	if err != nil {
		return fmt.Errorf("asking %s: %w", h.URL, err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("asking %s: %w", h.URL, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<10))
	if err != nil {
		return fmt.Errorf("asking %s: %w", h.URL, err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s: %s", h.URL, res.Status, bytes.TrimSpace(body))
	}
	_, err = e.stdout.Write(body)
	return err
}
