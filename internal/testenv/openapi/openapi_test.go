// Package openapi_test checks the OpenAPI document of the API with the tools that its readers
// use: a linter, two generators of Go code, and a comparison with the last release.
//
// It is a module of its own, because these tools have many dependencies that the program has not.
package openapi_test

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/daveshanley/vacuum/model"
	"github.com/daveshanley/vacuum/motor"
	"github.com/daveshanley/vacuum/rulesets"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"
)

const (
	// document is what a running API serves at /openapi.json, as "make generate" wrote it.
	document = "../../../docs/openapi.json"
	// compatible is the same in OpenAPI 3.0.
	compatible = "../../../docs/openapi-3.0.json"
	// released is the document of the last release.
	released = "../../../docs/openapi-released.json"
)

// ignored are the linter's rules that do not apply, with the reason.
var ignored = map[string]string{
	"camel-case-properties":   "the names on the wire are those of the database, in snake case",
	"description-duplication": "an error means the same on every path",
}

// TestDocument_Lint applies every rule that vacuum has, not only the recommended ones.
func TestDocument_Lint(t *testing.T) {
	spec, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	found := lint(t, spec)
	for text, severity := range found {
		if severity == model.SeverityError || severity == model.SeverityWarn {
			t.Errorf("%s: %s", severity, text)
		} else {
			t.Logf("%s: %s", severity, text)
		}
	}
}

// lint returns the findings of every rule that applies, and the severity of each.
//
// The linter's rules run at once and some change the document's nodes while oas3-schema reads
// them. That rule then reports keys of an unknown type and checks nothing else, so it is run again.
func lint(t *testing.T, spec []byte) map[string]string {
	t.Helper()
	for range 20 {
		if found, ok := lintOnce(t, spec); ok {
			return found
		}
	}
	t.Fatal("the linter disturbed itself 20 times")
	return nil
}

func lintOnce(t *testing.T, spec []byte) (found map[string]string, ok bool) {
	t.Helper()
	result := motor.ApplyRulesToRuleSet(&motor.RuleSetExecution{
		RuleSet: rulesets.BuildDefaultRuleSets().GenerateOpenAPIDefaultRuleSet(), SpecFileName: document, Spec: spec, SilenceLogs: true,
	})
	if len(result.RuleSetExecution.RuleSet.Rules) < 50 {
		t.Errorf("the linter has only %d rules", len(result.RuleSetExecution.RuleSet.Rules))
	}
	found = map[string]string{}
	for _, err := range result.Errors {
		found[err.Error()] = model.SeverityError
	}
	for _, r := range result.Results {
		if strings.Contains(r.Message, "cannot marshal: map has unknown key") {
			return nil, false
		}
		if ignored[r.RuleId] == "" {
			found[r.RuleId+": "+r.Message+" at "+r.Path] = r.RuleSeverity
		}
	}
	return found, true
}

// TestLint_FindsFaults checks that the linter is at work: it finds what is taken out of the document.
func TestLint_FindsFaults(t *testing.T) {
	spec, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	spoiled := bytes.Replace(spec, []byte(`"operationId": "create-export"`), []byte(`"operationId": "get-export"`), 1)
	if found := lint(t, spoiled); !slices.Contains(slices.Collect(maps.Values(found)), model.SeverityError) {
		t.Errorf("two operations with one id: no error among %d findings", len(found))
	}
}

// TestDocument_BreaksNoClient compares the document with that of the last release. A change
// that breaks clients needs a new version of the path, or a new release that says so.
func TestDocument_BreaksNoClient(t *testing.T) {
	loader := openapi3.NewLoader()
	before, err := load.NewSpecInfo(loader, load.NewSource(released))
	if err != nil {
		t.Fatal(err)
	}
	now, err := load.NewSpecInfo(loader, load.NewSource(document))
	if err != nil {
		t.Fatal(err)
	}
	report, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), before, now)
	if err != nil {
		t.Fatal(err)
	}
	words := checker.NewDefaultLocalizer()
	for _, change := range checker.CheckBackwardCompatibilityUntilLevel(checker.NewConfig(checker.GetAllChecks()), report, sources, checker.INFO) {
		text := change.SingleLineError(words, checker.ColorNever)
		if change.GetLevel() == checker.ERR {
			t.Error(text)
		} else {
			t.Log(text)
		}
	}
}

// TestClient_IsCurrent checks that client/openapi is generated from the document. The tool names
// its version in the code.
func TestClient_IsCurrent(t *testing.T) {
	const committed = "../../../client/openapi/openapi.gen.go"
	fresh := filepath.Join(t.TempDir(), "openapi.gen.go")
	if out, err := exec.CommandContext(t.Context(), "go", "tool", "oapi-codegen", "-config", "client.yaml", "-o", fresh, document).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("%s is not what %s says; write it with make generate-client", committed, document)
	}
}

// TestDocument_Generators makes clients with the generators that Go programs use, and compiles them.
func TestDocument_Generators(t *testing.T) {
	tests := []struct {
		name string
		args func(dir string) []string
	}{
		{"oapi-codegen of 3.1", func(dir string) []string {
			return []string{"oapi-codegen", "-package", "generated", "-generate", "types,client", "-o", filepath.Join(dir, "generated.go"), document}
		}},
		{"oapi-codegen of 3.0", func(dir string) []string {
			return []string{"oapi-codegen", "-package", "generated", "-generate", "types,client", "-o", filepath.Join(dir, "generated.go"), compatible}
		}},
		{"ogen", func(dir string) []string {
			return []string{"ogen", "--package", "generated", "--target", dir, "--clean", document}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// Below this directory, the generated code finds its libraries in this module.
			dir, err := os.MkdirTemp(".", "generated-")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.RemoveAll(dir) })
			if out, err := exec.CommandContext(t.Context(), "go", append([]string{"tool"}, tt.args(dir)...)...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%.3000s", err, out)
			}
			if out, err := exec.CommandContext(t.Context(), "go", "vet", "./"+dir).CombinedOutput(); err != nil {
				t.Fatalf("the generated code does not compile: %v\n%.3000s", err, out)
			}
		})
	}
}
