package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// Every role beside a product whose tables have other names, with the right to read views of
// them and to change the service's own tables.
func TestBesideProduct(t *testing.T) {
	dir := dataDir(t)
	product := testenv.Product(t)
	database := testenv.ProductViews(t, product)
	nats := testenv.NATS(t, "").URL()

	if status, out, errs := call(t, "migrate", "--check", "--database-url", database); status != 1 || !strings.Contains(out, "migrations are missing") {
		t.Errorf("check before migrate: status %d\n%s%s", status, out, errs)
	}
	out := must(t, "migrate", "--only", "service", "--database-url", database, "--nats-url", nats)
	if !strings.Contains(out, `note: "user" is not a table`) || !strings.Contains(out, "streams: up to date") {
		t.Errorf("migrate says %q", out)
	}
	reader := testenv.Reader(t, database, "letraz_export")
	if out := must(t, "migrate", "--check", "--database-url", reader); out != "database: as this program reads it\n" {
		t.Errorf("check says %q", out)
	}

	store := []string{"--database-url", reader, "--blob-url", madeDir(t, dir+"/files")}
	servers := append([]string{"--nats-url", nats}, store...)
	secret := strings.Repeat("s", 32)
	api := start(t, "the API is ready", append([]string{"api", "--listen", "127.0.0.1:0", "--jwt-secret", secret, "--data-dir", dir}, servers...)...)
	worker := start(t, "the worker is ready", append([]string{"worker", "--slots", "1"}, servers...)...)
	dispatcher := start(t, "the dispatcher is ready", "dispatch", "--nats-url", nats, "--database-url", reader)

	token := strings.TrimSpace(must(t, "token", testenv.ProductUser, "--jwt-secret", secret))
	files := t.TempDir()
	for _, format := range []string{"pdf", "txt"} {
		must(t, "export", testenv.ProductResume, "--format", format, "--server", logged(t, api, "url="), "--token", token, "-o", files)
	}
	if pdf := onlyFile(t, files, "*.pdf"); !strings.HasPrefix(pdf, "%PDF-") {
		t.Errorf("the PDF begins with %q", pdf[:min(len(pdf), 20)])
	}
	text := onlyFile(t, files, "*.txt")
	for _, want := range []string{"Inês Marçal", "Lead Planner", "Nordhavn Ferries", "Norway", "Part-time", "Cut waiting times by a third.", "MSc", "Tide Tables", "Linear programming (expert)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(strings.ToUpper(text), "EXPERIENCE"); n != 1 {
		t.Errorf("%d headings of experience in\n%s", n, text)
	}

	must(t, append([]string{"sweep"}, store...)...)
	if out := must(t, append([]string{"erase", testenv.ProductUser}, store...)...); !strings.Contains(out, "erased 2, files deleted 2") {
		t.Errorf("erase says %q", out)
	}
	for _, p := range []*program{api, worker, dispatcher} {
		if state := p.stop(t, syscall.SIGTERM); !state.Success() {
			t.Errorf("%v\n%s", state, p.output())
		}
	}

	testenv.Exec(t, database, "DROP VIEW strengths")
	if status, _, errs := call(t, append([]string{"sweep"}, store...)...); status != 1 || !strings.Contains(errs, "strengths: no such table or view") {
		t.Errorf("sweep with a view missing: status %d\n%s", status, errs)
	}
}

// onlyFile returns the only file that matches.
func onlyFile(t *testing.T, dir, pattern string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(names) != 1 {
		t.Fatalf("%d files %s (%v)", len(names), pattern, err)
	}
	data, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
