package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// process is one role with a supervisor that restarts it whenever it ends, as a container
// platform does.
type process struct {
	name    string
	program string
	args    []string
	env     []string
	log     string // file with the output of all runs
	journal *checker.Journal

	mu      sync.Mutex
	cmd     *exec.Cmd // nil while it does not run
	born    time.Time
	wanted  bool
	struck  bool      // this run was ended by the harness
	arms    []string  // crash points for the next runs
	armed   string    // the crash point of this run
	reached []string  // crash points that ended a run
	lives   []procID  // all processes so far
	ended   chan bool // closed when the supervisor has ended
}

// Pauses before a restart: after a run, and after a failed start.
const (
	restartPause = 200 * time.Millisecond
	retryPause   = 700 * time.Millisecond
)

// start starts the supervisor.
func (p *process) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wanted, p.ended = true, make(chan bool)
	go p.supervise(p.ended)
}

// supervise locks its thread: Linux kills a child when the thread that started it ends, so all
// children end if this program is killed.
func (p *process) supervise(ended chan bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(ended)
	for {
		wait, err := p.launch()
		if err != nil {
			p.journal.Say("%s could not be started: %v", p.name, err)
		}
		if wait == nil {
			return
		}
		lived := wait()
		pause := restartPause
		if lived < 2*time.Second {
			pause = retryPause
		}
		time.Sleep(pause)
	}
}

// launch starts one run and returns a function that waits for its end, or nil if the
// supervisor is to stop.
func (p *process) launch() (wait func() time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.wanted {
		return nil, nil
	}
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }() // the child has its own descriptor
	seek, err := out.Seek(0, 2)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(p.program, p.args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = p.env, out, out
	p.armed = ""
	if len(p.arms) > 0 {
		p.armed, p.arms = p.arms[0], p.arms[1:]
		cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], crashpoint.Env+"="+p.armed)
	}
	cmd.SysProcAttr = childAttributes()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p.cmd, p.born, p.struck = cmd, time.Now(), false
	p.lives = append(p.lives, identify(cmd.Process.Pid))
	return func() time.Duration { return p.reap(cmd, seek) }, nil
}

// reap waits for the end of a run and records why it ended.
func (p *process) reap(cmd *exec.Cmd, seek int64) time.Duration {
	err := cmd.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd = nil
	if strings.HasPrefix(p.name, "api") {
		p.journal.Disturbed(time.Now().Add(-time.Second), time.Now())
	}
	if strings.HasPrefix(p.name, "worker") {
		// A message that it had received but not claimed is delivered again after the stream's
		// own timeout.
		p.journal.Broke(time.Now().Add(-time.Second), time.Now())
	}
	point := reachedPoint(p.log, seek)
	switch {
	case point != "":
		p.reached = append(p.reached, point)
		p.journal.Say("%s killed itself at %s", p.name, point)
	case p.armed != "" && p.wanted:
		p.arms = append([]string{p.armed}, p.arms...) // the run ended for another reason, so the crash point is armed again
	}
	if point == "" && !p.struck && p.wanted {
		p.journal.Say("%s ended by itself (%s): %s", p.name, exitText(err), lastLine(p.log))
	}
	return time.Since(p.born)
}

func exitText(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}

// pid returns the id of the running process, or 0.
func (p *process) pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

// age returns how long the process has been running.
func (p *process) age() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	return time.Since(p.born)
}

// signal sends a signal to the process if it is running.
func (p *process) signal(sig syscall.Signal) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return false
	}
	if sig == syscall.SIGKILL || sig == syscall.SIGTERM {
		p.struck = true
	}
	return p.cmd.Process.Signal(sig) == nil
}

// arm makes the next run end at a crash point.
func (p *process) arm(point string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arms = append(p.arms, point)
}

// disarm removes the crash points of future runs. If the current run has one, the caller
// restarts it.
func (p *process) disarm() (armed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arms = nil
	armed, p.armed = p.armed != "", ""
	return armed
}

// points returns the crash points that ended a run.
func (p *process) points() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.reached...)
}

// stopAs ends the process with a signal that it cannot handle; start restarts it.
func (p *process) stopAs(ctx context.Context, sig syscall.Signal) error {
	p.mu.Lock()
	p.wanted = false
	ended := p.ended
	p.mu.Unlock()
	_ = p.signal(sig)
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stop stops the supervisor and the process with SIGTERM. It fails if the process takes longer
// than patience.
func (p *process) stop(ctx context.Context, patience time.Duration) error {
	p.mu.Lock()
	p.wanted = false
	ended := p.ended
	p.mu.Unlock()
	if ended == nil {
		return nil
	}
	_ = p.signal(syscall.SIGCONT)
	_ = p.signal(syscall.SIGTERM)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-ended:
		return nil
	case <-timer.C:
	case <-ctx.Done():
	}
	_ = p.signal(syscall.SIGKILL)
	<-ended
	return fmt.Errorf("%s did not stop within %s", p.name, patience)
}

// once runs the program to its end and returns its output.
func once(ctx context.Context, program string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env, cmd.SysProcAttr = env, childAttributes()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("%s %s: %w: %s", filepath.Base(program), args[0], err, bytes.TrimSpace(out))
	}
	return string(out), nil
}

// reachedPoint returns the crash point that the log names after the offset.
func reachedPoint(log string, since int64) string {
	text, err := tail(log, since)
	if err != nil {
		return ""
	}
	_, rest, found := strings.Cut(text, crashpoint.Reached)
	if !found {
		return ""
	}
	point, _, _ := strings.Cut(rest, "\n")
	return point
}

func lastLine(log string) string {
	text, err := tail(log, -1)
	if err != nil {
		return "no log"
	}
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// tail reads a file from an offset, at most its last 64 KB.
func tail(path string, since int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // nothing was written
	size, err := f.Seek(0, 2)
	if err != nil {
		return "", err
	}
	from := max(since, size-64<<10, 0)
	data := make([]byte, size-from)
	n, err := f.ReadAt(data, from)
	if n < len(data) {
		return "", errors.Join(err, fmt.Errorf("reading %s", path))
	}
	return string(data), nil
}
