package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/sweep"
	"github.com/letrazapp/letraz-export/internal/telemetry"
	"github.com/letrazapp/letraz-export/internal/worker"
)

// scrape returns what /metrics answers.
func scrape(t *testing.T, m *telemetry.Metrics) string {
	t.Helper()
	answer := httptest.NewRecorder()
	m.Handler(slog.New(slog.DiscardHandler)).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if answer.Code != http.StatusOK {
		t.Fatalf("status %d: %s", answer.Code, answer.Body)
	}
	return answer.Body.String()
}

// has fails the test unless the metrics have each line.
func has(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("no line %s in\n%s", line, grep(text, line[:strings.IndexAny(line, "{ ")]))
		}
	}
}

// grep returns the lines that begin with the prefix.
func grep(text, prefix string) string {
	var found []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			found = append(found, line)
		}
	}
	return strings.Join(found, "")
}

type state struct{ err error }

func (s state) State(context.Context) (export.QueueState, error) {
	return export.QueueState{
		Lanes: []export.LaneState{
			{Lane: export.Interactive, Waiting: 7, Oldest: 90 * time.Second, Resting: 2, Rendering: 3},
			{Lane: "of another version", Waiting: 1},
		},
		Lag: export.QueueLag{Publish: time.Second, Sweep: time.Minute},
	}, s.err
}

// everything calls every observer once or more.
func everything(m *telemetry.Metrics) {
	ctx := context.Background()
	r := export.Request{ID: "01a21cb9-5450-7adc-8cd1-05eafec8408d", UserID: "user_1", Format: "pdf", Lane: export.Interactive, Status: export.Ready}
	failed := r
	failed.Status, failed.Failure = export.Failed, &export.Failure{Code: export.RenderTimeout}
	down := fmt.Errorf("%w: no connection", export.ErrUnavailable)

	a := m.API()
	a.RequestFinished(ctx, api.FinishedRequest{Method: "POST", Route: "/v1/exports", Status: 202, Bytes: 100, Duration: time.Millisecond})
	a.RequestFinished(ctx, api.FinishedRequest{Method: "GET", Duration: time.Millisecond})
	a.ExportAccepted(ctx, r, false)
	a.ExportAccepted(ctx, r, true)
	canceled := r
	canceled.Status = export.Canceled
	a.ExportCanceled(ctx, canceled)
	a.ExportsErased(ctx, 3)
	a.ExportDownloaded(ctx, r)
	a.RequestLimited(ctx, "user")
	a.AuditFailed(ctx)
	a.Holding("stream", 3)
	a.Holding("stream", 2)

	w := m.Worker()
	w.Claimed(r)
	w.Printed(r, 30*time.Millisecond)
	w.Reused(r, time.Millisecond)
	w.Stored(r, 1000, time.Millisecond)
	w.Finished(r, worker.Result{Work: 40 * time.Millisecond, Total: 70 * time.Millisecond})
	w.Finished(failed, worker.Result{Code: export.RenderTimeout, Work: time.Minute, Total: time.Minute})
	w.Slots(1, 4)

	b := m.Browsers()
	for _, err := range []error{nil, chrome.ErrTimeout, chrome.ErrCrashed, chrome.ErrKilled, errors.New("else")} {
		b.Printed(time.Millisecond, err)
	}
	b.Started(time.Second, nil)
	b.Started(time.Second, chrome.ErrStart)
	b.Recycled("count")
	b.Slots(1, 2)
	m.WatchBrowsers(func() chrome.Stats { return chrome.Stats{Browsers: 2, Memory: 5} })

	d := m.Dispatch()
	d.Round(nil)
	d.Round(down)
	d.Published(4)
	d.Announced(2)
	d.Held(9)
	exhausted := failed
	exhausted.Failure = &export.Failure{Code: export.AttemptsExhausted}
	d.Rescued(exhausted)
	m.Sweep().Swept(sweep.Result{Lag: export.SweepLag{Due: 5, Oldest: time.Minute}, Expired: 4, Files: 3, Failed: 1, Purged: 2, Orphans: 6, Unknown: 7}, time.Second, nil)

	db := m.Database()
	db.Statement(ctx, "ExportRequestClaim", time.Millisecond, nil)
	db.Statement(ctx, "ExportRequestClaim", time.Millisecond, down)
	db.Statement(ctx, "ExportRequestInsert", time.Millisecond, errors.New("a violated constraint"))
	db.Statement(ctx, "ExportRequestInsert", time.Millisecond, context.Canceled)
	db.Connection(down)
	m.WatchDatabase(func() postgres.Stats { return postgres.Stats{Used: 1, Open: 2, Max: 4, Waited: time.Second} })
	f := m.Files()
	f.Operation(ctx, "put", time.Millisecond, nil)
	f.Operation(ctx, "open", time.Millisecond, blob.ErrNotFound)
	f.Operation(ctx, "put", time.Millisecond, errors.New("disk full"))
	q := m.Messages()
	q.Published(ctx, queue.RequestMessage, time.Millisecond, nil)
	q.Published(ctx, queue.EventMessage, time.Millisecond, queue.ErrDisconnected)
	m.WatchConnection(func() queue.Connection { return queue.Connection{Connected: true, Reconnects: 2} })
	m.WatchQueue(state{})
	m.WatchDependencies([]telemetry.Dependency{
		{Name: "postgres", Check: func(context.Context) error { return nil }},
		{Name: "nats", Check: func(context.Context) error { return queue.ErrDisconnected }},
	})
}

