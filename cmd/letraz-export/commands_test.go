package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// jsonLines decodes output that has one JSON object a line.
func jsonLines[T any](t *testing.T, out string) []T {
	t.Helper()
	var all []T
	for line := range strings.Lines(out) {
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v in the line %q of\n%s", err, line, out)
		}
		all = append(all, v)
	}
	return all
}

// exportLine is the part of an export as JSON that the tests look at.
type exportLine struct {
	ID          string
	Status      string
	ResumeID    string `json:"resume_id"`
	DownloadURL string `json:"download_url"`
	ContentKept *int   `json:"download_count"` // a member that the client does not know
}

// clientCommands tests the commands about single exports with the serve on the data directory.
func clientCommands(t *testing.T, dir string, ids []string) {
	t.Helper()
	who := func(args ...string) []string { return append(args, "--data-dir", dir, "--as", "user_1") }
	out := t.TempDir()
	made := jsonLines[struct {
		Resume string
		Export exportLine
		File   string
		MS     *int64
	}](t, must(t, who("export", "--json", "-o", out, ids[0], ids[1])...))
	if len(made) != 2 || made[0].Resume != ids[0] || made[1].Resume != ids[1] || made[0].MS == nil || filepath.Dir(made[0].File) != out {
		t.Fatalf("export --json prints %+v", made)
	}
	one, two := made[0].Export, made[1].Export
	if one.Status != "ready" || one.ContentKept == nil {
		t.Errorf("the export is %+v, want it as the API represents it", one)
	}
	if file, err := os.ReadFile(made[0].File); err != nil || must(t, who("export", "-o", "-", ids[0])...) != string(file) {
		t.Errorf("-o - does not print the bytes of the file (%v)", err)
	}

	if table := must(t, who("list", "--limit", "3", "--resume", ids[1])...); !strings.HasPrefix(table, "EXPORT ") || !strings.Contains(table, two.ID) || strings.Contains(table, one.ID) {
		t.Errorf("list prints\n%s", table)
	}
	if listed := jsonLines[exportLine](t, must(t, who("list", "--json", "--limit", "2")...)); len(listed) != 2 || listed[0].Status != "ready" {
		t.Errorf("list --json prints %+v", listed)
	}
	if table := must(t, who("status", "--wait", two.ID, one.ID)...); !strings.Contains(table, one.ID) || strings.Index(table, two.ID) > strings.Index(table, one.ID) {
		t.Errorf("status prints\n%s", table)
	}
	if status, table, errs := call(t, who("status", "--json", one.ID, "x")...); status != 1 || len(jsonLines[exportLine](t, table)) != 1 || !strings.Contains(errs, "x: the API answers 404") {
		t.Errorf("status of one and none: status %d\n%s\n%s", status, table, errs)
	}
	links := jsonLines[struct{ ID, URL, Filename string }](t, must(t, who("link", "--json", one.ID)...))
	if len(links) != 1 || links[0].ID != one.ID || !strings.Contains(links[0].URL, "/d/") || links[0].Filename == "" {
		t.Errorf("link --json prints %+v", links)
	}
	if table := must(t, who("templates")...); !strings.HasPrefix(table, "NAME ") || !strings.Contains(table, "\nclassic ") {
		t.Errorf("templates prints\n%s", table)
	}
	if all := jsonLines[struct{ Name string }](t, must(t, who("templates", "--json")...)); !slices.ContainsFunc(all, func(x struct{ Name string }) bool { return x.Name == "modern" }) {
		t.Errorf("templates --json prints %+v", all)
	}

	if status, _, errs := call(t, who("cancel", one.ID)...); status != 1 || !strings.Contains(errs, one.ID+": is ready; --delete deletes what it has") {
		t.Errorf("cancel of one that is ready: status %d\n%s", status, errs)
	}
	if said := must(t, who("cancel", "--delete", one.ID)...); said != one.ID+"  expired\n" {
		t.Errorf("cancel --delete says %q", said)
	}
	// Without a message, and with one due in an hour only, no worker takes it.
	testenv.Exec(t, databaseOf(t, dir), `UPDATE export_request SET status = 'queued', finished_at = NULL, blob_key = NULL, dispatch_due_at = now() + interval '1 hour' WHERE id::text = $1`, two.ID)
	unnamed, err := filepath.Glob(filepath.Join(dir, "files", "exports", "*", two.ID+".*"))
	if err != nil || len(unnamed) != 1 || os.Remove(unnamed[0]) != nil {
		t.Fatalf("the file of %s: %v, %v", two.ID, unnamed, err)
	}
	if canceled := jsonLines[exportLine](t, must(t, who("cancel", "--json", two.ID)...)); len(canceled) != 1 || canceled[0].Status != "canceled" {
		t.Errorf("cancel --json prints %+v", canceled)
	}
	if status, _, errs := call(t, who("cancel", two.ID)...); status != 1 || !strings.Contains(errs, "is canceled already") {
		t.Errorf("a second cancel: status %d\n%s", status, errs)
	}
	if status, _, errs := call(t, who("status", "--wait", two.ID)...); status != 1 || !strings.Contains(errs, "1 of 1 exports are not ready") {
		t.Errorf("waiting for one that is canceled: status %d\n%s", status, errs)
	}
}

