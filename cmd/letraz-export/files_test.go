package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestImportStoresNothingWhenOneFileIsBad(t *testing.T) {
	database := testenv.Database(t)
	bad := filepath.Join(t.TempDir(), "bad.json")
	write(t, bad, `{"basics": {"name": "A B"}, "work": [{"name": "C", "startDate": "soon"}], "educaton": []}`)
	status, out, errs := call(t, "import", "--user", "user_1", "--database-url", database, sampleFile(t, "first-job"), bad, "/nonexistent.json")
	if status != 1 || out != "" {
		t.Errorf("status %d, printed %q", status, out)
	}
	for _, want := range []string{"nothing was imported", bad + ": work[0].startDate: ", bad + ": educaton: ", "/nonexistent.json"} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not in:\n%s", want, errs)
		}
	}
	if status, _, errs := call(t, "import", "--database-url", database); status != 1 || !strings.Contains(errs, "--samples") {
		t.Errorf("without files: status %d\n%s", status, errs)
	}
	// The good file alone goes in, as the first resume of its owner.
	line := must(t, "import", "--user", "user_1", "--database-url", database, sampleFile(t, "first-job"))
	if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) != 4 || fields[1] != "user_1" || fields[2] != "first-job.json" {
		t.Errorf("import prints %q", line)
	}
}

func TestImportGivesAllResumesOfOnePersonOneOwner(t *testing.T) {
	database := testenv.Database(t)
	file := sampleFile(t, "nurse")
	a := strings.Split(must(t, "import", "--database-url", database, file), "\t")
	b := strings.Split(must(t, "import", "--database-url", database, file), "\t")
	if a[0] == b[0] || a[1] != b[1] || !strings.HasPrefix(a[1], "user_") {
		t.Errorf("imported as %v and %v: two resumes of one owner are wanted", a, b)
	}
}

func TestRenderWritesEveryFormatWithoutAServer(t *testing.T) {
	file := sampleFile(t, "tailored")
	dir := t.TempDir()
	for name, head := range map[string]string{"a.pdf": "%PDF-", "a.html": "<!DOCTYPE html>", "a.docx": "PK", "a.json": "{"} {
		out := filepath.Join(dir, name)
		said := must(t, "render", file, "-o", out, "--paper", "letter")
		if strings.Contains(said, "pages: ") != (name == "a.pdf") {
			t.Errorf("%s: it says %q", name, said)
		}
		data, err := os.ReadFile(out)
		if err != nil || !strings.HasPrefix(strings.ToLower(string(data)), strings.ToLower(head)) {
			t.Errorf("%s begins with %.20q (%v)", name, data, err)
		}
	}
}

func TestRenderRefusesWhatItCannotDo(t *testing.T) {
	file := sampleFile(t, "nearly-empty")
	empty := filepath.Join(t.TempDir(), "empty.json")
	write(t, empty, "")
	nameless := filepath.Join(t.TempDir(), "nameless.json")
	write(t, nameless, `{"basics": {"label": "x"}}`)
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"format", []string{file, "-o", "x.exe"}, ".pdf, .html, .docx or .json"},
		{"template", []string{file, "-o", "x.pdf", "--template", "fancy"}, "classic"},
		{"no file", []string{"/nonexistent.json", "-o", "x.pdf"}, "/nonexistent.json: no such file"},
		{"empty file", []string{empty, "-o", "x.pdf"}, empty},
		{"no name", []string{nameless, "-o", "x.pdf"}, "basics.name"},
		{"output", []string{file, "-o", "/nonexistent/x.json"}, "/nonexistent/x.json"},
		{"browser", []string{file, "-o", "x.pdf", "--chrome", "/nonexistent"}, "/nonexistent"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, _, errs := call(t, append([]string{"render"}, tc.args...)...)
			if status != 1 || !strings.Contains(errs, tc.want) {
				t.Errorf("status %d, want 1 and %q in:\n%s", status, tc.want, errs)
			}
		})
	}
}

func TestDownloadsKeepToTheirDirectory(t *testing.T) {
	f := &fileNames{dir: "out", taken: map[string]bool{}}
	for _, tc := range [][2]string{
		{"A Resume.pdf", "out/A Resume.pdf"},
		{"a resume.PDF", "out/a resume (2).PDF"},
		{"../../etc/passwd", "out/passwd"},
		{`..\x.pdf`, "out/.._x.pdf"},
		{"", "out/export"},
		{"..", "out/export (2)"},
	} {
		if got := f.choose(tc[0]); got != tc[1] {
			t.Errorf("%q is saved as %q, want %q", tc[0], got, tc[1])
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
