package helm

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
)

// file returns a file of the repository.
func file(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// table returns the rows of a generated table of the README, cells without backquotes.
func table(t *testing.T, name string) [][]string {
	t.Helper()
	_, rest, _ := strings.Cut(file(t, "README.md"), "<!-- "+name+" -->\n")
	text, _, ok := strings.Cut(rest, "<!-- /"+name+" -->")
	if !ok {
		t.Fatalf("README.md has no table %s", name)
	}
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n")[2:] {
		var cells []string
		for _, cell := range strings.Split(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.Trim(strings.TrimSpace(cell), "`"))
		}
		rows = append(rows, cells)
	}
	return rows
}

// Variables that libraries read: the client of the bucket, and Go's own.
var libraryVariables = []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "SSL_CERT_DIR", "TZ"}

// Every variable that the chart sets is one of the command that the container runs.
func TestProgram_ReadsWhatTheChartSets(t *testing.T) {
	commands := map[string][]string{} // by variable
	for _, row := range table(t, "configuration") {
		commands[row[0]] = append(commands[row[0]], strings.Split(row[3], ", ")...)
	}
	var known []string
	for _, row := range table(t, "commands") {
		known = append(known, strings.Fields(row[0])[0])
	}
	database := file(t, "docs/database.md")
	eachCase(t, func(t *testing.T, _ values, objects []runtime.Object) {
		for _, p := range podsOf(objects) {
			if p.role == "seccomp" {
				continue
			}
			command := p.container().Args[0]
			if !slices.Contains(known, command) {
				t.Errorf("there is no command %s", command)
			}
			if call := strings.Join(p.container().Args, " "); strings.Contains(call, " --") && !strings.Contains(database, "`letraz-export "+call+"`") {
				t.Errorf("docs/database.md does not have %s", call)
			}
			var names []string
			for _, e := range p.container().Env {
				names = append(names, e.Name)
			}
			for name := range p.config {
				names = append(names, name)
			}
			for _, name := range names {
				of := commands[name]
				if !slices.Contains(of, command) && !slices.Contains(of, "every") && !slices.Contains(libraryVariables, name) {
					t.Errorf("%s does not read %s", command, name)
				}
			}
			if slices.Sort(names); len(slices.Compact(names)) != len(p.container().Env)+len(p.config) {
				t.Errorf("%s has a variable twice: %q", p.role, names)
			}
		}
	})
}

// The memory of a worker is what the program needs for its slots.
func TestProgram_MemoryOfSlots(t *testing.T) {
	source := file(t, "cmd/letraz-export/slots.go")
	constant := func(name string) int64 {
		m := regexp.MustCompile(name + ` += (\d+) << 20`).FindStringSubmatch(source)
		if m == nil {
			t.Fatalf("the program has no constant %s", name)
		}
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n << 20
	}
	slot, base := constant("slotMemory"), constant("baseMemory")
	for _, slots := range []int64{1, 2, 7} {
		c := podOf(t, minimal(t, `{worker: {slots: `+strconv.FormatInt(slots, 10)+`}}`), "worker").container()
		want := base + slots*slot
		if c.Resources.Limits.Memory().Value() != want || c.Resources.Requests.Memory().Value() != want || c.Resources.Requests.Cpu().Value() != slots {
			t.Errorf("%d slots: %+v, want %d bytes", slots, c.Resources, want)
		}
	}
}

// What scales workers are numbers that the program reports.
func TestProgram_ReportsWhatScales(t *testing.T) {
	metrics := file(t, "docs/metrics.md")
	for _, name := range []string{"keda", "keda-prometheus"} {
		text, err := render("test", cases(t)[name])
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range decode(t, text) {
			o, ok := object.(*scaledObject)
			if !ok {
				continue
			}
			trigger := o.Spec.Triggers[0].Metadata
			names := regexp.MustCompile(`letraz_export_\w+`).FindAllString(trigger["query"], -1)
			if field := trigger["valueLocation"]; field != "" {
				names = append(names, field)
				if !strings.HasSuffix(trigger["url"], "/ops/queue") {
					t.Errorf("the URL is %s", trigger["url"])
				}
			}
			if len(names) == 0 {
				t.Errorf("%s names no number: %v", name, trigger)
			}
			for _, n := range names {
				if !strings.Contains(metrics, "\n| `"+n+"` |") {
					t.Errorf("docs/metrics.md does not have %s", n)
				}
			}
		}
	}
}

// The alerts look at the metrics of their own namespace: Prometheus may read other installations.
func TestProgram_AlertsOfNamespace(t *testing.T) {
	text, err := render("test", cases(t)["everything"])
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, object := range decode(t, text) {
		rule, ok := object.(*prometheusRule)
		if !ok {
			continue
		}
		for _, group := range rule.Spec.Groups {
			for _, r := range group.Rules {
				metrics := regexp.MustCompile(`letraz_export_\w+(.{0,22})`).FindAllStringSubmatch(r.Expr+" ", -1)
				if len(metrics) == 0 {
					t.Errorf("%s names no metric: %s", r.Alert, r.Expr)
				}
				for _, m := range metrics {
					found++
					if !strings.HasPrefix(m[1], `{namespace="exports"`) {
						t.Errorf("%s: %s", r.Alert, r.Expr)
					}
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d metrics", found)
	}
}
