package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestImport_AllOrNothing(t *testing.T) {
	database := testenv.Database(t)
	bad := filepath.Join(t.TempDir(), "bad.json")
	write(t, bad, `{"basics": {"name": "A B"}, "work": [{"name": "C", "startDate": "soon"}], "educaton": []}`)
	status, out, errs := call(t, "import", "--strict", "--user", "user_1", "--database-url", database, sampleFile(t, "first-job"), bad, "/nonexistent.json")
	if status != 1 || out != "" {
		t.Errorf("status %d, printed %q", status, out)
	}
	for _, want := range []string{"nothing was imported", bad + ": there is 1 note, and --strict was given", "work[0].startDate  \"soon\"", "/nonexistent.json"} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not in:\n%s", want, errs)
		}
	}
	if status, _, errs := call(t, "import", "--database-url", database); status != 1 || !strings.Contains(errs, "--samples") {
		t.Errorf("without files: status %d\n%s", status, errs)
	}
	// The valid file alone is imported, as the first resume of its owner.
	line := must(t, "import", "--user", "user_1", "--database-url", database, sampleFile(t, "first-job"))
	if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) != 4 || fields[1] != "user_1" || fields[2] != "first-job.json" {
		t.Errorf("import prints %q", line)
	}
}

func TestImport_OneOwnerPerPerson(t *testing.T) {
	database := testenv.Database(t)
	file := sampleFile(t, "nurse")
	a := strings.Split(must(t, "import", "--database-url", database, file), "\t")
	b := strings.Split(must(t, "import", "--database-url", database, file), "\t")
	if a[0] == b[0] || a[1] != b[1] || !strings.HasPrefix(a[1], "user_") {
		t.Errorf("imported as %v and %v: two resumes of one owner are wanted", a, b)
	}
}

func TestRender_EveryFormat(t *testing.T) {
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

func TestRender_Fit(t *testing.T) {
	file, out := sampleFile(t, "nurse"), filepath.Join(t.TempDir(), "a.pdf")
	for want, args := range map[string][]string{
		"a.pdf made to fit 1 page: spacing to 50 %, line height to 90 %, size to ":                                {"--fit-pages", "1"},
		"a.pdf fits 2 pages as it is\n":                                                                           {"--fit-pages", "2"},
		"a.pdf does not fit 1 page: it has 2, and 2 when made as tight as a text of 12 pt allows, so it was left": {"--fit-pages", "1", "--min-font-pt", "12"},
	} {
		if said := must(t, append([]string{"render", file, "-o", out}, args...)...); !strings.Contains(said, want) || strings.Count(said, "\n") != 2 {
			t.Errorf("%v: it says %q", args, said)
		}
	}
}

func TestRender_Refusals(t *testing.T) {
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
		{"format", []string{file, "-o", "x.exe"}, ".pdf, .html, .docx, .json"},
		{"template", []string{file, "-o", "x.pdf", "--template", "fancy"}, "classic"},
		{"fit of a page", []string{file, "-o", "x.html", "--fit-pages", "1"}, "--fit-pages goes with the format pdf only"},
		{"fit of no pages", []string{file, "-o", "x.pdf", "--fit-pages=-1"}, "--fit-pages must be between 1 and 20"},
		{"too small a text", []string{file, "-o", "x.pdf", "--fit-pages", "1", "--min-font-pt", "5"}, "--min-font-pt must be between 7 and 12"},
		{"a text for nothing", []string{file, "-o", "x.pdf", "--min-font-pt", "9"}, "--min-font-pt goes with --fit-pages"},
		{"source in itself", []string{file, "-o", "x.json", "--embed-source"}, "--embed-source goes with the format pdf only"},
		{"width of paper", []string{file, "-o", "x.pdf", "--width", "900"}, "--width goes with the format png only"},
		{"wrapped paper", []string{file, "-o", "x.pdf", "--wrap", "72"}, "--wrap goes with the format txt only"},
		{"lines too short", []string{file, "-o", "x.txt", "--wrap", "5"}, "--wrap must be between 20 and 500"},
		{"check of a page", []string{file, "-o", "x.html", "--check"}, "--check goes with the format pdf only"},
		{"a report of nothing", []string{file, "-o", "x.pdf", "--json"}, "--json goes with --check only"},
		{"no file", []string{"/nonexistent.json", "-o", "x.pdf"}, "/nonexistent.json: no such file"},
		{"empty file", []string{empty, "-o", "x.pdf"}, empty},
		{"no name", []string{nameless, "-o", "x.pdf", "--strict"}, "basics.name"},
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

func TestFileNames_StayInDirectory(t *testing.T) {
	f := &fileNames{dir: "out", taken: map[string]bool{}}
	for _, tc := range [][2]string{
		{"A Resume.pdf", "out/A Resume.pdf"},
		{"a resume.PDF", "out/a resume (2).PDF"},
		{"../../etc/passwd", "out/passwd"},
		{`..\x.pdf`, "out/x.pdf"},
		{"．．／．．／x.txt", "out/x.txt"},
		{".bashrc", "out/export.bashrc"},
		{"nul.pdf", "out/_nul.pdf"},
		{"a\x1b[2J\r\nb.pdf", "out/a [2J b.pdf"},
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
