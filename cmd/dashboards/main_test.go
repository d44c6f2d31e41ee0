package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

const (
	root  = "../../"
	rules = root + "deploy/prometheus/alerts.yaml"
	cases = root + "deploy/prometheus/alerts_test.yaml"
)

func TestDashboard_IsCurrent(t *testing.T) {
	t.Parallel()
	committed, err := os.ReadFile(root + file)
	if err != nil {
		t.Fatal(err)
	}
	generated := filepath.Join(t.TempDir(), "dashboard.json")
	if status := run(generated, t.Output()); status != 0 {
		t.Fatalf("status %d", status)
	}
	want, err := os.ReadFile(generated)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, want) {
		t.Errorf("%s is not what the code says; run make generate", file)
	}
	if status := run(filepath.Join(t.TempDir(), "none", "x"), t.Output()); status != 1 {
		t.Errorf("a file that cannot be written: status %d", status)
	}
}

func TestLimited(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		"sum(letraz_export_slots)": `sum(letraz_export_slots{namespace=~"$namespace", job=~"$job"})`,
		`rate(letraz_export_x{result=~"a|b"}[5m]) / process_y * on (instance) group_left (role) letraz_export_info`: `rate(letraz_export_x{namespace=~"$namespace", job=~"$job", result=~"a|b"}[5m])` +
			` / process_y{namespace=~"$namespace", job=~"$job"} * on (instance) group_left (role) letraz_export_info{namespace=~"$namespace", job=~"$job"}`,
	} {
		if got := limited(expr); got != want {
			t.Errorf("%s becomes\n%s, want\n%s", expr, got, want)
		}
	}
}

// Panels do not overlap, ids are unique, and every panel has a title and queries.
func TestDashboard_Layout(t *testing.T) {
	t.Parallel()
	taken := map[[2]int]string{}
	ids := map[int]bool{}
	for _, p := range service().json()["panels"].([]object) {
		title, id := p["title"].(string), p["id"].(int)
		if title == "" || ids[id] {
			t.Errorf("the panel %d %q", id, title)
		}
		ids[id] = true
		if p["type"] != "row" && len(p["targets"].([]object)) == 0 {
			t.Errorf("%s has no query", title)
		}
		at := p["gridPos"].(object)
		x, y := at["x"].(int), at["y"].(int)
		if x+at["w"].(int) > columns {
			t.Errorf("%s is too wide", title)
		}
		for i := x; i < x+at["w"].(int); i++ {
			for j := y; j < y+at["h"].(int); j++ {
				if other := taken[[2]int{i, j}]; other != "" {
					t.Fatalf("%s lies on %s", title, other)
				}
				taken[[2]int{i, j}] = title
			}
		}
	}
}

// expressions returns every expression of the dashboard and the rules, by where it is.
func expressions(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, r := range service().rows {
		for _, p := range r.panels {
			for i, q := range p.queries {
				all[fmt.Sprintf("%s, query %d", p.title, i+1)] = strings.ReplaceAll(q.expr, "$__rate_interval", "5m")
			}
		}
	}
	for _, r := range alerts(t) {
		all[r.Alert] = r.Expr
	}
	return all
}

type alert struct {
	Alert, Expr string
	Labels      map[string]string
	Annotations map[string]string
}

func alerts(t *testing.T) (all []alert) {
	t.Helper()
	var f struct{ Groups []struct{ Rules []alert } }
	decode(t, rules, &f)
	for _, g := range f.Groups {
		all = append(all, g.Rules...)
	}
	return all
}

