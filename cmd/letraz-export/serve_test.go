package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

const ready = "letraz-export is ready"

func TestServe_EverySample(t *testing.T) {
	dir := dataDir(t)
	p := start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--grace", "5s")
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for line := range strings.Lines(must(t, "import", "--samples", "--user", "user_1", "--data-dir", dir)) {
		ids = append(ids, strings.Split(line, "\t")[0])
	}
	if len(ids) != len(all) {
		t.Fatalf("%d resumes were imported, want %d", len(ids), len(all))
	}
	out := filepath.Join(t.TempDir(), "out")
	table := must(t, append([]string{"export", "--data-dir", dir, "--as", "user_1", "-o", out}, ids...)...)
	if lines := strings.Count(table, "\n"); lines != len(all)+1 {
		t.Errorf("the table has %d lines, want a head and %d rows:\n%s", lines, len(all), table)
	}
	files, err := os.ReadDir(out)
	if err != nil || len(files) != len(all) {
		t.Fatalf("%d files were written (%v), want %d", len(files), err, len(all))
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(out, f.Name()))
		if err != nil || !strings.HasPrefix(string(data), "%PDF-") {
			t.Errorf("%s is no PDF (%v)", f.Name(), err)
		}
	}
	must(t, "healthcheck", serveURL(t, dir)+"/readyz")
	if sweep := must(t, "sweep", "--data-dir", dir); !strings.HasPrefix(sweep, "expired 0,") || !strings.Contains(sweep, "orphans deleted 0, unknown files 0, foreign files 0; before that 0 were due, the oldest for 0s") {
		t.Errorf("sweep says %q", sweep)
	}

	// A second export of the same resume is copied, not printed, and has the same bytes.
	again := filepath.Join(t.TempDir(), "again")
	must(t, "export", "--data-dir", dir, "--as", "user_1", "-o", again, ids[0])
	if !strings.Contains(p.output(), "reused=true") {
		t.Errorf("an unchanged resume was printed again:\n%s", p.output())
	}

	batches(t, dir, ids)
	clientCommands(t, dir, ids)

	// The output says what fitting changed.
	nurse := slices.IndexFunc(all, func(s samples.Sample) bool { return s.Slug == "nurse" })
	if said := must(t, "export", "--data-dir", dir, "--as", "user_1", "-o", again, "--fit-pages", "1", ids[nurse]); !strings.Contains(said, ".pdf made to fit 1 page: spacing to ") {
		t.Errorf("a fitted export says %q", said)
	}

	// One unknown id makes the command fail, with a reason; the others are still exported.
	status, table, errs := call(t, "export", "--data-dir", dir, "--as", "user_1", "-o", out, ids[0], "rsm_unknown")
	if status != 1 || !strings.Contains(errs, "rsm_unknown: the API answers 404") || !strings.Contains(table, ids[0]) {
		t.Errorf("status %d\n%s\n%s", status, table, errs)
	}

	// The export of a deleted resume fails, and fails again when it is retried.
	doomed := testenv.Value(t, databaseOf(t, dir), "SELECT max(id::text) FROM export_request")
	testenv.Exec(t, databaseOf(t, dir), "UPDATE export_request SET status = 'failed', blob_key = NULL, failure_code = 'internal', failure_message = 'M', resume_id = 'rsm_gone' WHERE id::text = $1", doomed)
	unnamed, err := filepath.Glob(filepath.Join(dir, "files", "exports", "*", doomed+".*"))
	if err != nil || len(unnamed) != 1 {
		t.Fatalf("the file of %s: %v, %v", doomed, unnamed, err)
	}
	if err := os.Remove(unnamed[0]); err != nil { // no row refers to it after the update above
		t.Fatal(err)
	}
	if status, _, errs := call(t, "retry", "--failed", "--data-dir", dir, "--as", "user_1"); status != 1 || !strings.Contains(errs, "only staff") {
		t.Errorf("retry of all by a user: status %d\n%s", status, errs)
	}
	if again := must(t, "retry", doomed, "--data-dir", dir, "--as", "user_1"); again != doomed+"\n" {
		t.Errorf("retry says %q", again)
	}
	testenv.Eventually(t, "it has failed again", func() bool {
		return testenv.Value(t, databaseOf(t, dir), "SELECT status || ' ' || failure_code FROM export_request WHERE id::text = $1", doomed) == "failed resume_not_found"
	})
	testenv.Exec(t, databaseOf(t, dir), `UPDATE "user" SET is_staff = true`)
	if again := must(t, "retry", "--failed", "--code", "resume_not_found", "--data-dir", dir, "--as", "user_1"); again != doomed+"\n" {
		t.Errorf("retry of all says %q", again)
	}
	if status, _, errs := call(t, "retry", "x", "--data-dir", dir, "--as", "user_1"); status != 1 || !strings.Contains(errs, "x: the API answers 404") {
		t.Errorf("retry of nothing: status %d\n%s", status, errs)
	}

	// Erasing the user deletes all rows and files.
	if said := must(t, "erase", "user_1", "--data-dir", dir); !strings.HasPrefix(said, "erased ") || strings.HasPrefix(said, "erased 0") || !strings.Contains(said, "left to the sweeper 0") {
		t.Errorf("erase says %q", said)
	}
	if n := testenv.Value(t, databaseOf(t, dir), "SELECT count(*) FROM export_request"); n != "0" {
		t.Errorf("%s rows are left", n)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "files", "exports", "*", "*")); err != nil || len(left) != 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}

	below := descendants(t, p.cmd.Process.Pid)
	if len(below) < 3 {
		t.Errorf("serve has %d processes below it; Postgres and Chrome should be there", len(below))
	}
	if state := p.stop(t, syscall.SIGTERM); state.ExitCode() != 0 {
		t.Errorf("SIGTERM ended it with %v:\n%s", state, p.output())
	}
	gone(t, below)
	if _, err := os.Stat(filepath.Join(dir, runningFile)); !os.IsNotExist(err) {
		t.Errorf("%s is still there", runningFile)
	}
}