func TestMetrics_Values(t *testing.T) {
	t.Parallel()
	m := telemetry.New(telemetry.Options{Version: "v1.2.3", Role: "serve"})
	everything(m)
	has(t, scrape(t, m),
		`letraz_export_accepted_total{format="pdf",lane="interactive"} 1`,
		`letraz_export_replayed_total 1`,
		`letraz_export_http_held_requests{kind="stream"} 2`,
		`letraz_export_http_held_requests{kind="wait"} 0`,
		`letraz_export_erased_total 3`,
		`letraz_export_downloaded_total{format="pdf"} 1`,
		`letraz_export_finished_total{code="",status="ready"} 1`,
		`letraz_export_finished_total{code="",status="canceled"} 1`,
		`letraz_export_finished_total{code="",status="expired"} 4`,
		`letraz_export_finished_total{code="render_timeout",status="failed"} 1`,
		`letraz_export_finished_total{code="attempts_exhausted",status="failed"} 1`,
		`letraz_export_finished_total{code="internal",status="failed"} 0`,
		`letraz_export_time_to_ready_seconds_bucket{lane="interactive",le="0.1"} 1`,
		`letraz_export_time_to_ready_seconds_bucket{lane="interactive",le="0.05"} 0`,
		`letraz_export_http_requests_total{method="POST",route="/v1/exports",status="202"} 1`,
		`letraz_export_http_requests_total{method="GET",route="",status="cut"} 1`,
		`letraz_export_attempts_claimed_total{lane="interactive"} 1`,
		`letraz_export_attempts_finished_total{code="render_timeout",status="failed"} 1`,
		`letraz_export_attempts_step_duration_seconds_count{step="print"} 1`,
		`letraz_export_reused_total 1`,
		`letraz_export_stored_bytes_total 1000`,
		`letraz_export_slots{state="busy"} 1`,
		`letraz_export_slots{state="idle"} 3`,
		`letraz_export_browser_prints_total{result="ok"} 1`,
		`letraz_export_browser_prints_total{result="timeout"} 1`,
		`letraz_export_browser_prints_total{result="crashed"} 1`,
		`letraz_export_browser_prints_total{result="killed"} 1`,
		`letraz_export_browser_prints_total{result="failed"} 1`,
		`letraz_export_browser_starts_total{result="failed"} 1`,
		`letraz_export_browser_recycles_total{reason="count"} 1`,
		`letraz_export_browser_processes 2`,
		`letraz_export_dispatch_rounds_total{result="failed"} 1`,
		`letraz_export_dispatch_published_total 4`,
		`letraz_export_dispatch_rescued_total{status="failed"} 1`,
		`letraz_export_dispatch_stream_messages 9`,
		`letraz_export_sweep_lag_seconds 60`,
		`letraz_export_sweep_files_total{result="orphan"} 6`,
		`letraz_export_sweep_purged_total 2`,
		`letraz_export_database_statement_duration_seconds_count{statement="ExportRequestClaim"} 2`,
		`letraz_export_database_errors_total{kind="unavailable"} 2`,
		`letraz_export_database_errors_total{kind="failed"} 1`,
		`letraz_export_database_connection_wait_seconds_total 1`,
		`letraz_export_files_errors_total{operation="put"} 1`,
		`letraz_export_files_errors_total{operation="open"} 0`,
		`letraz_export_nats_publish_errors_total{kind="event"} 1`,
		`letraz_export_nats_connected 1`,
		`letraz_export_nats_reconnects_total 2`,
		`letraz_export_queue_waiting{lane="interactive"} 7`,
		`letraz_export_queue_oldest_seconds{lane="interactive"} 90`,
		`letraz_export_queue_waiting{lane="other"} 1`,
		`letraz_export_queue_lag_seconds{task="sweep"} 60`,
		`letraz_export_dependency_up{dependency="postgres"} 1`,
		`letraz_export_dependency_up{dependency="nats"} 0`,
	)
}

