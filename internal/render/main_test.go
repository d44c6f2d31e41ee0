package render

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) { os.Exit(testenv.Main(m)) }

// changed is the time of the last change of these tests' resumes. It is not in UTC and has a
// fraction that a PDF cannot hold.
var changed = time.Date(2026, 3, 1, 2, 30, 15, 123456789, time.FixedZone("IST", 5*3600+1800))

// sampleResume returns a sample as it is loaded from the database.
func sampleResume(t testing.TB, s samples.Sample) resume.Resume {
	t.Helper()
	r, err := resume.ParseJSONResume(s.JSON)
	if err != nil {
		t.Fatal(err)
	}
	r.UpdatedAt = changed
	return r
}

// allSamples returns the samples that every test of real files uses.
func allSamples(t testing.TB) []samples.Sample {
	t.Helper()
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sample(t testing.TB, slug string) resume.Resume {
	t.Helper()
	s, err := samples.Get(slug)
	if err != nil {
		t.Fatal(err)
	}
	return sampleResume(t, s)
}

// renderPDF renders with the real browser.
func renderPDF(t testing.TB, r resume.Resume, paper export.Paper) Artifact {
	t.Helper()
	return renderIn(t, r, "classic", paper)
}

// renderIn is renderPDF in a template. It prints equal content once per run of the tests.
func renderIn(t testing.TB, r resume.Resume, template string, paper export.Paper) Artifact {
	t.Helper()
	d, err := Prepare(r, Options{Format: export.PDF, Template: template, Paper: paper})
	if err != nil {
		t.Fatal(err)
	}
	content := d.ContentHash("test")
	if content == [32]byte{} {
		return renderAnew(t, r, template, paper)
	}
	once, _ := rendered.LoadOrStore(content, sync.OnceValue(func() Artifact { return renderAnew(t, r, template, paper) }))
	return once.(func() Artifact)()
}

// renderAnew is renderIn without reuse, for tests that compare two prints.
func renderAnew(t testing.TB, r resume.Resume, template string, paper export.Paper) Artifact {
	t.Helper()
	a, err := Render(t.Context(), testenv.Engine(t), r, Options{Format: export.PDF, Template: template, Paper: paper})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// rendered has the files of renderIn by their content hash.
var rendered sync.Map

// saved writes the bytes to a file and returns its path.
func saved(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// tool runs another PDF program and returns its output. A warning of qpdf is a failure
// too: its exit status is 3.
func tool(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "TZ=UTC")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		t.Fatalf("%s is missing: install the packages qpdf, poppler-utils and mupdf-tools (make setup does)", name)
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", cmd, err, stdout.String(), stderr.String())
	}
	return stdout.String()
}

// printerFunc adapts a function to a Printer.
type printerFunc func(ctx context.Context, d chrome.Document) ([]byte, error)

func (f printerFunc) Print(ctx context.Context, d chrome.Document) ([]byte, error) { return f(ctx, d) }
