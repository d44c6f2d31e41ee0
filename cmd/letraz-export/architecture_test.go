package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each file and function in ARCHITECTURE.md's tables must exist.
func TestArchitecture_NamedFunctionsExist(t *testing.T) {
	text := readDocument(t, "ARCHITECTURE.md")
	rows := regexp.MustCompile("(?m)\\| `((?:internal|cmd)/[^`]+\\.go)` \\| `(\\w+)` \\|$").FindAllStringSubmatch(text, -1)
	if len(rows) < 30 {
		t.Errorf("its tables name %d functions only", len(rows))
	}
	for _, row := range rows {
		file, name := row[1], row[2]
		source, err := os.ReadFile(filepath.Join("../..", file))
		if err != nil {
			t.Error(err)
			continue
		}
		if !regexp.MustCompile(`(?m)^func (\([^)]*\) )?` + name + `[(\[]`).Match(source) {
			t.Errorf("there is no function %s in %s", name, file)
		}
	}
}

// Each path in the documents must exist.
func TestDocuments_NamedPathsExist(t *testing.T) {
	for _, name := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md", "RELIABILITY.md", "BENCHMARKS.md", "SECURITY.md", "README.md"} {
		t.Run(name, func(t *testing.T) {
			paths := regexp.MustCompile("`((?:internal|cmd|queries|schema|scripts|deploy|docs)/[\\w./-]*)`").FindAllStringSubmatch(readDocument(t, name), -1)
			for _, p := range paths {
				path := strings.ReplaceAll(p[1], "NAME.css", "classic.css")
				if _, err := os.Stat(filepath.Join("../..", path)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// Each name after -run or -bench in the documents must be a test or a benchmark.
func TestDocuments_NamedRunsExist(t *testing.T) {
	tests := testSources(t)
	named := 0
	for _, name := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md", "RELIABILITY.md", "BENCHMARKS.md", "README.md", "Makefile"} {
		for _, run := range regexp.MustCompile(`go test [^\n]*?-(run|bench) (\w+)`).FindAllStringSubmatch(strings.ReplaceAll(readDocument(t, name), "-run '^$' ", ""), -1) {
			named++
			kind := map[string]string{"run": "Test", "bench": "Benchmark"}[run[1]]
			if !regexp.MustCompile(`(?m)^func ` + kind + `\w*` + strings.TrimPrefix(run[2], kind)).MatchString(tests) {
				t.Errorf("%s: -%s %s selects nothing", name, run[1], run[2])
			}
		}
	}
	if named < 8 {
		t.Errorf("the documents name %d runs only", named)
	}
}

func readDocument(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
