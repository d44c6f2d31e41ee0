package render

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
)

// readFile is a sample printed in a template, with what readers extract.
type readFile struct {
	sample, template string
	source           []byte
	document         *document.Document
	runOn            bool
	texts            map[string]string // by reader
}

func (f readFile) String() string { return f.sample + "/" + f.template }

// readerNames lists the programs that read the samples, in the order of the tables.
var readerNames = []string{"poppler", "poppler-raw", "mupdf", "pdfbox", "pypdf", "pdfminer", "pdfjs"}

// javaPath holds BeanShell and PDFBox, where Debian installs them.
const javaPath = "/usr/share/java/bsh.jar:/usr/share/java/pdfbox2.jar:/usr/share/java/fontbox2.jar:/usr/share/java/commons-logging.jar"

var readOnce struct {
	sync.Mutex
	files []readFile
}

// readSamples returns every sample in every template as each reader reads it. The
// readers start once for all files, except poppler and MuPDF, which start fast.
func readSamples(t *testing.T) []readFile {
	t.Helper()
	readOnce.Lock()
	defer readOnce.Unlock()
	if readOnce.files != nil {
		return readOnce.files
	}
	dir := t.TempDir()
	files := printSamples(t, dir)
	runReaders(t, dir)
	readTexts(t, dir, files)
	readOnce.files = files
	return files
}

// runReaders writes the text of each PDF of a directory as each reader reads it.
func runReaders(t *testing.T, dir string) {
	t.Helper()
	var wg sync.WaitGroup
	for _, run := range []func() error{
		func() error { return eachFile(dir, "poppler", "pdftotext", "-enc", "UTF-8") },
		func() error { return eachFile(dir, "poppler-raw", "pdftotext", "-raw", "-enc", "UTF-8") },
		func() error { return eachFile(dir, "mupdf", "mutool", "draw", "-q", "-F", "txt", "-o") },
		func() error {
			return program("java", "-cp", javaPath, "bsh.Interpreter", "testdata/readers/read.bsh", dir)
		},
		func() error { return program("/usr/bin/python3", "testdata/readers/read.py", "pypdf", dir) },
		func() error { return program("/usr/bin/python3", "testdata/readers/read.py", "pdfminer", dir) },
		func() error { return program("node", "testdata/readers/read.cjs", dir) },
	} {
		wg.Go(func() {
			if err := run(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// readTexts sets the texts of the files from those of a directory.
func readTexts(t *testing.T, dir string, files []readFile) {
	t.Helper()
	for _, f := range files {
		for _, name := range readerNames {
			text, err := os.ReadFile(base(dir, f) + "." + name + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			f.texts[name] = string(text)
		}
	}
}

func base(dir string, f readFile) string { return filepath.Join(dir, f.sample+"."+f.template) }

// printSamples writes the PDFs to a directory.
func printSamples(t *testing.T, dir string) []readFile {
	t.Helper()
	var files []readFile
	for _, s := range allSamples(t) {
		for _, tm := range html.Templates() {
			a := renderIn(t, sampleResume(t, s), tm.Name, export.A4)
			f := readFile{sample: s.Slug, template: tm.Name, source: s.JSON, document: a.Document, runOn: tm.RunOn, texts: map[string]string{}}
			if err := os.WriteFile(base(dir, f)+".pdf", a.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
	}
	return files
}

// eachFile runs a program for each file of a directory. It takes the file and the name
// of the text to write, the latter first if its arguments end with -o.
func eachFile(dir, reader string, args ...string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		text := strings.TrimSuffix(path, "pdf") + reader + ".txt"
		names := []string{path, text}
		if args[len(args)-1] == "-o" {
			names = []string{text, path}
		}
		if err := program(args[0], append(args[1:len(args):len(args)], names...)...); err != nil {
			return err
		}
	}
	return nil
}

// program runs a program to its end.
func program(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%s is missing; make setup installs the readers: %w", name, err)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, args, err, out)
	}
	return nil
}
