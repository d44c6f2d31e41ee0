package helm

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/v2/lint"
	"helm.sh/helm/v4/pkg/chart/v2/lint/support"
)

var update = flag.Bool("update", false, "write the golden files, the copies in the chart, and the table of values")

// The chart has no lint errors, warnings or deprecated objects with any of the values.
func TestChart_Lint(t *testing.T) {
	for name, v := range cases(t) {
		for _, m := range lint.RunAll(chartDir, v, "exports").Messages {
			if m.Severity > support.InfoSev {
				t.Errorf("%s: %v", name, m)
			}
		}
	}
}

// What the chart renders for each case is as recorded: for minimal everything, for the others
// the objects that differ.
func TestChart_Golden(t *testing.T) {
	base, err := render("test", cases(t)["minimal"])
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range cases(t) {
		t.Run(name, func(t *testing.T) {
			text, err := render("test", v)
			if err != nil {
				t.Fatal(err)
			}
			same := base
			if name == "minimal" {
				same = nil
			}
			compare(t, "testdata/golden/"+name+".yaml", []byte(manifests(text, same)))
			compare(t, "testdata/golden/"+name+".txt", []byte(strings.TrimSpace(text["letraz-export/templates/NOTES.txt"])+"\n"))
		})
	}
}

// The chart has copies of files that are also used elsewhere.
func TestChart_Copies(t *testing.T) {
	for copied, original := range map[string]string{"seccomp.json": "../seccomp.json", "alerts.yaml": "../prometheus/alerts.yaml"} {
		want, err := os.ReadFile(original)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, chartDir+"/files/"+copied, want)
	}
}

// compare compares the file with what it must contain, or writes it with -update.
func compare(t *testing.T, file string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, want, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with make generate-chart", err)
	}
	if bytes.Equal(got, want) {
		return
	}
	lines, wanted := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(lines), len(wanted)) {
		if lines[i] != wanted[i] {
			t.Errorf("%s:%d has\n  %s\nbut now it is\n  %s\nwrite it with make generate-chart if that is right", file, i+1, lines[i], wanted[i])
			return
		}
	}
	t.Errorf("%s has %d lines, but now there are %d; write it with make generate-chart if that is right", file, len(lines), len(wanted))
}
