package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// completion returns the script for the shell.
func completion(t *testing.T, shell string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"completion", shell}, nil, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	return stdout.String()
}

// The script is run by bash, in a directory with one file.
func TestCompletion_Bash(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "resume one.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	script := completion(t, "bash")
	for name, test := range map[string]struct {
		words string
		want  []string
		only  bool // there is nothing else
	}{
		"command":            {"ser", []string{"serve"}, true},
		"every command":      {"''", []string{"serve", "worker", "completion", "version"}, false},
		"flag":               {"serve --nats-u", []string{"--nats-url"}, true},
		"flag of every one":  {"serve --log-f", []string{"--log-format"}, true},
		"no flag of another": {"token --nats-u", nil, true},
		"values":             {"serve --log-format ''", []string{"text", "json"}, true},
		"no value":           {"serve --nats-url ''", nil, true},
		"file":               {"import res", []string{"resume one.json"}, true},
		"file of a flag":     {"serve --data-dir res", []string{"resume one.json"}, true},
		"subcommand":         {"bench q", []string{"queue"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "bash", "-c", script+`
COMP_WORDS=(letraz-export `+test.words+`); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _letraz_export; ((!${#COMPREPLY[@]})) || printf '%s\n' "${COMPREPLY[@]}"`)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			got := strings.FieldsFunc(string(out), func(r rune) bool { return r == '\n' })
			for _, w := range test.want {
				if !slices.Contains(got, w) {
					t.Errorf("%q is not among %q", w, got)
				}
			}
			if test.only && len(got) != len(test.want) {
				t.Errorf("%q is completed to %q", test.words, got)
			}
		})
	}
}

// Every command and flag is in every script, and quotes of help texts end no word.
func TestCompletion_Whole(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		script := completion(t, shell)
		for _, c := range model(t).Children {
			if !strings.Contains(script, "/"+c.Name) {
				t.Errorf("%s: the command %s is missing", shell, c.Name)
			}
			for _, f := range c.Flags {
				if !f.Hidden && !strings.Contains(script, "--"+f.Name) && !strings.Contains(script, "-l "+f.Name) {
					t.Errorf("%s: the flag %s is missing", shell, f.Name)
				}
			}
		}
	}
	if got, want := shellQuote("a worker's"), `'a worker'\''s'`; got != want {
		t.Errorf("quoted as %s instead of %s", got, want)
	}
}