func decode(t *testing.T, path string, to any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = yaml.Unmarshal(data, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// promtool runs Prometheus' tool, which make setup-test installs.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "promtool", args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// Every expression of the dashboard is one for Prometheus. As the expression of a recording
// rule each is parsed.
func TestExpressions_Parse(t *testing.T) {
	t.Parallel()
	type record struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	var records []record
	all := expressions(t)
	for i, where := range slices.Sorted(maps.Keys(all)) {
		records = append(records, record{fmt.Sprintf("expression:%d", i), all[where]})
	}
	data, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": records}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "check", "rules", path)
}

// The configuration of compose.yaml is one for Prometheus, and finds the alert rules.
func TestPrometheus_Configuration(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(root + "deploy/prometheus/prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs(root + "deploy/prometheus")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "prometheus.yml")
	if err := os.WriteFile(path, bytes.ReplaceAll(data, []byte("/etc/prometheus/"), []byte(here+"/")), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "check", "config", path)
	var c struct {
		Files []string `yaml:"rule_files"`
	}
	decode(t, path, &c)
	if len(c.Files) != 1 || c.Files[0] != here+"/alerts.yaml" {
		t.Errorf("the rule files are %q", c.Files)
	}
}

// served returns the labels of every metric that docs/metrics.md lists, which a test keeps
// equal to what is served.
func served(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(root + "docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(letraz_export_\\w+)` \\| (\\w+) \\| ([^|]*) \\|").FindAllStringSubmatch(string(text), -1) {
		labels := append(regexp.MustCompile(`\w+`).FindAllString(m[3], -1), "instance")
		all[m[1]] = labels
		if m[2] == "histogram" {
			all[m[1]+"_bucket"], all[m[1]+"_count"], all[m[1]+"_sum"] = append(labels, "le"), labels, labels
		}
	}
	if len(all) < 60 {
		t.Fatalf("only %d metrics are listed", len(all))
	}
	return all
}

// Every metric that an expression names is served, with the labels that it is selected by,
// and every metric is shown.
func TestExpressions_NameServedMetrics(t *testing.T) {
	t.Parallel()
	metrics := served(t)
	process := []string{"process_cpu_seconds_total", "process_resident_memory_bytes"} // of the client library
	shown := map[string]bool{}
	for where, expr := range expressions(t) {
		for _, m := range regexp.MustCompile(`((?:letraz_export|process|go)_\w+)(?:\{([^}]*)\})?`).FindAllStringSubmatch(expr, -1) {
			labels, ok := metrics[m[1]]
			if !ok && !slices.Contains(process, m[1]) {
				t.Errorf("%s: %s is not served", where, m[1])
			}
			shown[strings.TrimSuffix(strings.TrimSuffix(m[1], "_bucket"), "_count")] = true
			for _, l := range regexp.MustCompile(`(\w+)\s*(?:=~|!~|!=|=)`).FindAllStringSubmatch(m[2], -1) {
				if !slices.Contains(labels, l[1]) {
					t.Errorf("%s: %s has no label %s", where, m[1], l[1])
				}
			}
		}
		// Each label that a sum is by belongs to a metric of the expression.
		for _, by := range regexp.MustCompile(`by \(([^)]*)\)`).FindAllStringSubmatch(expr, -1) {
			for _, label := range regexp.MustCompile(`\w+`).FindAllString(by[1], -1) {
				if !slices.ContainsFunc(slices.Collect(maps.Keys(metrics)), func(name string) bool {
					return regexp.MustCompile(`\b`+name+`\b`).MatchString(expr) && slices.Contains(metrics[name], label)
				}) {
					t.Errorf("%s: no metric has the label %s", where, label)
				}
			}
		}
	}
	for name := range metrics {
		base := regexp.MustCompile(`_(bucket|count|sum)$`).ReplaceAllString(name, "")
		if !shown[base] {
			t.Errorf("%s is in no panel and no rule", name)
		}
	}
}

// Every rule has cases in which it fires and does not, which promtool checks.
func TestAlerts_Cases(t *testing.T) {
	t.Parallel()
	promtool(t, "check", "rules", rules)
	promtool(t, "test", "rules", cases)
	var f struct {
		Tests []struct {
			Checks []struct {
				Name     string `yaml:"alertname"`
				Expected []any  `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	decode(t, cases, &f)
	fires, quiet := map[string]int{}, map[string]int{}
	for _, c := range f.Tests {
		for _, check := range c.Checks {
			if len(check.Expected) > 0 {
				fires[check.Name]++
			} else {
				quiet[check.Name]++
			}
		}
	}
	for _, r := range alerts(t) {
		if fires[r.Alert] == 0 || quiet[r.Alert] == 0 {
			t.Errorf("%s has %d cases in which it fires, and %d in which it does not", r.Alert, fires[r.Alert], quiet[r.Alert])
		}
	}
}

// Every rule has a severity, and a section of the runbook at which it points. The runbook
// has no other sections.
func TestAlerts_Runbook(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(root + "docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	var sections, names []string
	for _, s := range regexp.MustCompile(`(?m)^## (\w+)$`).FindAllStringSubmatch(string(text), -1) {
		sections = append(sections, s[1])
	}
	for _, r := range alerts(t) {
		names = append(names, r.Alert)
		const page = "https://github.com/letrazapp/letraz-export/blob/main/docs/runbook.md#"
		if r.Annotations["runbook_url"] != page+strings.ToLower(r.Alert) || r.Annotations["summary"] == "" {
			t.Errorf("%s: annotations %v", r.Alert, r.Annotations)
		}
		if s := r.Labels["severity"]; s != "critical" && s != "warning" {
			t.Errorf("%s: severity %q", r.Alert, s)
		}
	}
	if d := cmp.Diff(names, sections); d != "" {
		t.Errorf("rules (-) and sections of the runbook (+):\n%s", d)
	}
}

func TestDashboard_ValidJSON(t *testing.T) {
	t.Parallel()
	data, err := document()
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		UID    string
		Panels []struct{ Title string }
	}
	if err := json.Unmarshal(data, &d); err != nil || d.UID != "letraz-export" || len(d.Panels) < 40 {
		t.Errorf("%d panels of %q: %v", len(d.Panels), d.UID, err)
	}
}
