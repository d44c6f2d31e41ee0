package main

import (
	"archive/zip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/client"
)

// batches exports resumes as a batch through the serve on the data directory.
func batches(t *testing.T, dir string, ids []string) {
	t.Helper()
	who := []string{"--data-dir", dir, "--as", "user_1"}
	file := filepath.Join(t.TempDir(), "files.zip")
	status, out, errs := call(t, append([]string{"batch", "create", "--wait", "-o", file, "--json", ids[0], ids[1], ids[0]}, who...)...)
	var b client.Batch
	if err := json.Unmarshal([]byte(out), &b); status != 0 || err != nil || b.Total != 3 || b.Counts.Ready != 3 || !b.Finished {
		t.Fatalf("status %d, %v\n%s\n%s", status, err, out, errs)
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }() // it was only read
	if len(z.File) != 4 || z.File[0].Name != "manifest.json" || !strings.HasSuffix(z.File[3].Name, " (2).pdf") {
		t.Errorf("the ZIP has %d files, the last is %s", len(z.File), z.File[len(z.File)-1].Name)
	}
	again := filepath.Join(t.TempDir(), "again.zip")
	must(t, append([]string{"batch", "download", b.ID, "-o", again}, who...)...)
	if one, err := os.Stat(file); err != nil {
		t.Error(err)
	} else if two, err := os.Stat(again); err != nil || one.Size() != two.Size() {
		t.Errorf("the second download: %v", err)
	}
	for _, command := range [][]string{{"batch", "status", b.ID}, {"batch", "list"}} {
		if table := must(t, append(command, who...)...); !strings.HasPrefix(table, "BATCH ") || !strings.Contains(table, b.ID+"  3      0        3      0") {
			t.Errorf("%s prints\n%s", command, table)
		}
	}
	if retried := must(t, append([]string{"batch", "retry", b.ID}, who...)...); retried != "" {
		t.Errorf("nothing has failed, and %q is retried", retried)
	}
	must(t, append([]string{"batch", "delete", b.ID}, who...)...)
	if status, _, errs := call(t, append([]string{"batch", "download", b.ID, "-o", again}, who...)...); status != 1 || !strings.Contains(errs, "410: this batch has expired") {
		t.Errorf("the download of a deleted batch: status %d\n%s", status, errs)
	}
	if status, _, errs := call(t, append([]string{"batch", "create", ids[0], "rsm_unknown"}, who...)...); status != 1 || !strings.Contains(errs, "body.exports[1].resume_id: unknown resume") {
		t.Errorf("a batch with an unknown resume: status %d\n%s", status, errs)
	}
}
