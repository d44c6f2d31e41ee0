package main

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestRoles(t *testing.T) {
	dir := dataDir(t)
	database := testenv.EmptyDatabase(t)
	nats := testenv.NATS(t, "").URL()
	servers := []string{"--database-url", database, "--nats-url", nats}
	files := []string{"--blob-url", madeDir(t, dir+"/files")}
	secret := strings.Repeat("s", 32)
	collected, collectorURL := collectSpans(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collectorURL)

	if status, _, errs := call(t, append([]string{"worker"}, append(servers, files...)...)...); status != 1 || !strings.Contains(errs, "letraz-export migrate") {
		t.Errorf("a worker on an empty database: status %d\n%s", status, errs)
	}
	if out := must(t, append([]string{"migrate"}, servers...)...); !strings.Contains(out, "streams: up to date") {
		t.Errorf("migrate says %q", out)
	}

	for _, role := range []string{"api", "worker", "sweep", "erase"} {
		args := append([]string{role}, servers...)
		switch role {
		case "sweep":
			args = args[:3]
		case "erase":
			args = append(args[:3], "user_1")
		}
		if status, _, errs := call(t, args...); status != 1 || !strings.Contains(errs, "BLOB_URL") {
			t.Errorf("%s without BLOB_URL: status %d\n%s", role, status, errs)
		}
	}

	api := start(t, "the API is ready", append([]string{"api", "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--jwt-secret", secret, "--data-dir", dir}, append(servers, files...)...)...)
	workers := []*program{
		start(t, "the worker is ready", append([]string{"worker", "--slots", "1"}, append(servers, files...)...)...),
		start(t, "the worker is ready", append([]string{"worker", "--slots", "1", "--health-listen", "127.0.0.1:0"}, append(servers, files...)...)...),
	}
	dispatcher := start(t, "the dispatcher is ready", append([]string{"dispatch", "--ops-listen", "127.0.0.1:0"}, servers...)...)
	sweeper := start(t, "the operations port is open", "sweep", "--every", "1m", "--ops-listen", "127.0.0.1:0", "--database-url", database, "--blob-url", files[1])

	var ids []string
	for _, slug := range []string{"first-job", "japanese", "tailored"} {
		line := must(t, "import", "--user", "user_1", "--database-url", database, sampleFile(t, slug))
		id, _, _ := strings.Cut(line, "\t")
		ids = append(ids, id)
	}
	token := strings.TrimSpace(must(t, "token", "user_1", "--jwt-secret", secret))
	url := logged(t, api, " url=")
	must(t, append([]string{"export", "--server", url, "--token", token, "-o", t.TempDir()}, ids...)...)
	if n := len(descendants(t, api.cmd.Process.Pid)); n != 0 {
		t.Errorf("the API process has %d processes below it; it should have no browser", n)
	}

	for p, metric := range map[*program]string{
		api: "letraz_export_accepted_total", workers[1]: "letraz_export_slots", dispatcher: "letraz_export_queue_waiting", sweeper: "letraz_export_sweep_passes_total",
	} {
		ops := logged(t, p, "ops_url=")
		must(t, "healthcheck", ops+"/readyz")
		if _, text := get(t, ops+"/metrics"); !strings.Contains(text, "\n"+metric+"{") {
			t.Errorf("%v has no %s:\n%s", p.cmd.Args[1], metric, text)
		}
		if status, body := get(t, ops+"/ops/queue"); status != 200 || !strings.Contains(body, `"waiting":`) {
			t.Errorf("%v: /ops/queue answers %d %s", p.cmd.Args[1], status, body)
		}
	}

	wantSweepLag(t, sweeper, dispatcher, database, files[1])

	var below []int
	for _, w := range workers {
		below = append(below, descendants(t, w.cmd.Process.Pid)...)
	}
	for _, p := range append(workers, dispatcher, api) {
		if state := p.stop(t, syscall.SIGTERM); state.ExitCode() != 0 {
			t.Errorf("%v ended with %v:\n%s", p.cmd.Args[1:], state, p.output())
		}
	}
	gone(t, below)
	collected.wantTracesOfBoth(t, "api", "worker", len(ids))
}

// wantSweepLag checks that a dispatcher reports that nobody sweeps, and what a single pass says
// of itself.
func wantSweepLag(t *testing.T, sweeper, dispatcher *program, database, files string) {
	t.Helper()
	if state := sweeper.stop(t, syscall.SIGTERM); state.ExitCode() != 0 {
		t.Errorf("the sweeper ended with %v:\n%s", state, sweeper.output())
	}
	testenv.Exec(t, database, "UPDATE export_request SET created_at = now() - interval '4 h', expires_at = now() - interval '3 h'")
	lag := func() string {
		_, text := get(t, logged(t, dispatcher, "ops_url=")+"/metrics")
		_, rest, _ := strings.Cut(text, `letraz_export_queue_lag_seconds{task="sweep"} `)
		return strings.Fields(rest + " -")[0]
	}
	testenv.Eventually(t, "the dispatcher reports the lag", func() bool { return strings.HasPrefix(lag(), "108") }) // 10800 and some
	collected, url := collectSpans(t)
	status, out, errs := call(t, "sweep", "--database-url", database, "--blob-url", files, "--log-format", "json", "--otlp-endpoint", url)
	var swept struct {
		Msg, Version             string
		Expired, Files, Failed   *int
		Purged, Orphans, Unknown *int
		Due                      *int
		LagSeconds               *int `json:"lag_seconds"`
	}
	lines := strings.Split(strings.TrimSpace(errs), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &swept); err != nil || status != 0 {
		t.Fatalf("sweep: status %d, %v\n%s", status, err, errs)
	}
	if swept.Msg != "swept" || swept.Version != version() || *swept.Expired != 3 || *swept.Files != 3 || *swept.Failed != 0 || *swept.Purged != 0 ||
		*swept.Orphans != 0 || *swept.Unknown != 0 || *swept.Due != 3 || *swept.LagSeconds < 10800 {
		t.Errorf("the pass logs %s", errs)
	}
	if !strings.HasPrefix(out, "expired 3, files deleted 3,") {
		t.Errorf("the pass prints %s", out)
	}
	if len(collected.all) != 1 || collected.all[0].Name != "sweep" || attribute(collected.all[0], "letraz_export.sweep.expired") != "3" {
		t.Errorf("the spans of the pass: %v", collected.all)
	}
	testenv.Eventually(t, "the lag is over", func() bool { return lag() == "0" })
}

// logged returns the value that follows key in the program's log.
func logged(t *testing.T, p *program, key string) string {
	t.Helper()
	_, rest, ok := strings.Cut(p.output(), key)
	if !ok {
		t.Fatalf("no %s in the log:\n%s", key, p.output())
	}
	return strings.Fields(rest)[0]
}
