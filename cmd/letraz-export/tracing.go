package main

import (
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/telemetry"
)

// traceFlags say where spans go.
type traceFlags struct {
	OTLPEndpoint string `name:"otlp-endpoint" placeholder:"URL" help:"Collector of traces that takes OTLP over HTTP, as http://localhost:4318. The other standard OTEL_… variables count, too. Default: nothing is traced." env:"OTEL_EXPORTER_OTLP_ENDPOINT" group:"logging"`
}

// startTracing begins to trace the role, if that is configured. The last spans are sent when
// everything else is closed.
func (f traceFlags) startTracing(e *env, role string, c *closers) (err error) {
	e.tracing, err = telemetry.StartTracing(e.ctx, telemetry.TracingOptions{Endpoint: f.OTLPEndpoint, Version: version(), Role: role, Logger: e.log})
	if err != nil {
		return err
	}
	c.add(e.tracing.Close)
	return nil
}

// databaseObserver returns the observer of the database: for metrics, traces, both or none.
func (e *env) databaseObserver() postgres.Observer {
	return telemetry.JoinDatabase(e.metrics.Database(), e.tracing.Database())
}
