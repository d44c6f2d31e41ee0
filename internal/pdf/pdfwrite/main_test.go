package pdfwrite

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) { os.Exit(testenv.Main(m)) }

// page has everything that is written differently: faces whose programs Chrome embeds and
// faces it does not, emoji, a picture, links, headings and both writing directions.
const page = `<!doctype html><html lang="en"><title>A page</title><style>
body { font: 12pt "Vollkorn"; font-variant-ligatures: none } h1, h2 { font-weight: 600 }
p, h2 { font-family: "Vollkorn", "Noto Serif CJK JP", "Noto Naskh Arabic", "Noto Serif Devanagari", "Noto Serif Thai", "Noto Color Emoji" }
</style><h1>Zoë Ångström</h1><p>Plain, <b>bold</b> and <i>italic</i>, with a <a href="https://example.com/">link</a>.
<h2>日本語の見出し</h2><p>生産技術エンジニア、<b>桜庭 遥</b>。国立・立国・国立。ガギグゲゴ“引用”
<h2>Right to left</h2><p dir="rtl">مهندسة بيانات<p dir="rtl">القصّار، الآن<p>स्वास्थ्य कुपोषित ज़िलों महिलाएँ<p>น้ำดื่มที่<p>🙂 👩🏽‍💻
<p><img alt="" width="40" height="40" src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==">
<p style="break-before: page">The second page.`

// printed returns the PDF that the browser prints.
func printed(t testing.TB, html string) []byte {
	t.Helper()
	data, err := testenv.Engine(t).Print(t.Context(), chrome.Document{HTML: []byte(html), Tagged: true, Outline: true})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// small finishes the file. It fails if a part could not be made smaller.
func small(t testing.TB, data []byte) []byte {
	t.Helper()
	w, _, err := finish(data, Info{})
	if err != nil || w.Uncompacted != nil {
		t.Fatalf("%v, %+v", err, w.Uncompacted)
	}
	return w.Data
}

// parsed reads all objects of the file.
func parsed(data []byte) (*parsedFile, error) {
	f, err := Parse(data)
	if err != nil {
		return nil, err
	}
	return f.readAll()
}

// saved writes the bytes to a file and returns its path.
func saved(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// tool runs a PDF tool and returns its output. A warning of qpdf (exit status 3) is a failure,
// too.
func tool(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s (make setup-test installs it): %v\n%s%s", cmd, err, stdout.String(), stderr.String())
	}
	return stdout.String()
}
