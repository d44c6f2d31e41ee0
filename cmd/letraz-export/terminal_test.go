package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// hostileText clears the terminal, returns to the start of the line, begins a new line, and
// reverses the direction of text.
const hostileText = "\x1b[2J\x1b]0;owned\a\r\nall is well\t\u202e\u009b31m"

// wantHarmless checks that the output has none of these, and this number of lines.
func wantHarmless(t *testing.T, what, printed string, lines int) {
	t.Helper()
	if strings.ContainsAny(printed, "\x1b\a\r\u202e\u009b") {
		t.Errorf("%s prints control characters: %q", what, printed)
	}
	if n := strings.Count(printed, "\n"); n != lines {
		t.Errorf("%s prints %d lines, want %d: %q", what, n, lines, printed)
	}
}

func TestCommands_EscapeWhatTheyPrint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a"+strings.NewReplacer("/", "").Replace(hostileText)+".json")
	jsonText := `\u001b[2J\u001b]0;owned\u0007\r\nall is well\t\u202e\u009b31m`
	write(t, file, `{"basics": {"name": "Ana `+jsonText+`", "email": "ana@example.com"}}`)

	t.Run("import", func(t *testing.T) {
		database := testenv.Database(t)
		status, out, errs := call(t, "import", "--database-url", database, file)
		if status != 0 {
			t.Fatal(errs)
		}
		wantHarmless(t, "import", out, 1)
		if strings.Count(out, "\t") != 3 {
			t.Errorf("the line has other columns: %q", out)
		}
	})
	t.Run("file that is none", func(t *testing.T) {
		_, _, errs := call(t, "import", "--database-url", "postgres://127.0.0.1:1/none", file+"x")
		wantHarmless(t, "import", errs, 2)
	})
	t.Run("problems of a file", func(t *testing.T) {
		bad := filepath.Join(dir, "bad"+filepath.Base(file))
		write(t, bad, `{"basics": {"name": 1, "`+jsonText+`": {}}, "work": [{"startDate": "`+jsonText+`"}], "`+jsonText+`": 1}`)
		for _, flags := range [][]string{nil, {"--strict"}} {
			_, _, errs := call(t, append([]string{"render", bad, "-o", filepath.Join(t.TempDir(), "a.html")}, flags...)...)
			lines := 0
			for line := range strings.Lines(errs) {
				lines++
				// A note is indented below the line that names the file.
				if !strings.Contains(line, ".json: ") && !strings.HasPrefix(line, "  ") {
					t.Errorf("with %q, a line is not about the file: %q", flags, line)
				}
			}
			if !strings.Contains(errs, "owned") {
				t.Errorf("with %q, the problems are not told: %q", flags, errs)
			}
			wantHarmless(t, "render", errs, lines)
		}
	})
	t.Run("rendered file", func(t *testing.T) {
		name := filepath.Join(dir, "out"+strings.ReplaceAll(hostileText, "/", "")+".html")
		status, out, errs := call(t, "render", file, "-o", name)
		if _, err := os.Stat(name); status != 0 || err != nil {
			t.Fatal(errs, err)
		}
		wantHarmless(t, "render", out, 1)
	})
	t.Run("command line", func(t *testing.T) {
		_, _, errs := call(t, "import", "--\x1b[2J")
		wantHarmless(t, "the command line", errs, 2)
	})
	t.Run("server's message", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = w.Write([]byte(`{"status": 422, "detail": "` + jsonText + `", "errors": [{"location": "` + jsonText + `", "message": "` + jsonText + `"}]}`))
		}))
		defer server.Close()
		for _, args := range [][]string{
			{"export", "rsm_1" + hostileText, "-o", t.TempDir()},
			{"retry", "id" + hostileText},
		} {
			_, out, errs := call(t, append(args, "--server", server.URL, "--token", "t")...)
			wantHarmless(t, args[0], out, strings.Count(out, "\n"))
			wantHarmless(t, args[0], errs, 2)
			if !strings.Contains(errs, "the API answers 422") {
				t.Errorf("%s says %q", args[0], errs)
			}
		}
	})
}