// fakeAPI is an API whose exports have this status, and one file.
func fakeAPI(t *testing.T, status string) string {
	t.Helper()
	const id = "01999999-9999-7999-8999-999999999999"
	answer := fmt.Sprintf(`{"id": %q, "resume_id": "r", "status": %q, "pages": 2, "filename": "a.pdf", "sha256": "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603",
		"failure": {"code": "internal", "message": "It broke."}}`, id, status)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := answer
		switch {
		case strings.HasSuffix(r.URL.Path, "/download"):
			body = "ab" // its SHA-256 is above
		case strings.HasPrefix(r.URL.Path, "/v1/batches"):
			body = `{"id": "b", "total": 3, "counts": {"queued": 2, "ready": 1}}`
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A time-out says that the export goes on, and how to go on.
func TestCommands_TimeOut(t *testing.T) {
	t.Parallel()
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the end of the connection is noticed after the body only
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	const id = "01999999-9999-7999-8999-999999999999"
	for name, c := range map[string]struct {
		server string
		args   []string
		want   []string
	}{
		"export":         {fakeAPI(t, "rendering"), []string{"export", "r", "-o", t.TempDir()}, []string{"is still rendering", "it goes on", "letraz-export status " + id, "letraz-export link " + id}},
		"export, silent": {silent.URL, []string{"export", "r", "-o", t.TempDir()}, []string{"may have been requested", "letraz-export list"}},
		"status":         {fakeAPI(t, "queued"), []string{"status", "--wait", id}, []string{"1 of 1 exports are not ready within 50ms", "go on"}},
		"batch":          {fakeAPI(t, "queued"), []string{"batch", "create", "r", "--wait"}, []string{"1 of 3 finished", "the batch goes on", "letraz-export batch status b", "batch download b"}},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, errs := call(t, append(c.args, "--server", c.server, "--token", "t", "--timeout", "50ms")...)
			if status != 1 {
				t.Errorf("status %d", status)
			}
			for _, want := range c.want {
				if !strings.Contains(errs, want) {
					t.Errorf("no %q in\n%s", want, errs)
				}
			}
		})
	}
}

// Errors are told once, and are members of the JSON.
func TestExport_Failures(t *testing.T) {
	t.Parallel()
	args := []string{"export", "r1", "r2", "--server", fakeAPI(t, "failed"), "--token", "t", "-o", t.TempDir()}
	status, out, errs := call(t, args...)
	if status != 1 || strings.Count(out, "FAILED") != 2 || strings.Count(errs, "r1: failed: It broke. (internal)\n") != 1 || !strings.Contains(errs, "2 of 2 exports failed") {
		t.Errorf("status %d\n%s\n%s", status, out, errs)
	}
	_, out, _ = call(t, append(args, "--json")...)
	for _, line := range jsonLines[struct {
		Error  string
		Export exportLine
	}](t, out) {
		if line.Error != "failed: It broke. (internal)" || line.Export.Status != "failed" {
			t.Errorf("a line is %+v", line)
		}
	}
}

// Names from elsewhere are cut, so that the columns after them stay in place.
func TestList_LongNames(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"exports": [{"id": "1", "resume_id": %q, "status": "ready"}, {"id": "2", "resume_id": "山田\u001b[2J", "status": "ready"}]}`, strings.Repeat("字", 200))
	}))
	t.Cleanup(server.Close)
	table := must(t, "list", "--server", server.URL, "--token", "t")
	wantHarmless(t, "list", table, 3)
	if !strings.Contains(table, "1       "+strings.Repeat("字", 29)+"…   ") || !strings.Contains(table, `山田\u001b[2J  `) {
		t.Errorf("it prints\n%s", table)
	}
}

// A resume comes through a pipe, and the rendered file goes through one, byte by byte.
func TestCommands_StandardStreams(t *testing.T) {
	t.Parallel()
	text := `{"basics": {"name": "Ana Example", "email": "ana@example.com"}}`
	stream := func(args ...string) (status int, stdout, stderr string) {
		var out, errs strings.Builder
		status = run(t.Context(), args, strings.NewReader(text), &out, &errs)
		return status, out.String(), errs.String()
	}
	if status, out, errs := stream("render", "-", "-o", "-", "--format", "txt"); status != 0 || !strings.Contains(out, "Ana Example") || strings.Contains(out, "bytes") || !strings.Contains(errs, "-: ") {
		t.Errorf("render: status %d\n%s\n%s", status, out, errs)
	}
	if status, out, errs := stream("render", "-", "-o", "-", "--format", "docx"); status != 0 || !strings.HasPrefix(out, "PK\x03\x04") {
		t.Errorf("render of a binary file: status %d\n%.20q\n%s", status, out, errs)
	}
	if status, out, errs := stream("check", "-"); status != 0 || !strings.HasPrefix(out, "standard input: ") {
		t.Errorf("check: status %d\n%s\n%s", status, out, errs)
	}
	if status, _, errs := stream("render", "-", "-o", "-"); status != 1 || !strings.Contains(errs, "-o - needs --format") {
		t.Errorf("without a format: status %d\n%s", status, errs)
	}
	text = "{"
	if status, _, errs := stream("check", "-"); status != 1 || !strings.Contains(errs, "letraz-export: standard input: ") {
		t.Errorf("no resume: status %d\n%s", status, errs)
	}
}
