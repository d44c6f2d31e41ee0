package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Every format can be requested, rendered by a worker and downloaded.
func TestServe_EveryFormat(t *testing.T) {
	dir := dataDir(t)
	p := start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0")
	id := beforeTab(must(t, "import", "--user", "user_1", "--data-dir", dir, sampleFile(t, "first-job")))
	for _, format := range export.Formats() {
		out := t.TempDir()
		args := []string{"export", "--data-dir", dir, "--as", "user_1", "-o", out, "--format", string(format), id}
		if format == export.PNG {
			args = append(args, "--width", "320")
		}
		if format == export.Text {
			args = append(args, "--wrap", "60")
		}
		must(t, args...)
		files, err := filepath.Glob(filepath.Join(out, "*."+string(format)))
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: the files are %q, %v", format, files, err)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		rendered := filepath.Join(t.TempDir(), "rendered."+string(format))
		args = []string{"render", sampleFile(t, "first-job"), "-o", rendered}
		if format == export.PNG {
			args = append(args, "--width", "320")
		}
		if format == export.Text {
			args = append(args, "--wrap", "60")
		}
		must(t, args...)
		want, err := os.ReadFile(rendered)
		if err != nil {
			t.Fatal(err)
		}
		// PDF and DOCX contain the time of the resume's last change, and the rows do not keep the
		// imported spelling of every value, so these files differ.
		if !slices.Contains([]export.Format{export.PDF, export.DOCX, export.JSON}, format) && !bytes.Equal(data, want) {
			t.Errorf("%s: %d bytes, and %d when rendered without a server", format, len(data), len(want))
		}
		if len(data) < 300 {
			t.Errorf("%s: %d bytes", format, len(data))
		}
	}
	below := descendants(t, p.cmd.Process.Pid)
	p.stop(t, syscall.SIGINT)
	gone(t, below)
}

// beforeTab returns s up to the first tab.
func beforeTab(line string) string {
	word, _, _ := strings.Cut(line, "\t")
	return word
}
