package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// madeDir creates a directory and returns its path.
func madeDir(t *testing.T, path string) string {
	t.Helper()
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every role says at start in one sentence what is wrong with the file store.
func TestRoles_FileStore(t *testing.T) {
	dir := dataDir(t)
	database := testenv.Database(t)
	nats := testenv.NATS(t, "").URL()
	t.Setenv("AWS_ACCESS_KEY_ID", testenv.S3AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", testenv.S3SecretKey)
	server := testenv.StartS3(t, false)
	first, second := madeDir(t, dir+"/first"), madeDir(t, dir+"/second")
	secret := strings.Repeat("s", 32)
	roles := map[string][]string{
		"api":    {"--nats-url", nats, "--jwt-secret", secret, "--listen", "127.0.0.1:0"},
		"worker": {"--nats-url", nats}, "sweep": nil, "erase": {"user_1"},
		"serve": {"--nats-url", nats, "--jwt-secret", secret, "--listen", "127.0.0.1:0", "--data-dir", dir + "/data"},
	}
	must(t, "migrate", "--database-url", database, "--nats-url", nats)
	must(t, "sweep", "--database-url", database, "--blob-url", first) // the store is this one from now on

	for location, want := range map[string]string{
		dir + "/missing":                  "there is no such directory",
		server.URL("missing"):             "there is no such bucket",
		server.Bucket(t, "other"):         "the file store s3://other is another than the one this database was used with",
		"s3://bucket?use_path_style=true": "the region is missing",
		"s3://bucket?region=eu-test-1&use_path_style=true&endpoint=http://127.0.0.1:1": "nothing listens",
		second: "is another than the one this database was used with",
	} {
		for role, args := range roles {
			status, _, errs := call(t, append([]string{role, "--database-url", database, "--blob-url", location}, args...)...)
			line := errs[strings.LastIndex(strings.TrimSuffix(errs, "\n"), "\n")+1:]
			if status != 1 || !strings.Contains(line, want) || !strings.HasPrefix(line, "letraz-export: ") {
				t.Errorf("%s with %s: status %d, want %q\n%s", role, location, status, want, errs)
			}
		}
	}
	if _, err := os.Stat(dir + "/missing"); err == nil {
		t.Error("the missing directory was made")
	}
	if files, err := filepath.Glob(second + "/*"); err != nil || len(files) > 0 {
		t.Errorf("in the other store are %q (%v)", files, err)
	}
	must(t, "sweep", "--database-url", database, "--blob-url", first)
	if status, _, errs := call(t, "worker", "--database-url", database, "--nats-url", "http://host:8222", "--blob-url", first); status != 1 || !strings.Contains(errs, "nats://host:4222") {
		t.Errorf("a worker with an http URL of NATS: status %d\n%s", status, errs)
	}
}

// The whole service with its files in a bucket of an S3 server.
func TestServe_S3(t *testing.T) {
	dir := dataDir(t)
	t.Setenv("AWS_ACCESS_KEY_ID", testenv.S3AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", testenv.S3SecretKey)
	server := testenv.StartS3(t, false)
	bucket := server.Bucket(t, "exports")
	serve := start(t, "letraz-export is ready", "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--blob-url", bucket)
	line := must(t, "import", "--user", "user_1", "--data-dir", dir, sampleFile(t, "first-job"))
	id, _, _ := strings.Cut(line, "\t")
	files := t.TempDir()
	for range 2 { // the second is a copy
		must(t, "export", id, "--data-dir", dir, "--as", "user_1", "-o", files)
	}
	if pdf := onlyFile(t, files, "*.pdf"); !strings.HasPrefix(pdf, "%PDF-") {
		t.Errorf("the PDF begins with %q", pdf[:min(len(pdf), 20)])
	}
	if stored := server.Files(t, "exports"); len(stored) != 3 { // with the marker
		t.Errorf("in the bucket are %q", stored)
	}
	if out := must(t, "erase", "user_1", "--data-dir", dir, "--blob-url", bucket); !strings.Contains(out, "erased 2, files deleted 2") {
		t.Errorf("erase says %q", out)
	}
	if stored := server.Files(t, "exports"); len(stored) != 1 {
		t.Errorf("in the bucket are %q", stored)
	}
	if state := serve.stop(t, syscall.SIGTERM); !state.Success() {
		t.Errorf("%v\n%s", state, serve.output())
	}
}
