package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// spans is a collector of OTLP over HTTP.
type spans struct {
	mu  sync.Mutex
	all []*otlp.Span
	raw strings.Builder
	// roles has the role of the process of each span.
	roles map[string]string
}

func collectSpans(t *testing.T) (s *spans, url string) {
	t.Helper()
	s = &spans{roles: map[string]string{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var sent collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &sent)
		}
		if err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.raw.Write(body)
		for _, of := range sent.ResourceSpans {
			for _, scope := range of.ScopeSpans {
				s.all = append(s.all, scope.Spans...)
				for _, span := range scope.Spans {
					s.roles[string(span.SpanId)] = attribute(&otlp.Span{Attributes: of.Resource.Attributes}, "letraz_export.role")
				}
			}
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(server.Close)
	return s, server.URL
}

// named returns the spans of a trace with the name.
func (s *spans) named(trace []byte, name string) (found []*otlp.Span) {
	for _, span := range s.all {
		if string(span.TraceId) == string(trace) && span.Name == name {
			found = append(found, span)
		}
	}
	return found
}

// wantTracesOfBoth checks that n exports have a trace with the request, in one process, and the
// work, in another.
func (s *spans) wantTracesOfBoth(t *testing.T, requestRole, workRole string, n int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	whole := 0
	for _, root := range s.all {
		if root.Name != "POST /v1/exports" {
			continue
		}
		work := s.named(root.TraceId, "process exports.requested.interactive")
		if len(work) == 1 && s.roles[string(root.SpanId)] == requestRole && s.roles[string(work[0].SpanId)] == workRole {
			whole++
		}
	}
	if whole != n {
		t.Errorf("%d traces have the request and the work, want %d:\n%s", whole, n, names(s.all))
	}
}

// attribute returns the value of an attribute as text.
func attribute(s *otlp.Span, key string) string {
	for _, a := range s.Attributes {
		if a.Key == key {
			return strings.Trim(a.Value.String()[strings.Index(a.Value.String(), ":")+1:], `"`)
		}
	}
	return ""
}

// One export has one trace, from the request to the acknowledgement, and one story in the
// log.
func TestServe_OneExportTracedAndLogged(t *testing.T) {
	dir := dataDir(t)
	collected, collectorURL := collectSpans(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collectorURL)
	p := start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--sweep-every", "1s", "--log-format", "json")
	resumeID, _, _ := strings.Cut(must(t, "import", "--user", "user_1", "--data-dir", dir, sampleFile(t, "first-job")), "\t")
	must(t, "export", "--data-dir", dir, "--as", "user_1", "-o", t.TempDir(), resumeID)
	database := databaseOf(t, dir)
	id := testenv.Value(t, database, "SELECT id FROM export_request")
	traceID := testenv.Value(t, database, "SELECT split_part(traceparent, '-', 2) FROM export_request")
	testenv.Exec(t, database, "UPDATE export_request SET created_at = now() - interval '2 h', expires_at = now() - interval '1 s'")
	testenv.Eventually(t, "it has expired", func() bool { return strings.Contains(p.output(), `"msg":"export expired"`) })
	testenv.Exec(t, database, `UPDATE "user" SET is_active = is_active`) // the database still answers
	p.stop(t, syscall.SIGTERM)

	trace, err := hex.DecodeString(traceID)
	if err != nil || len(trace) != 16 {
		t.Fatalf("the row has the trace %q", traceID)
	}
	root := collected.named(trace, "POST /v1/exports")
	if len(root) != 1 || len(root[0].ParentSpanId) != 0 || attribute(root[0], "letraz_export.export_id") != id {
		t.Fatalf("the spans of the request: %v of %s", root, names(collected.all))
	}
	parents := map[string]string{}
	byID := map[string]*otlp.Span{}
	for _, s := range collected.all {
		byID[string(s.SpanId)] = s
	}
	for _, s := range collected.all {
		if parent := byID[string(s.ParentSpanId)]; parent != nil && string(s.TraceId) == string(trace) {
			parents[s.Name] = parent.Name
		}
	}
	const process = "process exports.requested.interactive"
	for name, parent := range map[string]string{
		"ExportRequestInsert":                "POST /v1/exports",
		"send exports.requested.interactive": "POST /v1/exports",
		process:                              "send exports.requested.interactive",
		"ExportRequestClaim":                 process,
		"load":                               process,
		"prepare":                            process,
		"print":                              process,
		"finish":                             process,
		"files put":                          process,
		"store":                              process,
		"ExportRequestComplete":              process,
		"send exports.event.ready":           process,
		"ExportRequestAnnounced":             process,
		"settle":                             process,
	} {
		if parents[name] != parent {
			t.Errorf("the parent of %q is %q, want %q", name, parents[name], parent)
		}
	}
	work := collected.named(trace, process)
	if len(work) != 1 || attribute(work[0], "letraz_export.status") != "ready" || attribute(work[0], "messaging.system") != "nats" ||
		attribute(work[0], "messaging.operation.type") != "process" || len(work[0].Links) != 0 || work[0].Kind != otlp.Span_SPAN_KIND_CONSUMER {
		t.Errorf("the span of the work: %v", work)
	}
	if n := len(collected.named(trace, "settle")); n != 1 {
		t.Errorf("%d acknowledgements", n)
	}

	// No content of the resume, nor the user, is in spans or logs.
	resume, err := samples.Get("first-job")
	if err != nil {
		t.Fatal(err)
	}
	var content struct {
		Basics struct{ Name, Email, Summary string }
	}
	if err := json.Unmarshal(resume.JSON, &content); err != nil || content.Basics.Name == "" {
		t.Fatal(content, err)
	}
	for _, secret := range []string{content.Basics.Name, content.Basics.Email, "user_1"} {
		if secret != "" && strings.Contains(collected.raw.String(), secret) {
			t.Errorf("the spans contain %q", secret)
		}
		if secret != "" && secret != "user_1" && strings.Contains(p.output(), secret) {
			t.Errorf("the log contains %q", secret)
		}
	}

	wantStory(t, p.output(), id, traceID)
}

// wantStory checks the log lines of an export that was made, downloaded and expired.
func wantStory(t *testing.T, log, id, traceID string) {
	t.Helper()
	fields := map[string][]string{
		"export accepted":   {"user_id", "resume_id", "format", "lane", "request_id"},
		"export published":  {"lane", "request_id"},
		"export claimed":    {"user_id", "attempt", "lane", "format"},
		"export printed":    {"attempt", "print_ms"},
		"export stored":     {"attempt", "bytes", "store_ms"},
		"export ready":      {"attempt", "pages", "bytes", "work_ms", "total_ms"},
		"export downloaded": {"user_id", "bytes", "request_id"},
		"export expired":    {},
	}
	var story []string
	at := map[string]string{}
	for line := range strings.Lines(log) {
		var record map[string]any
		if json.Unmarshal([]byte(line), &record) != nil || record["export_id"] != id {
			continue
		}
		msg, _ := record["msg"].(string)
		want, known := fields[msg]
		if !known {
			t.Errorf("an unexpected line: %s", line)
			continue
		}
		story = append(story, msg)
		at[msg], _ = record["time"].(string)
		if record["level"] != "INFO" || record["trace_id"] != traceID {
			t.Errorf("level or trace of %s", line)
		}
		for _, f := range want {
			if record[f] == nil || record[f] == "" {
				t.Errorf("no %s in %s", f, line)
			}
		}
	}
	if len(story) != len(fields) {
		t.Errorf("the story is %q", story)
	}
	// The publisher and the worker are not in step with each other, so those lines may come
	// in either order.
	order := slices.DeleteFunc(slices.Clone(story), func(msg string) bool { return msg == "export published" })
	if want := []string{"export accepted", "export claimed", "export printed", "export stored", "export ready", "export downloaded", "export expired"}; !slices.Equal(order, want) {
		t.Errorf("the story is %q, want %q", order, want)
	}
	for msg, when := range at {
		if _, err := time.Parse(time.RFC3339Nano, when); err != nil {
			t.Errorf("%s: %v", msg, err)
		}
	}
}

func names(all []*otlp.Span) string {
	var list []string
	for _, s := range all {
		list = append(list, fmt.Sprintf("%x %s", s.TraceId[:2], s.Name))
	}
	return strings.Join(list, "\n")
}

func TestServe_WrongCollector(t *testing.T) {
	status, _, errs := call(t, "serve", "--data-dir", filepath.Join(os.TempDir(), "none"), "--otlp-endpoint", "localhost:4318")
	if status != 1 || !strings.Contains(errs, "give it as http://host:4318") {
		t.Errorf("status %d: %s", status, errs)
	}
}
