package telemetry

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
	"github.com/letrazapp/letraz-export/internal/worker"
)

const (
	originTrace = "0af7651916cd43dd8448eb211c80319c"
	origin      = "00-" + originTrace + "-b7ad6b7169203331-01"
	subject     = "exports.requested.interactive.01a21cb9-5450-7adc-8cd1-05eafec8408d"
)

func recording(t *testing.T) (*Tracing, *tracetest.SpanRecorder) {
	t.Helper()
	r := tracetest.NewSpanRecorder()
	tracing := newTracing(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(r)))
	t.Cleanup(func() {
		if err := tracing.Close(); err != nil {
			t.Error(err)
		}
	})
	return tracing, r
}

// The first message continues the trace of the request; another one begins a trace that
// links to it, and the work on it does, too.
func TestSend_ContinuesOrLinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		message   queue.Outgoing
		inSpan    bool // the message is published as part of another span
		continues bool
		links     bool
	}{
		{"first", queue.Outgoing{Traceparent: origin, First: true}, false, true, false},
		{"repeated", queue.Outgoing{Traceparent: origin}, false, false, true},
		{"not traced", queue.Outgoing{First: true}, false, false, false},
		{"invalid", queue.Outgoing{Traceparent: "00-x", First: true}, false, false, false},
		{"of a retry by a caller", queue.Outgoing{Traceparent: origin, First: true}, true, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			tracing, r := recording(t)
			ctx := context.Background()
			if c.inSpan {
				var span trace.Span
				ctx, span = tracing.tracer.Start(ctx, "another request")
				defer span.End()
			}
			c.message.Subject, c.message.Destination = subject, queue.Destination(subject)
			traceparent, end := tracing.Queue().Send(ctx, c.message)
			end(nil)
			w := tracing.Worker()
			working := w.Begin(context.Background(), subject, traceparent)
			w.Claimed(working, export.Request{ID: "x", Traceparent: c.message.Traceparent})
			w.End(working)

			spans := r.Ended()
			if len(spans) != 2 || spans[0].Name() != "send exports.requested.interactive" || spans[1].Name() != "process exports.requested.interactive" {
				t.Fatalf("spans %v", spans)
			}
			send, process := spans[0], spans[1]
			if process.Parent().SpanID() != send.SpanContext().SpanID() || process.SpanContext().TraceID() != send.SpanContext().TraceID() {
				t.Error("the work is not part of the sending")
			}
			for _, s := range spans {
				if (s.SpanContext().TraceID().String() == originTrace) != c.continues {
					t.Errorf("%s is in the trace %s", s.Name(), s.SpanContext().TraceID())
				}
				if linked := len(s.Links()) == 1 && s.Links()[0].SpanContext.TraceID().String() == originTrace; linked != c.links {
					t.Errorf("%s has the links %v", s.Name(), s.Links())
				}
			}
		})
	}
}

// The text of an error does not reach the collector.
func TestSpans_ErrorsByKind(t *testing.T) {
	t.Parallel()
	tracing, r := recording(t)
	w := tracing.Worker()
	ctx := w.Begin(context.Background(), subject, "")
	for err, kind := range map[error]string{
		errors.New("secret"):                                        "failed",
		export.Fail(export.RenderTimeout, "secret"):                 "render_timeout",
		errors.Join(export.ErrUnavailable, errors.New("secret")):    "unavailable",
		errors.Join(context.DeadlineExceeded, errors.New("secret")): "timeout",
		errors.Join(context.Canceled, errors.New("secret")):         "canceled",
	} {
		w.Step(ctx, "print", time.Now().Add(-time.Second), err)
		last := r.Ended()[len(r.Ended())-1]
		if last.Status().Description != kind || len(last.Events()) != 0 || last.EndTime().Sub(last.StartTime()) < time.Second {
			t.Errorf("%v: %+v", err, last.Status())
		}
	}
	w.Finished(ctx, export.Request{Status: export.Failed}, worker.Result{Code: export.Internal})
	w.End(ctx)
	if last := r.Ended()[len(r.Ended())-1]; last.Status().Description != "internal" {
		t.Errorf("the attempt: %+v", last.Status())
	}
}

// Statements and files of background work are not traced: there is no export they belong to.
func TestSpans_NoneWithoutParent(t *testing.T) {
	t.Parallel()
	tracing, r := recording(t)
	tracing.Database().Statement(t.Context(), "ExportRequestDispatch", time.Millisecond, nil)
	tracing.Files().Operation(t.Context(), "list", time.Millisecond, nil)
	if len(r.Ended()) != 0 {
		t.Errorf("spans %v", r.Ended())
	}
}

