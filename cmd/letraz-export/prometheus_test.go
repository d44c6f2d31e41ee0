package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// A real Prometheus, which scrapes a service that exports, answers every expression of the
// dashboard with data and evaluates every alert rule.
func TestServe_Prometheus(t *testing.T) {
	dir := dataDir(t)
	serve := start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--slots", "1", "--sweep-every", "1s")
	target := strings.TrimPrefix(logged(t, serve, "ops_url="), "http://")
	server := startPrometheus(t, target)
	resumeID, _, _ := strings.Cut(must(t, "import", "--user", "user_1", "--data-dir", dir, sampleFile(t, "first-job")), "\t")
	server.await(t, "count_over_time(up[1m])", func(samples int) bool { return samples >= 2 })
	must(t, "export", "--data-dir", dir, "--as", "user_1", "-o", t.TempDir(), resumeID)
	// A rate needs two samples of the same series, some of which begin with the export.
	server.await(t, "count_over_time(letraz_export_downloaded_total[1m])", func(samples int) bool { return samples >= 2 })

	for where, expr := range dashboardExpressions(t) {
		if got := server.query(t, expr); len(got) == 0 && !slices.Contains([]string{
			"Time of a start, p95",                              // the browsers had started before
			"Failed attempts by code", "Failed file operations", // nothing failed
		}, where) {
			t.Errorf("%s: no data from\n%s", where, expr)
		}
	}
	server.wantRules(t)
}

// dashboardExpressions returns the expressions of the dashboard as Grafana sends them, by the
// title of the panel and the name of the query.
func dashboardExpressions(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("../../deploy/grafana/letraz-export.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ RefID, Expr string }
		}
	}
	if err := json.Unmarshal(data, &dashboard); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, p := range dashboard.Panels {
		for i, q := range p.Targets {
			name := p.Title
			if i > 0 {
				name += " " + q.RefID
			}
			all[name] = strings.NewReplacer("$__rate_interval", "1m", "$namespace", ".*", "$job", ".*").Replace(q.Expr)
		}
	}
	if len(all) < 60 {
		t.Fatalf("only %d expressions", len(all))
	}
	return all
}

// prometheus is a running Prometheus.
type prometheus struct{ url string }

// startPrometheus starts a Prometheus that scrapes the target every second, with deploy's
// configuration otherwise. make setup-test installs it.
func startPrometheus(t *testing.T, target string) prometheus {
	t.Helper()
	config := map[string]any{}
	data, err := os.ReadFile("../../deploy/prometheus/prometheus.yml")
	if err == nil {
		err = yaml.Unmarshal(data, &config)
	}
	if err != nil {
		t.Fatal(err)
	}
	rules, err := filepath.Abs("../../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config["global"] = map[string]any{"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "1s"}
	config["rule_files"] = []string{rules}
	config["scrape_configs"] = []any{map[string]any{"job_name": "letraz-export", "static_configs": []any{map[string]any{"targets": []string{target}}}}}
	if data, err = yaml.Marshal(config); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/prometheus.yml", data, 0o600); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd := exec.Command("prometheus", "--config.file", dir+"/prometheus.yml", "--storage.tsdb.path", dir+"/data", "--web.listen-address", address)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v; make setup-test installs it", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // fails if it has ended already
		if err := cmd.Wait(); t.Failed() {
			t.Logf("prometheus: %v\n%s", err, log.Bytes())
		}
	})
	p := prometheus{url: "http://" + address}
	testenv.Eventually(t, "Prometheus is ready", func() bool {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/-/ready", nil)
		if err != nil {
			return false
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	return p
}

// query returns the values of an expression.
func (p prometheus) query(t *testing.T, expr string) []string {
	t.Helper()
	status, body := get(t, p.url+"/api/v1/query?query="+url.QueryEscape(expr))
	var answer struct {
		Status string
		Data   struct{ Result []struct{ Value [2]any } }
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK || answer.Status != "success" {
		t.Fatalf("%s: %d %s %v", expr, status, body, err)
	}
	var values []string
	for _, r := range answer.Data.Result {
		values = append(values, fmt.Sprint(r.Value[1]))
	}
	return values
}

// await waits until the only value of an expression is a number that will do.
func (p prometheus) await(t *testing.T, expr string, ok func(int) bool) {
	t.Helper()
	testenv.Eventually(t, expr, func() bool {
		var n int
		values := p.query(t, expr)
		if len(values) != 1 {
			return false
		}
		_, err := fmt.Sscan(values[0], &n)
		return err == nil && ok(n)
	})
}

// wantRules checks that every alert rule was evaluated without an error, and that none fires.
func (p prometheus) wantRules(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile("../../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := len(regexp.MustCompile(`(?m)^ *- alert:`).FindAll(text, -1))
	type rule struct{ Name, Health, LastError, State string }
	var rules []rule
	testenv.Eventually(t, "the rules are evaluated", func() bool {
		_, body := get(t, p.url+"/api/v1/rules")
		var answer struct {
			Data struct{ Groups []struct{ Rules []rule } }
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatalf("%v\n%s", err, body)
		}
		rules = nil
		for _, g := range answer.Data.Groups {
			rules = append(rules, g.Rules...)
		}
		return len(rules) == want && !slices.ContainsFunc(rules, func(r rule) bool { return r.Health == "unknown" })
	})
	for _, r := range rules {
		if r.Health != "ok" || r.LastError != "" || r.State == "firing" {
			t.Errorf("%s: %s %s %s", r.Name, r.Health, r.LastError, r.State)
		}
	}
}
