package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// asProgram is an environment variable that makes the test binary run as the program, for tests
// that signal or kill a process.
const asProgram = "TEST_AS_LETRAZ_EXPORT"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(runMain())
	}
	os.Exit(testenv.Main(m))
}

// call runs a command in this process and returns what it printed.
func call(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	// A limit, for commands that should have failed but run.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	status = run(ctx, args, strings.NewReader(""), &out, &errs)
	return status, out.String(), errs.String()
}

// must runs a command, which must succeed, and returns its output.
func must(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errs := call(t, args...)
	if status != 0 {
		t.Fatalf("letraz-export %s: status %d\n%s", strings.Join(args, " "), status, errs)
	}
	return out
}

// dataDir returns a directory that the accounts of Postgres and Chrome may enter.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := testenv.ReachableDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The private Postgres of a killed serve may still be ending.
		testenv.Eventually(t, "its data is removed", func() bool { return os.RemoveAll(dir) == nil })
	})
	return dir
}

// program is a letraz-export process.
type program struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
	mu   sync.Mutex
	log  bytes.Buffer
}

// start starts the program and waits until its log contains ready.
func start(t *testing.T, ready string, args ...string) *program {
	t.Helper()
	p := &program{cmd: exec.Command(os.Args[0], args...), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	isReady := make(chan struct{})
	go func() {
		defer close(p.done)
		seen := false
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			p.mu.Lock()
			p.log.WriteString(lines.Text() + "\n")
			p.mu.Unlock()
			if !seen && strings.Contains(lines.Text(), ready) {
				seen = true
				close(isReady)
			}
		}
		_ = p.cmd.Wait() // ProcessState has the status
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // fails if it has ended already
		<-p.done
	})
	select {
	case <-isReady:
	case <-p.done:
		t.Fatalf("%v ended before it was ready:\n%s", args, p.output())
	case <-time.After(time.Minute):
		t.Fatalf("%v was not ready within a minute:\n%s", args, p.output())
	}
	return p
}

func (p *program) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// stop sends the signal and waits until the process has ended.
func (p *program) stop(t *testing.T, sig syscall.Signal) *os.ProcessState {
	t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.done:
	case <-time.After(time.Minute):
		t.Fatalf("it did not end within a minute:\n%s", p.output())
	}
	return p.cmd.ProcessState
}

// descendants returns the descendants of pid, read from /proc.
func descendants(t *testing.T, pid int) []int {
	t.Helper()
	children := map[int][]int{}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range stats {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // the process has ended
		}
		var id, parent int
		head, rest, _ := strings.Cut(string(data), " (")
		_, rest, _ = strings.Cut(rest[strings.LastIndex(rest, ")"):], " ")
		fields := strings.Fields(rest)
		if json.Unmarshal([]byte(head), &id) != nil || json.Unmarshal([]byte(fields[1]), &parent) != nil {
			t.Fatalf("cannot read %s", file)
		}
		children[parent] = append(children[parent], id)
	}
	var all []int
	for next := children[pid]; len(next) > 0; {
		all = append(all, next...)
		var below []int
		for _, c := range next {
			below = append(below, children[c]...)
		}
		next = below
	}
	return all
}

// gone waits until none of the processes runs.
func gone(t *testing.T, pids []int) {
	t.Helper()
	testenv.Eventually(t, "every process has ended", func() bool {
		for _, pid := range pids {
			if alive(pid) {
				return false
			}
		}
		return true
	})
}

// alive reports whether the process runs. A zombie does not.
func alive(pid int) bool {
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err == nil && !strings.Contains(string(data), ") Z ")
}
