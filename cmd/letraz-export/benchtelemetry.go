package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/bench"
	"github.com/letrazapp/letraz-export/internal/telemetry"
)

type benchTelemetryCmd struct {
	Documents  int    `help:"Documents in each round." default:"200"`
	Rounds     int    `help:"Rounds of each, alternating; medians are reported." default:"5"`
	Clients    int    `help:"HTTP clients that ask for exports." default:"8"`
	Sample     string `help:"Sample resume to export." default:"first-job"`
	benchFlags `embed:""`
}

// Validate is called by kong.
func (b *benchTelemetryCmd) Validate() error {
	switch {
	case b.Documents < 10 || b.Documents > 100_000:
		return errors.New("--documents must be between 10 and 100000")
	case b.Rounds < 1 || b.Rounds > 100:
		return errors.New("--rounds must be between 1 and 100")
	}
	return b.check(b.Clients)
}

// Run measures two services on private servers in temporary directories.
func (b *benchTelemetryCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	off, err := startBench(e, b.benchFlags, benchOptions{sample: b.Sample, clients: b.Clients}, &c)
	if err != nil {
		return err
	}
	observed := *e
	observed.metrics = telemetry.New(telemetry.Options{Version: version(), Role: "serve"})
	var sent atomic.Int64
	url, err := startCollector(&observed, &sent, &c)
	if err != nil {
		return err
	}
	if err := (traceFlags{OTLPEndpoint: url}).startTracing(&observed, "serve", &c); err != nil {
		return err
	}
	on, err := startBench(&observed, b.benchFlags, benchOptions{sample: b.Sample, clients: b.Clients}, &c)
	if err != nil {
		return err
	}
	if err := observed.metrics.Err(); err != nil {
		return err
	}
	measurement := bench.Telemetry{Documents: b.Documents, Rounds: b.Rounds, Clients: b.Clients, Sent: sent.Load,
		Collect: func(ctx context.Context) error { return collectTelemetry(ctx, &observed, url) }}
	report, err := measurement.Measure(e.ctx, off.Service, on.Service)
	if err != nil {
		return err
	}
	return b.show(e, report)
}

// startCollector starts a collector that drops the spans and counts their bytes, and serves the
// metrics, until c closes.
func startCollector(e *env, sent *atomic.Int64, c *closers) (url string, err error) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", func(_ http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body) // the sender reports what fails
		sent.Add(n)
	})
	mux.Handle("GET /metrics", e.metrics.Handler(e.log))
	listener, err := api.Listen(e.ctx, "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	running, stop := context.WithCancel(context.WithoutCancel(e.ctx)) // takes the last spans
	done := make(chan error, 1)
	go func() { done <- api.Serve(running, listener, mux, time.Second, e.log) }()
	c.add(func() error {
		stop()
		return <-done
	})
	return baseURL(listener.Addr()), nil
}

// collectTelemetry reads the metrics as Prometheus does, and waits until all spans are sent.
func collectTelemetry(ctx context.Context, e *env, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/metrics", nil)
	if err != nil {
		return fmt.Errorf("reading the metrics: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("reading the metrics: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return fmt.Errorf("reading the metrics: %w", err)
	}
	return e.tracing.Flush(ctx)
}
