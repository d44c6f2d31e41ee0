package telemetry_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/telemetry"
)

var update = flag.Bool("update", false, "write the table of docs/metrics.md")

const document = "../../docs/metrics.md"

// The document lists every metric as it is served.
func TestDocument_ListsEveryMetric(t *testing.T) {
	t.Parallel()
	m := telemetry.New(telemetry.Options{Role: "serve"})
	everything(m)
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- metrics -->\n", "<!-- /metrics -->"
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no table", document)
	}
	text := before + begin + table(scrape(t, m)) + end + after
	if text == string(data) {
		return
	}
	if !*update {
		t.Fatal("docs/metrics.md is not what the code says; run make generate")
	}
	if err := os.WriteFile(document, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// table returns a table of the service's own metrics.
func table(text string) string {
	help := map[string]string{}
	kind := map[string]string{}
	labels := map[string][]string{}
	var names []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if f := strings.SplitN(line, " ", 4); f[0] == "#" && strings.HasPrefix(f[2], "letraz_export_") {
			if f[1] == "HELP" {
				names = append(names, f[2])
				help[f[2]] = f[3]
			} else {
				kind[f[2]] = f[3]
			}
			continue
		}
		name := current(names)
		if !strings.HasPrefix(line, name) || name == "" {
			continue
		}
		for _, l := range regexp.MustCompile(`(\w+)="`).FindAllStringSubmatch(line, -1) {
			if l[1] != "le" && !slices.Contains(labels[name], l[1]) {
				labels[name] = append(labels[name], l[1])
			}
		}
	}
	var b strings.Builder
	b.WriteString("| metric | kind | labels | meaning |\n|---|---|---|---|\n")
	for _, name := range names {
		quoted := make([]string, len(labels[name]))
		for i, l := range labels[name] {
			quoted[i] = "`" + l + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, kind[name], strings.Join(quoted, ", "), help[name])
	}
	return b.String()
}

// current returns the last name, whose samples follow.
func current(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}
