package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestRenderCheck_Report(t *testing.T) {
	out := filepath.Join(t.TempDir(), "x.pdf")
	said := must(t, "render", sampleFile(t, "german"), "-o", out, "--check")
	for _, want := range []string{"pages: ", "fields found", "123 of 123", "broken words", "headings"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	var report struct {
		Fields, Found int
		Tagged        bool
		Headings      bool `json:"headings_in_order"`
	}
	said = must(t, "render", sampleFile(t, "german"), "-o", out, "--check", "--json")
	if err := json.Unmarshal([]byte(said), &report); err != nil || report.Fields == 0 || report.Found != report.Fields || !report.Tagged || !report.Headings {
		t.Errorf("%v, %+v of\n%s", err, report, said)
	}
}

// Checking the page against another resume simulates missing text.
func TestRenderCheck_MissingField(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "x.pdf")
	must(t, "render", sampleFile(t, "german"), "-o", out)
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := readSource(&env{}, sampleFile(t, "french"), "")
	if err != nil {
		t.Fatal(err)
	}
	shown, err := document.New(doc.resume)
	if err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	err = checkFlags{Check: true}.run(&env{ctx: t.Context(), stdout: &printed}, "x.pdf", render.Artifact{Data: data, Document: shown}, doc.leaves, "")
	if err == nil || !strings.Contains(err.Error(), "fields are not in the text") || !strings.Contains(printed.String(), "experience[0].title") {
		t.Errorf("%v\n%s", err, printed.String())
	}
}

func TestImport_FromPDF(t *testing.T) {
	dir := t.TempDir()
	carrying, plain := filepath.Join(dir, "carrying.pdf"), filepath.Join(dir, "plain.pdf")
	must(t, "render", sampleFile(t, "vietnamese"), "-o", carrying, "--embed-source")
	must(t, "render", sampleFile(t, "vietnamese"), "-o", plain)
	direct, back := filepath.Join(dir, "direct.json"), filepath.Join(dir, "back.json")
	must(t, "render", sampleFile(t, "vietnamese"), "-o", direct)
	must(t, "render", carrying, "-o", back)
	want, err := os.ReadFile(direct)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(back); err != nil || string(got) != string(want) {
		t.Errorf("another resume comes back (%v):\n%s", err, got)
	}
	database := testenv.Database(t)
	if line := must(t, "import", "--database-url", database, carrying); !strings.Contains(line, "carrying.pdf") {
		t.Errorf("import prints %q", line)
	}
	data, err := os.ReadFile(carrying)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "cut.pdf")
	write(t, cut, string(data[:len(data)-100]))
	for file, want := range map[string]string{plain: "carries no resume", cut: "damaged"} {
		if status, _, errs := call(t, "import", "--database-url", database, file); status != 1 || !strings.Contains(errs, want) || !strings.Contains(errs, file) {
			t.Errorf("%s: status %d\n%s", file, status, errs)
		}
	}
}
