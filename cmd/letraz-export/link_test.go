package main

import (
	"crypto/sha256"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// readyExport records an export of the user that is ready, with its file in the directory.
func readyExport(t *testing.T, store *postgres.Store, userID, resumeID, dir string, content []byte) string {
	t.Helper()
	r := testenv.Request(t, store, userID, resumeID)
	r, err := store.ClaimExport(t.Context(), export.Message{ExportID: r.ID}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	a := export.Artifact{BlobKey: export.BlobKey(r), Size: int64(len(content)), SHA256: sha256.Sum256(content), Filename: "a.pdf"}
	files, err := blob.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	if err := files.Put(t.Context(), a.BlobKey, content, r.Format.ContentType()); err != nil {
		t.Fatal(err)
	}
	if _, err := store.CompleteExport(t.Context(), r, a); err != nil {
		t.Fatal(err)
	}
	return r.ID
}

func TestLink_Command(t *testing.T) {
	t.Parallel()
	dir, database := t.TempDir(), testenv.Database(t)
	store := testenv.Open(t, database, postgres.Options{})
	resumeID := testenv.ImportSample(t, store, "user_1", "first-job")
	files, secret := madeDir(t, dir+"/files"), strings.Repeat("s", 32)
	ready := readyExport(t, store, "user_1", resumeID, dir+"/files", []byte("%PDF-1.7"))
	queued := testenv.Request(t, store, "user_1", resumeID).ID
	startAPI := func(flags ...string) []string {
		args := []string{"api", "--listen", "127.0.0.1:0", "--jwt-secret", secret, "--data-dir", dir, "--database-url", database,
			"--nats-url", testenv.NATS(t, "").URL(), "--blob-url", files}
		p := start(t, "the API is ready", append(args, flags...)...)
		return []string{"--server", logged(t, p, "url="), "--token", strings.TrimSpace(must(t, "token", "user_1", "--jwt-secret", secret))}
	}
	link := func(caller []string, args ...string) (int, string, string) {
		t.Helper()
		return call(t, append(append([]string{"link"}, args...), caller...)...)
	}
	caller := startAPI("--link-keys", strings.Repeat("k", 32))
	status, out, errs := link(caller, "--inline", ready)
	if status != 0 || !strings.HasPrefix(out, caller[1]+"/d/") || !strings.HasSuffix(out, "?inline=true\n") {
		t.Fatalf("inline: %d %q %s", status, out, errs)
	}
	res, err := http.Get(strings.TrimSpace(out)) // without a token
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if got, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK || string(got) != "%PDF-1.7" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "inline") {
		t.Errorf("%d %q %v", res.StatusCode, got, err)
	}
	status, out, errs = link(caller, queued, ready, "0199aaaa-0000-7000-8000-000000000000")
	if status == 0 || strings.Count(out, "\n") != 1 || strings.Contains(out, "inline") {
		t.Errorf("three, of which one has a link: %d %q", status, out)
	}
	for _, want := range []string{queued + ": is queued; only exports that are ready have a link", "0199aaaa-0000-7000-8000-000000000000: ", "2 of 3 exports have no link"} {
		if !strings.Contains(errs, want) {
			t.Errorf("no %q in %s", want, errs)
		}
	}
	status, out, errs = link(startAPI(), ready)
	if status == 0 || out != "" || !strings.Contains(errs, "has no link: start the API with --link-keys") {
		t.Errorf("without keys: %d %q %s", status, out, errs)
	}
}
