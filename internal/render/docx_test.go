package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/net/html"

	"github.com/letrazapp/letraz-export/internal/export"
)

// wordFiles writes every sample as a Word document into a directory, on A4 and as
// NAME-letter on Letter.
func wordFiles(t *testing.T) (dir string, files []string) {
	t.Helper()
	dir = t.TempDir()
	for _, s := range allSamples(t) {
		for paper, name := range map[export.Paper]string{export.A4: s.Slug, export.Letter: s.Slug + "-letter"} {
			a, err := Render(t.Context(), noPrinter(t), sampleResume(t, s), Options{Format: export.DOCX, Template: "classic", Paper: paper})
			if err != nil {
				t.Fatal(err)
			}
			if a.ContentType != export.DOCX.ContentType() || !strings.HasSuffix(a.Filename, ".docx") || a.Pages != 0 {
				t.Errorf("%s: got type %q, file name %q, %d pages", s.Slug, a.ContentType, a.Filename, a.Pages)
			}
			file := filepath.Join(dir, name+".docx")
			if err := os.WriteFile(file, a.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
	}
	return dir, files
}

// office converts files with LibreOffice, in one process, because it takes seconds to
// start, and with a new profile, because a second process with the same profile does
// nothing.
func office(t *testing.T, dir, to string, files []string) {
	t.Helper()
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--norestore", "--convert-to", to, "--outdir", dir}
	cmd := exec.CommandContext(t.Context(), "soffice", append(args, files...)...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "TZ=UTC")
	// The program is a script that starts others.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
}

func TestDOCX_LibreOffice(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("soffice"); errors.Is(err, exec.ErrNotFound) {
		t.Skip("soffice is missing: install the package libreoffice-writer-nogui to have LibreOffice read the Word documents")
	}
	dir, files := wordFiles(t)
	office(t, dir, "txt:Text (encoded):UTF8", files)
	office(t, dir, "pdf", files)
	for _, s := range allSamples(t) {
		t.Run(s.Slug, func(t *testing.T) {
			page := pageOf(t, s.Slug, export.A4)
			checkWords(t, filepath.Join(dir, s.Slug+".txt"), page)
			checkLetters(t, filepath.Join(dir, s.Slug+".txt"), sampleResume(t, s).Person.FullName(), renderPDF(t, sampleResume(t, s), export.A4).Data)
			for _, paper := range export.Papers() {
				file := filepath.Join(dir, s.Slug+".pdf")
				if paper == export.Letter {
					file = filepath.Join(dir, s.Slug+"-letter.pdf")
				}
				checkPrinted(t, file, paper)
				checkOutline(t, file, page)
				checkLinks(t, file, page)
			}
			var src source
			if err := json.Unmarshal(s.JSON, &src); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(dir, s.Slug+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range src.texts() {
				if !contains([]string{string(text)}, want) {
					t.Errorf("%q is not in the text", want)
				}
			}
		})
	}
}

// separators stand in a document of one column where a page has lines and gaps.
var separators = strings.NewReplacer("|", " ", "·", " ", "•", " ")

// checkWords compares what LibreOffice reads, word by word, with the page.
func checkWords(t *testing.T, file string, page shownPage) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Fields(readable(separators.Replace(strings.TrimPrefix(string(text), "\ufeff"))))
	want := strings.Fields(readable(separators.Replace(pageText(t, page.HTML))))
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			from := max(i-4, 0)
			t.Errorf("the texts part at word %d: %.200q, want %.200q", i, got[from:min(i+4, len(got))], want[from:min(i+4, len(want))])
			return
		}
	}
}

// pageText returns the text of a page's body, with a blank where an element separates words.
func pageText(t *testing.T, page []byte) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	inline := []string{"bdi", "a", "b", "i", "u", "strong", "em", "code", "span", "time", "wbr"}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		divides := n.Type == html.ElementNode && !slices.Contains(inline, n.Data)
		if n.Data == "head" {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if divides {
			b.WriteByte(' ')
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		if divides {
			b.WriteByte(' ')
		}
	}
	walk(doc)
	return b.String()
}

// checkLetters compares what LibreOffice reads with what the PDF holds, in its
// order: letters and digits, because lines of a page cut words in two. Where
// extraction from a PDF is not certain, the page has to do.
func checkLetters(t *testing.T, file, name string, pdf []byte) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if misread(string(text)) {
		return
	}
	path := saved(t, pdf)
	var all strings.Builder
	for i, page := range strings.Split(tool(t, "pdftotext", "-raw", "-enc", "UTF-8", path, "-"), "\f") {
		for j, line := range strings.SplitAfter(page, "\n") {
			if i > 0 && j < 2 && (runningNumber.MatchString(line) || strings.TrimSpace(line) == name) {
				continue // at the top of the page
			}
			all.WriteString(line)
		}
	}
	got, want := letters(strings.Map(noPicture, readable(string(text)))), letters(strings.Map(noPicture, readable(all.String())))
	if got != want {
		i := 0
		for i < min(len(got), len(want)) && got[i] == want[i] {
			i++
		}
		t.Errorf("at letter %d the document has %.60q, the PDF %.60q", i, got[max(i-20, 0):], want[max(i-20, 0):])
	}
}

var runningNumber = regexp.MustCompile(`\d+ / \d+\s*$`)

// checkPrinted looks at the pages that LibreOffice makes: their size, and the name
// and number at the foot of all but the first.
func checkPrinted(t *testing.T, file string, paper export.Paper) {
	t.Helper()
	info := tool(t, "pdfinfo", file)
	size := map[export.Paper]string{export.A4: "(A4)", export.Letter: "(letter)"}[paper]
	if !strings.Contains(info, size) {
		t.Errorf("the paper is not %s:\n%s", paper, info)
	}
	pages := strings.Split(strings.TrimSuffix(tool(t, "pdftotext", "-enc", "UTF-8", file, "-"), "\f"), "\f")
	for i, page := range pages {
		number := fmt.Sprintf("%d/%d", i+1, len(pages))
		if says := strings.HasSuffix(strings.ReplaceAll(readable(page), " ", ""), number); says != (i > 0) {
			t.Errorf("page %d of %d ends with %s: %t", i+1, len(pages), number, says)
		}
	}
}

var heading = regexp.MustCompile(`<h2 dir="auto">(.*?)</h2>`)

// checkOutline compares the headings that LibreOffice sees with the page's.
func checkOutline(t *testing.T, file string, page shownPage) {
	t.Helper()
	var doc struct{ Outlines []struct{ Title string } }
	if err := json.Unmarshal([]byte(tool(t, "qpdf", "--json=2", "--json-key=outlines", file)), &doc); err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, o := range doc.Outlines {
		got = append(got, readable(o.Title))
	}
	for _, m := range heading.FindAllSubmatch(page.HTML, -1) {
		want = append(want, readable(unescaped(string(m[1]))))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the headings are %q, want %q", got, want)
	}
}
