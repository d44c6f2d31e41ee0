package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.39.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/letrazapp/letraz-export/internal/outage"
)

// Tracing sends spans to a collector. Its methods that return an observer or a tracer
// return nil for a nil Tracing: nothing is traced then, at no cost.
type Tracing struct {
	provider   *sdktrace.TracerProvider
	tracer     trace.Tracer
	propagator propagation.TraceContext
}

// TracingOptions say where spans go.
type TracingOptions struct {
	// Endpoint is the URL of a collector that takes OTLP over HTTP, without /v1/traces. The
	// standard environment variables (OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER,
	// OTEL_EXPORTER_OTLP_HEADERS and so on) set everything else.
	Endpoint string
	Version  string
	Role     string
	Logger   *slog.Logger
}

// StartTracing begins to send spans, in the background and in batches. An unreachable
// collector is logged and delays nothing.
func StartTracing(ctx context.Context, o TracingOptions) (*Tracing, error) {
	if o.Endpoint == "" {
		return nil, nil
	}
	if !strings.HasPrefix(o.Endpoint, "http://") && !strings.HasPrefix(o.Endpoint, "https://") {
		return nil, fmt.Errorf("the OTLP endpoint %q is no URL: give it as http://host:4318", o.Endpoint)
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(strings.TrimSuffix(o.Endpoint, "/")+"/v1/traces"))
	if err != nil {
		return nil, fmt.Errorf("preparing traces: %w", err)
	}
	about, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithHost(),
		resource.WithAttributes(semconv.ServiceName("letraz-export"), semconv.ServiceVersion(o.Version), semconv.ServiceInstanceID(instanceID()), roleKey.String(o.Role)),
		resource.WithFromEnv()) // last, so that it wins
	if err != nil && !errors.Is(err, resource.ErrPartialResource) {
		return nil, fmt.Errorf("preparing traces: %w", err)
	}
	lost := outage.New(o.Logger, outage.Options{Level: slog.LevelWarn, Fault: "traces cannot be sent: spans are lost. Check OTEL_EXPORTER_OTLP_ENDPOINT"})
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { lost.Failed(err) }))
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	return newTracing(provider), nil
}

func newTracing(provider *sdktrace.TracerProvider) *Tracing {
	return &Tracing{provider: provider, tracer: provider.Tracer("github.com/letrazapp/letraz-export")}
}

// closeTimeout bounds sending the last spans.
const closeTimeout = 5 * time.Second

// Close sends the spans that are left.
func (t *Tracing) Close() error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("sending the last traces: %w", err)
	}
	return nil
}

// Flush sends the spans that wait to be sent.
func (t *Tracing) Flush(ctx context.Context) error {
	if t == nil {
		return nil
	}
	if err := t.provider.ForceFlush(ctx); err != nil {
		return fmt.Errorf("sending traces: %w", err)
	}
	return nil
}

// HTTP returns a handler that records a span for each request, except for probes. It
// continues the trace of a caller that sends one.
func (t *Tracing) HTTP(next http.Handler) http.Handler {
	if t == nil {
		return next
	}
	return otelhttp.NewHandler(next, "",
		otelhttp.WithTracerProvider(t.provider), otelhttp.WithMeterProvider(metricnoop.NewMeterProvider()), otelhttp.WithPropagators(t.propagator),
		otelhttp.WithFilter(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/v1/") }),
		// The route is known at the end: see apiSpans.
		otelhttp.WithSpanNameFormatter(func(string, *http.Request) string { return "HTTP" }))
}

// Traceparent returns the trace context of the current span (W3C traceparent), or "".
func (t *Tracing) Traceparent(ctx context.Context) string {
	if t == nil {
		return ""
	}
	carrier := propagation.MapCarrier{}
	t.propagator.Inject(ctx, carrier)
	return carrier["traceparent"]
}

// remote returns the span context of a traceparent.
func (t *Tracing) remote(traceparent string) trace.SpanContext {
	if traceparent == "" {
		return trace.SpanContext{}
	}
	ctx := t.propagator.Extract(context.Background(), propagation.MapCarrier{"traceparent": traceparent})
	return trace.SpanContextFromContext(ctx)
}

// past records a span that has just ended, as a part of the current one. Without a current
// one, as in polls of the dispatcher, it records nothing.
func (t *Tracing) past(ctx context.Context, name string, began time.Time, err error, options ...trace.SpanStartOption) {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return
	}
	_, span := t.tracer.Start(ctx, name, append(options, trace.WithTimestamp(began))...)
	fail(span, err)
	span.End()
}
