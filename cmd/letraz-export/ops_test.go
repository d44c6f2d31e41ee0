package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

const opsToken = "a-token-of-operators"

// get returns the status and the body of an answer.
func get(t *testing.T, url string, headers ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// head returns the headers of an answer, whatever its status.
func head(t *testing.T, url string) http.Header {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.Header
}

func TestServe_OperationsPort(t *testing.T) {
	dir := dataDir(t)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(opsToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--ops-token-file", file, "--slots", "1")
	url := logged(t, p, "ops_url=")
	id, _, _ := strings.Cut(must(t, "import", "--user", "user_1", "--data-dir", dir, sampleFile(t, "first-job")), "\t")
	out := t.TempDir()
	must(t, "export", "--data-dir", dir, "--as", "user_1", "-o", out, id)
	must(t, "export", "--data-dir", dir, "--as", "user_1", "-o", out, id) // a copy
	must(t, "healthcheck", url+"/readyz")
	must(t, "healthcheck", url+"/healthz")

	for _, line := range []string{
		`letraz_export_accepted_total{format="pdf",lane="interactive"} 2`,
		`letraz_export_finished_total{code="",status="ready"} 2`,
		`letraz_export_time_to_ready_seconds_count{lane="interactive"} 2`,
		`letraz_export_downloaded_total{format="pdf"} 2`,
		`letraz_export_reused_total 1`,
		`letraz_export_browser_prints_total{result="ok"} 1`,
		`letraz_export_http_requests_total{method="POST",route="/v1/exports",status="201"} 2`,
		`letraz_export_queue_waiting{lane="interactive"} 0`,
		`letraz_export_slots{state="idle"} 1`,
		`letraz_export_dependency_up{dependency="postgres"} 1`,
		`letraz_export_dependency_up{dependency="nats"} 1`,
		`letraz_export_dependency_up{dependency="store"} 1`,
		`letraz_export_dependency_up{dependency="chrome"} 1`,
		`letraz_export_database_statement_duration_seconds_count{statement="ExportRequestClaim"} 2`,
		`letraz_export_files_operation_duration_seconds_count{operation="put"}`,
		`letraz_export_nats_publish_duration_seconds_count{kind="request"} 2`,
		`letraz_export_sweep_passes_total{result="ok"}`,
		`letraz_export_dispatch_rounds_total{result="ok"}`,
		`go_goroutines `,
		`process_resident_memory_bytes `,
	} {
		var text string
		testenv.Eventually(t, line, func() bool { // the client has its answer before it is counted
			_, text = get(t, url+"/metrics")
			return strings.Contains(text, "\n"+line)
		})
		if strings.Contains(text, id) || strings.Contains(text, "user_1") {
			t.Error("an id is in the metrics")
		}
	}

	for _, path := range []string{url + "/metrics", url + "/healthz", url + "/ops/queue", url + "/none",
		serveURL(t, dir) + "/readyz", serveURL(t, dir) + "/v1/exports", serveURL(t, dir) + "/none"} {
		if got := head(t, path).Get("Server"); got != "letraz-export/"+strings.Trim(version(), "()") {
			t.Errorf("the server of %s is %q", path, got)
		}
	}

	if status, _ := get(t, url+"/ops/queue"); status != http.StatusUnauthorized {
		t.Errorf("/ops/queue without the token: %d", status)
	}
	status, body := get(t, url+"/ops/queue", "Authorization", "Bearer "+opsToken)
	var state struct {
		Waiting *float64
		Lanes   map[string]struct{ Waiting *float64 }
	}
	if err := json.Unmarshal([]byte(body), &state); err != nil || status != 200 || state.Waiting == nil || state.Lanes["interactive"].Waiting == nil || state.Lanes["retry"].Waiting == nil {
		t.Errorf("/ops/queue: %d %s %v", status, body, err)
	}
	for _, path := range []string{"/metrics", "/ops/queue"} {
		if status, _ := get(t, serveURL(t, dir)+path, "Authorization", "Bearer "+opsToken); status != http.StatusNotFound {
			t.Errorf("the API answers %s with %d", path, status)
		}
	}
	if state := p.stop(t, syscall.SIGTERM); state.ExitCode() != 0 {
		t.Errorf("SIGTERM ended it with %v:\n%s", state, p.output())
	}
}

func TestOpsFlags(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		name  string
		flags opsFlags
		want  string
		err   string
	}{
		{"none", opsFlags{}, "", ""},
		{"flag", opsFlags{OpsToken: opsToken}, opsToken, ""},
		{"file", opsFlags{OpsTokenFile: write("a", " "+opsToken+"\n")}, opsToken, ""},
		{"both", opsFlags{OpsToken: opsToken, OpsTokenFile: write("b", opsToken)}, "", "not both"},
		{"empty file", opsFlags{OpsTokenFile: write("c", "\n")}, "", "is empty"},
		{"no file", opsFlags{OpsTokenFile: dir + "/none"}, "", "no such file"},
		{"short", opsFlags{OpsToken: "short"}, "", "at least 16 characters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.flags.token()
			if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q, %v; want %q, %q", got, err, c.want, c.err)
			}
		})
	}
	if f := (opsFlags{OpsListen: ":1"}).or(formerOpsFlags{":2"}); f.OpsListen != ":1" {
		t.Errorf("both addresses: %+v", f)
	}
}
