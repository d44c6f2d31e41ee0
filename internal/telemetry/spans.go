package telemetry

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.39.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/worker"
)

// Attributes of the service. Others are those of OpenTelemetry's conventions. None has
// text of a resume, or a user.
const (
	roleKey     = attribute.Key("letraz_export.role")
	exportKey   = attribute.Key("letraz_export.export_id")
	formatKey   = attribute.Key("letraz_export.format")
	templateKey = attribute.Key("letraz_export.template")
	laneKey     = attribute.Key("letraz_export.lane")
	attemptKey  = attribute.Key("letraz_export.attempt")
	statusKey   = attribute.Key("letraz_export.status")
	reusedKey   = attribute.Key("letraz_export.reused")
	pagesKey    = attribute.Key("letraz_export.pages")
	sizeKey     = attribute.Key("letraz_export.size")
)

func instanceID() string { return uuid.NewString() }

// fail marks a span as failed. The text of an error is for the log only: it may quote what
// a server answered.
func fail(span trace.Span, err error) {
	if err == nil {
		return
	}
	kind := "failed"
	var typed *export.Error
	switch {
	case errors.As(err, &typed):
		kind = string(typed.Code)
	case errors.Is(err, context.Canceled):
		kind = "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		kind = "timeout"
	case errors.Is(err, export.ErrUnavailable):
		kind = "unavailable"
	}
	span.SetStatus(codes.Error, kind)
	span.SetAttributes(semconv.ErrorTypeKey.String(kind))
}

// API returns the observer that names the spans of HTTP.
func (t *Tracing) API() api.Observer {
	if t == nil {
		return nil
	}
	return apiSpans{}
}

type apiSpans struct{}

// RequestFinished names the span of the request after its route.
func (apiSpans) RequestFinished(ctx context.Context, r api.FinishedRequest) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	span.SetName(strings.TrimSpace(r.Method + " " + r.Route))
	if r.Route != "" {
		span.SetAttributes(semconv.HTTPRoute(r.Route))
	}
}

// ExportAccepted adds the export to the span.
func (apiSpans) ExportAccepted(ctx context.Context, r export.Request, _ bool) { addExport(ctx, r) }

// ExportCanceled adds the export to the span.
func (apiSpans) ExportCanceled(ctx context.Context, r export.Request) { addExport(ctx, r) }

// ExportsErased adds nothing.
func (apiSpans) ExportsErased(context.Context, int64) {}

// RequestLimited does nothing: the span has the status.
func (apiSpans) RequestLimited(context.Context, string) {}

// AuditFailed does nothing: it is no part of the request.
func (apiSpans) AuditFailed(context.Context) {}

// Holding does nothing.
func (apiSpans) Holding(string, int) {}

// ExportDownloaded adds the export to the span.
func (apiSpans) ExportDownloaded(ctx context.Context, r export.Request) { addExport(ctx, r) }

func addExport(ctx context.Context, r export.Request) {
	trace.SpanFromContext(ctx).SetAttributes(exportKey.String(r.ID), formatKey.String(formatLabel(r.Format)))
}

// Database returns the observer that records statements as spans.
func (t *Tracing) Database() postgres.Observer {
	if t == nil {
		return nil
	}
	return databaseSpans{t}
}

type databaseSpans struct{ *Tracing }

// Statement records a statement.
func (s databaseSpans) Statement(ctx context.Context, name string, took time.Duration, err error) {
	s.past(ctx, name, time.Now().Add(-took), err, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(semconv.DBSystemNamePostgreSQL, semconv.DBQuerySummary(name)))
}

// Connection records nothing: the statement fails, too.
func (databaseSpans) Connection(error) {}

// Files returns the observer that records operations of the file store as spans.
func (t *Tracing) Files() blob.Observer {
	if t == nil {
		return nil
	}
	return fileSpans{t}
}

type fileSpans struct{ *Tracing }

// Operation records an operation.
func (s fileSpans) Operation(ctx context.Context, name string, took time.Duration, err error) {
	s.past(ctx, "files "+name, time.Now().Add(-took), err, trace.WithSpanKind(trace.SpanKindClient))
}

