package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/letrazapp/letraz-export/internal/sweep"
)

// Sweep returns the observer that records passes of the sweeper as spans.
func (t *Tracing) Sweep() sweep.Observer {
	if t == nil {
		return nil
	}
	return sweepSpans{t}
}

type sweepSpans struct{ *Tracing }

// Swept records a pass, with what it did. Its statements and deletions have no spans: a pass
// may have a million of them.
func (s sweepSpans) Swept(res sweep.Result, took time.Duration, err error) {
	count := func(name string, n int64) attribute.KeyValue { return attribute.Int64("letraz_export.sweep."+name, n) }
	_, span := s.tracer.Start(context.Background(), "sweep", trace.WithTimestamp(time.Now().Add(-took)), trace.WithAttributes(
		count("due", res.Lag.Due), count("expired", res.Expired), count("files", res.Files), count("failed", res.Failed),
		count("purged", res.Purged), count("audit", res.Audit), count("orphans", res.Orphans), count("unknown", res.Unknown)))
	fail(span, err)
	span.End()
}