func TestHTTP_ContinuesCallersTrace(t *testing.T) {
	t.Parallel()
	tracing, r := recording(t)
	observer := tracing.API()
	inside := ""
	h := tracing.HTTP(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		inside = tracing.Traceparent(req.Context())
		observer.RequestFinished(req.Context(), api.FinishedRequest{Method: "GET", Route: "/v1/exports/{id}", Status: 200})
	}))
	for _, path := range []string{"/healthz", "/v1/exports/x?secret=y"} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		req.Header.Set("traceparent", origin)
		req.Header.Set("Authorization", "Bearer secret")
		h.ServeHTTP(httptest.NewRecorder(), req)
	}
	spans := r.Ended()
	if len(spans) != 1 || spans[0].Name() != "GET /v1/exports/{id}" || spans[0].SpanContext().TraceID().String() != originTrace || !strings.HasPrefix(inside, "00-"+originTrace) {
		t.Fatalf("spans %v, inside %q", spans, inside)
	}
	for _, a := range spans[0].Attributes() {
		if strings.Contains(a.Value.String(), "secret") {
			t.Errorf("%s is %s", a.Key, a.Value.String())
		}
	}
}

// Without tracing there is nothing to call.
func TestTracing_None(t *testing.T) {
	t.Parallel()
	tracing, err := StartTracing(t.Context(), TracingOptions{})
	if tracing != nil || err != nil {
		t.Fatal(tracing, err)
	}
	if tracing.API() != nil || tracing.Worker() != nil || tracing.Queue() != nil || tracing.Database() != nil || tracing.Files() != nil ||
		tracing.Traceparent(t.Context()) != "" || tracing.Close() != nil {
		t.Error("something is traced")
	}
	if h := http.NotFoundHandler(); JoinAPI(nil, nil) != nil || JoinDatabase(nil, nil) != nil || JoinFiles(nil, nil) != nil || tracing.HTTP(h) == nil {
		t.Error("something is observed")
	}
}

// A collector that refuses spans is logged once, and nobody waits for it.
func TestStartTracing_CollectorRefuses(t *testing.T) {
	t.Setenv("OTEL_BSP_SCHEDULE_DELAY", "5") // milliseconds between two batches
	var asked atomic.Int32
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer collector.Close()
	log, logger := testenv.NewLog(t)
	tracing, err := StartTracing(t.Context(), TracingOptions{Endpoint: collector.URL + "/", Version: "v1", Role: "worker", Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	w := tracing.Worker()
	for n := range int32(3) {
		w.End(w.Begin(t.Context(), subject, ""))
		testenv.Eventually(t, "the span is sent", func() bool { return asked.Load() > n })
	}
	if err := tracing.Close(); err != nil {
		t.Error(err)
	}
	if lines := log.Lines("level=WARN", "traces cannot be sent"); len(lines) != 1 {
		t.Errorf("logged %q", log.Lines())
	}
}

// What the spans of one export cost, without sending them.
func BenchmarkSpans(b *testing.B) {
	tracing := newTracing(sdktrace.NewTracerProvider())
	q, w, db, f := tracing.Queue(), tracing.Worker(), tracing.Database(), tracing.Files()
	r := export.Request{ID: "01a21cb9-5450-7adc-8cd1-05eafec8408d", Format: "pdf", Lane: export.Interactive, Status: export.Ready, Traceparent: origin}
	b.ReportAllocs()
	for b.Loop() {
		traceparent, end := q.Send(b.Context(), queue.Outgoing{Subject: subject, Destination: "exports.requested.interactive", ID: r.ID, ExportID: r.ID, Traceparent: origin, First: true})
		end(nil)
		ctx := w.Begin(context.Background(), subject, traceparent)
		w.Claimed(ctx, r)
		for range 5 {
			w.Step(ctx, "print", time.Now(), nil)
		}
		for range 7 {
			db.Statement(ctx, "ExportRequestClaim", time.Millisecond, nil)
		}
		f.Operation(ctx, "put", time.Millisecond, nil)
		_, end = q.Send(ctx, queue.Outgoing{Subject: subject, Destination: "exports.event.ready", ID: r.ID, ExportID: r.ID, Traceparent: origin})
		end(nil)
		w.Step(ctx, worker.Acknowledging, time.Now(), nil)
		w.Finished(ctx, r, worker.Result{})
		w.End(ctx)
	}
}