// Queue returns the tracer of messages.
func (t *Tracing) Queue() queue.Tracer {
	if t == nil {
		return nil
	}
	return queueSpans{t}
}

type queueSpans struct{ *Tracing }

// Send begins the span of a message. The first message of an export, and every message that
// is published as part of another span, continues its trace. A repeated one begins a new
// trace, which links to that of the export.
func (s queueSpans) Send(ctx context.Context, m queue.Outgoing) (traceparent string, end func(error)) {
	origin := s.remote(m.Traceparent)
	if !trace.SpanContextFromContext(ctx).IsValid() && m.First && origin.IsValid() {
		ctx = trace.ContextWithRemoteSpanContext(ctx, origin)
	}
	ctx, span := s.tracer.Start(ctx, "send "+m.Destination, trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(
		semconv.MessagingSystemKey.String("nats"), semconv.MessagingOperationName("send"), semconv.MessagingOperationTypeSend,
		semconv.MessagingDestinationName(m.Subject), semconv.MessagingDestinationTemplate(m.Destination), semconv.MessagingMessageID(m.ID),
		semconv.MessagingMessageBodySize(m.Size), exportKey.String(m.ExportID)))
	link(span, origin)
	return s.Traceparent(ctx), func(err error) {
		fail(span, err)
		span.End()
	}
}

// link links a span to that of the request which created the export, unless it is of the
// same trace.
func link(span trace.Span, origin trace.SpanContext) {
	if origin.IsValid() && origin.TraceID() != span.SpanContext().TraceID() {
		span.AddLink(trace.Link{SpanContext: origin})
	}
}

// Worker returns the tracer of attempts.
func (t *Tracing) Worker() worker.Tracer {
	if t == nil {
		return nil
	}
	return attemptSpans{t}
}

type attemptSpans struct{ *Tracing }

// Begin begins the span of processing a message.
func (s attemptSpans) Begin(ctx context.Context, subject, traceparent string) context.Context {
	if sent := s.remote(traceparent); sent.IsValid() {
		ctx = trace.ContextWithRemoteSpanContext(ctx, sent)
	}
	destination := queue.Destination(subject)
	ctx, _ = s.tracer.Start(ctx, "process "+destination, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
		semconv.MessagingSystemKey.String("nats"), semconv.MessagingOperationName("process"), semconv.MessagingOperationTypeProcess,
		semconv.MessagingDestinationName(subject), semconv.MessagingDestinationTemplate(destination)))
	return ctx
}

// Claimed adds the export to the span.
func (s attemptSpans) Claimed(ctx context.Context, r export.Request) {
	span := trace.SpanFromContext(ctx)
	span.SetAttributes(exportKey.String(r.ID), attemptKey.Int(r.Attempt), laneKey.String(laneLabel(r.Lane)), formatKey.String(formatLabel(r.Format)), templateKey.String(r.Template))
	link(span, s.remote(r.Traceparent))
}

// Step records a step.
func (s attemptSpans) Step(ctx context.Context, name string, began time.Time, err error) {
	if name == worker.Acknowledging {
		s.past(ctx, "settle", began, err, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
			semconv.MessagingSystemKey.String("nats"), semconv.MessagingOperationName("ack"), semconv.MessagingOperationTypeSettle))
		return
	}
	s.past(ctx, name, began, err)
}

// Finished adds the outcome to the span.
func (attemptSpans) Finished(ctx context.Context, r export.Request, how worker.Result) {
	span := trace.SpanFromContext(ctx)
	span.SetAttributes(statusKey.String(string(r.Status)), reusedKey.Bool(how.Reused))
	if r.Status == export.Ready {
		span.SetAttributes(pagesKey.Int(r.Artifact.Pages), sizeKey.Int64(r.Artifact.Size))
	}
	if how.Code != "" {
		span.SetStatus(codes.Error, string(how.Code))
		span.SetAttributes(semconv.ErrorTypeKey.String(string(how.Code)))
	}
}

// End ends the span.
func (attemptSpans) End(ctx context.Context) { trace.SpanFromContext(ctx).End() }
