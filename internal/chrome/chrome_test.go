package chrome

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 3 && os.Args[1] == helperArg {
		os.Exit(helperMain())
	}
	for program, install := range map[string]string{
		"pdftotext": "apt-get install poppler-utils",
		"pdfinfo":   "apt-get install poppler-utils",
		"qpdf":      "apt-get install qpdf",
	} {
		if _, err := exec.LookPath(program); err != nil {
			fmt.Fprintf(os.Stderr, "these tests need %s: %s\n", program, install)
			os.Exit(1)
		}
	}
	if _, err := Find(""); err != nil {
		fmt.Fprintln(os.Stderr, "these tests need a browser:", err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// The test program doubles as a program with an engine that can be killed.
const helperArg = "engine-to-be-killed"

func helperMain() int {
	o := Options{Slots: 2, TempDir: os.Args[2]}
	if len(os.Args) > 4 {
		o.Binary = os.Args[4]
	}
	e, err := Start(context.Background(), o)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	if os.Args[3] == "reap" {
		return helperReap(e)
	}
	for e.Stats().Idle < 3 {
		if _, err := e.Print(context.Background(), Document{}); err != nil {
			fmt.Println(err)
			return 1
		}
	}
	fmt.Println("ready")
	_, _ = e.Print(context.Background(), slow())
	select {}
}

// patience bounds the wait for events that normally happen at once; the machine may
// be busy with other tests.
const patience = 30 * time.Second

// soon is a deadline for documents that never end. Other documents meet it even on a busy
// machine.
const soon = 5 * time.Second

// setup starts an engine. At the end of the test it closes the engine and checks that
// no process and no file is left.
func setup(t testing.TB, change func(*Options)) *Engine {
	t.Helper()
	o := Options{Slots: 1, TempDir: tempDir(t), Logger: logger(t), StartTimeout: 2 * patience}
	if change != nil {
		change(&o)
	}
	e, err := Start(t.Context(), o)
	if err != nil {
		t.Fatalf("starting: %v", err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
		checkNothingLeft(t, o.TempDir)
	})
	return e
}

// tempDir returns a temporary directory that Chrome's account can enter.
func tempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "chrome-test-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// logger writes to the test's log while the test runs.
func logger(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func checkNothingLeft(t testing.TB, dir string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left in the temporary directory: %v %v", left, err)
	}
	if pids := processesIn(dir); len(pids) > 0 {
		t.Errorf("left running: %v", pids)
	}
}

// processesIn lists the running processes started with dir in their environment
// or on their command line: the browsers of one test, with all their children.
func processesIn(dir string) []int {
	var pids []int
	entries, _ := filepath.Glob("/proc/[0-9]*")
	for _, entry := range entries {
		environ, _ := os.ReadFile(filepath.Join(entry, "environ"))
		cmdline, _ := os.ReadFile(filepath.Join(entry, "cmdline"))
		stat, _ := os.ReadFile(filepath.Join(entry, "stat"))
		pid, _ := strconv.Atoi(filepath.Base(entry))
		zombie := bytes.Contains(stat, []byte(") Z "))
		if pid != os.Getpid() && !zombie && bytes.Contains(append(environ, cmdline...), []byte(dir)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// eventually waits until ok returns true.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// full waits until all browsers of the engine have started.
func full(t testing.TB, e *Engine) {
	t.Helper()
	eventually(t, "all browsers are ready", func() bool { return e.Stats().Idle >= e.size() })
}

// size returns the number of browsers that the engine wants to have.
func (e *Engine) size() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.wanted()
}

func mustPrint(t testing.TB, e *Engine, d Document) []byte {
	t.Helper()
	pdf, err := e.Print(t.Context(), d)
	if err != nil {
		t.Fatalf("printing: %v", err)
	}
	return pdf
}

// run runs a program on the PDF, which stands for FILE among the arguments, and
// returns what it prints.
func run(t testing.TB, pdf []byte, program string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "printed.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	args = slices.Clone(args)
	args[slices.Index(args, "FILE")] = file
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

func text(t testing.TB, pdf []byte) string { t.Helper(); return run(t, pdf, "pdftotext", "FILE", "-") }

// info returns one line of pdfinfo.
func info(t testing.TB, pdf []byte, key string) string {
	t.Helper()
	for line := range strings.Lines(run(t, pdf, "pdfinfo", "FILE")) {
		if value, ok := strings.CutPrefix(line, key+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// poison overflows the stack of Chrome's style parser, which has no limit on nesting.
func poison() Document {
	const deep = 20_000
	return html("<style>" + strings.Repeat(":not(", deep) + "a" + strings.Repeat(")", deep) + "{}</style>")
}

func html(body string) Document {
	return Document{HTML: []byte("<!doctype html><meta charset=utf-8><title>t</title>" + body)}
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// slow returns a document whose layout takes seconds and cannot be interrupted.
func slow() Document { return html(strings.Repeat("x", 1_000_000)) }

func browsers(e *Engine) []*browser {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]*browser, 0, len(e.live))
	for b := range e.live {
		all = append(all, b)
	}
	return all
}
