package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// examplePrograms are the programs below examples/, without resume and output. Each exports a
// resume that comes with the request, for a user whom only the token knows.
var examplePrograms = []struct {
	name    string
	dir     string
	command []string
}{
	{"curl", "curl", []string{"sh", "export.sh"}},
	{"Go", "go", []string{"go", "run", "."}}, // with client/, through its module
	{"Node", "node", []string{"node", "export.mjs"}},
	{"Python", "python", []string{"python3", "export.py"}},
}

func TestExamples(t *testing.T) {
	dir := dataDir(t)
	p := start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0")
	url := serveURL(t, dir)
	resume, err := os.ReadFile(sampleFile(t, "nurse"))
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range examplePrograms {
		t.Run(example.name, func(t *testing.T) {
			needed := []string{example.command[0]}
			if example.name == "curl" {
				needed = append(needed, "curl", "sha256sum")
			}
			for _, tool := range needed {
				if _, err := exec.LookPath(tool); err != nil {
					t.Skipf("%s is not installed, which the example in %s needs", tool, example.name)
				}
			}
			own := t.TempDir()
			input, output := filepath.Join(own, "resume.json"), filepath.Join(own, "resume.pdf")
			run := func(document []byte) (string, error) {
				if err := os.WriteFile(input, document, 0o600); err != nil {
					t.Fatal(err)
				}
				cmd := exec.CommandContext(t.Context(), example.command[0], append(example.command[1:], input, output)...)
				cmd.Dir = filepath.Join("../../examples", example.dir)
				cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "LETRAZ_URL="+url, "LETRAZ_TOKEN="+strings.TrimSpace(must(t, "token", "--data-dir", dir, "user_of_"+example.dir)))
				said, err := cmd.CombinedOutput()
				return string(said), err
			}
			said, err := run(resume)
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, said, p.output())
			}
			file, err := os.ReadFile(output)
			if err != nil || !bytes.HasPrefix(file, []byte("%PDF-")) {
				t.Fatalf("%s is no PDF (%v):\n%s", output, err, said)
			}
			sum := sha256.Sum256(file)
			if n := testenv.Value(t, databaseOf(t, dir), "SELECT count(*) FROM export_request WHERE user_id = $1 AND resume_id = '' AND status = 'ready' AND encode(sha256, 'hex') = $2", "user_of_"+example.dir, hex.EncodeToString(sum[:])); n != "1" {
				t.Errorf("%s exports have this file, want 1:\n%s", n, said)
			}

			// What the API refuses is told, and the program fails.
			if said, err := run([]byte(`[]`)); err == nil || !strings.Contains(said, "422") {
				t.Errorf("a resume that is a list: %v\n%s", err, said)
			}
		})
	}
}