func TestServe_RestartAndKill(t *testing.T) {
	dir := dataDir(t)
	args := []string{"serve", "--data-dir", dir, "--listen", "127.0.0.1:0"}
	p := start(t, ready, args...)
	id, _, _ := strings.Cut(must(t, "import", "--user", "user_1", "--data-dir", dir, sampleFile(t, "first-job")), "\t")

	if status, _, errs := call(t, args...); status != 1 || !strings.Contains(errs, "in use") {
		t.Errorf("a second serve on the directory: status %d\n%s", status, errs)
	}

	below := descendants(t, p.cmd.Process.Pid)
	p.stop(t, syscall.SIGKILL)
	gone(t, below)
	if status, _, errs := call(t, "sweep", "--data-dir", dir); status != 1 || !strings.Contains(errs, "has ended; start it again") {
		t.Errorf("sweep without the killed serve: status %d\n%s", status, errs)
	}

	p = start(t, ready, args...)
	out := t.TempDir()
	must(t, "export", "--data-dir", dir, "--as", "user_1", "-o", out, id)
	below = descendants(t, p.cmd.Process.Pid)
	if state := p.stop(t, syscall.SIGINT); state.ExitCode() != 0 {
		t.Errorf("Ctrl-C ended it with %v:\n%s", state, p.output())
	}
	gone(t, below)
}

func TestServe_DatabaseDies(t *testing.T) {
	dir := dataDir(t)
	p := start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--grace", "1s")
	pid, err := os.ReadFile(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var postmaster int
	first, _, _ := strings.Cut(string(pid), "\n")
	if err := json.Unmarshal([]byte(first), &postmaster); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(postmaster, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-p.done
	if code := p.cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(p.output(), "the private Postgres ended") {
		t.Errorf("status %d:\n%s", code, p.output())
	}
}

func TestAPI_TokenOfOtherSecret(t *testing.T) {
	dir := dataDir(t)
	start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0")
	token := strings.TrimSpace(must(t, "token", "user_1", "--jwt-secret", strings.Repeat("x", 32)))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, serveURL(t, dir)+"/v1/exports", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", res.StatusCode)
	}
}

// serveURL returns the URL of the serve on dir.
func serveURL(t *testing.T, dir string) string {
	t.Helper()
	r, err := readRunning(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r.URL
}

// databaseOf returns the URL of the private Postgres of the serve on dir.
func databaseOf(t *testing.T, dir string) string {
	t.Helper()
	r, err := readRunning(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r.DatabaseURL
}

// sampleFile writes a sample to a file.
func sampleFile(t *testing.T, slug string) string {
	t.Helper()
	s, err := samples.Get(slug)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), slug+".json")
	if err := os.WriteFile(path, s.JSON, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