// The names, types and help texts follow Prometheus' rules.
func TestMetrics_Lint(t *testing.T) {
	t.Parallel()
	m := telemetry.New(telemetry.Options{Role: "serve"})
	everything(m)
	problems, err := promlint.New(strings.NewReader(scrape(t, m))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// Whatever the values are, the number of series stays, and no text of them is served.
func TestMetrics_BoundedLabels(t *testing.T) {
	t.Parallel()
	m := telemetry.New(telemetry.Options{Role: "serve"})
	everything(m)
	a, w, d, b := m.API(), m.Worker(), m.Dispatch(), m.Browsers()
	hostile := func(i int) {
		text := fmt.Sprintf("hostile-%d", i)
		r := export.Request{ID: text, UserID: text, ResumeID: text, Format: export.Format(text), Lane: export.Lane(text), Template: text, Status: export.Failed,
			Failure: &export.Failure{Code: export.FailureCode(text), Message: text}}
		a.RequestFinished(t.Context(), api.FinishedRequest{Method: "GET", Status: 1000 + i})
		a.ExportAccepted(t.Context(), r, false)
		a.ExportDownloaded(t.Context(), r)
		w.Finished(r, worker.Result{Code: export.FailureCode(text)})
		r.Status = export.Ready
		w.Finished(r, worker.Result{})
		d.Rescued(r)
		b.Recycled(text)
		b.Printed(0, errors.New(text))
	}
	hostile(0)
	before := scrape(t, m)
	for i := range 100 {
		hostile(i)
	}
	after := scrape(t, m)
	if strings.Contains(after, "hostile") {
		t.Errorf("the metrics contain %s", grep(after, "letraz"))
	}
	if x, y := strings.Count(before, "\nletraz_export_"), strings.Count(after, "\nletraz_export_"); x != y {
		t.Errorf("%d series have become %d", x, y)
	}
	has(t, after, `letraz_export_accepted_total{format="other",lane="other"} 101`, `letraz_export_finished_total{code="other",status="failed"} 101`)
}

// Without metrics there are no observers.
func TestMetrics_None(t *testing.T) {
	t.Parallel()
	var m *telemetry.Metrics
	if m.API() != nil || m.Worker() != nil || m.Browsers() != nil || m.Dispatch() != nil || m.Sweep() != nil || m.Database() != nil || m.Files() != nil || m.Messages() != nil {
		t.Error("there is an observer")
	}
	m.WatchBrowsers(nil)
	m.WatchDatabase(nil)
	m.WatchConnection(nil)
	m.WatchQueue(nil)
	m.WatchDependencies(nil)
}

// A value that cannot be read is missing, and the others are there.
func TestMetrics_QueueUnreadable(t *testing.T) {
	t.Parallel()
	m := telemetry.New(telemetry.Options{Role: "dispatch"})
	m.Dispatch()
	m.WatchQueue(state{err: export.ErrUnavailable})
	text := scrape(t, m)
	if strings.Contains(text, "letraz_export_queue_") {
		t.Error("the state of the queue is there")
	}
	has(t, text, "letraz_export_dispatch_published_total 0")
}

func BenchmarkExport(b *testing.B) {
	m := telemetry.New(telemetry.Options{Role: "serve"})
	a, w, br, db, f, q := m.API(), m.Worker(), m.Browsers(), m.Database(), m.Files(), m.Messages()
	ctx := b.Context()
	r := export.Request{Format: "pdf", Lane: export.Interactive, Status: export.Ready}
	b.ReportAllocs()
	for b.Loop() { // what one export causes
		a.RequestFinished(ctx, api.FinishedRequest{Method: "POST", Route: "/v1/exports", Status: 202, Bytes: 100, Duration: time.Millisecond})
		a.ExportAccepted(ctx, r, false)
		w.Claimed(r)
		br.Printed(time.Millisecond, nil)
		w.Printed(r, time.Millisecond)
		w.Stored(r, 1000, time.Millisecond)
		w.Finished(r, worker.Result{Work: time.Millisecond, Total: time.Millisecond})
		for range 7 {
			db.Statement(ctx, "ExportRequestClaim", time.Millisecond, nil)
		}
		f.Operation(ctx, "put", time.Millisecond, nil)
		q.Published(ctx, queue.RequestMessage, time.Millisecond, nil)
		q.Published(ctx, queue.EventMessage, time.Millisecond, nil)
		for range 2 {
			w.Slots(1, 2)
			br.Slots(1, 2)
		}
	}
}

// A mistake in a metric is an error at start, not a panic.
func TestMetrics_Err(t *testing.T) {
	t.Parallel()
	m := telemetry.New(telemetry.Options{Role: "serve"})
	everything(m)
	if err := m.Err(); err != nil {
		t.Error(err)
	}
	m.WatchQueue(state{}) // a second time
	if err := m.Err(); err == nil || !strings.Contains(err.Error(), "registering metrics: ") {
		t.Errorf("metrics of the same name: %v", err)
	}
	var none *telemetry.Metrics
	if err := none.Err(); err != nil {
		t.Error(err)
	}
}
