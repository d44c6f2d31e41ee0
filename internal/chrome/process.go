package chrome

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// process is a running Chrome with all its children: a process group, a profile
// directory and two pipes. When the leader, Chrome's main process, ends, the goroutine
// of run kills the rest of the group, reaps it, closes the pipes, removes the profile
// and then closes done.
type process struct {
	cmd     *exec.Cmd
	pipe    *pipe
	stderr  *tail
	profile string
	done    chan struct{}

	mu     sync.Mutex
	killed bool  // kill was called
	ended  bool  // the leader has ended; the system may reuse the ID of the group
	err    error // how the leader ended, nil for exit status 0; read after done
}

// goneTimeout bounds the wait for a killed group to disappear. That takes
// milliseconds, unless a process is blocked in the kernel.
const goneTimeout = 5 * time.Second

// launch holds the arguments of startProcess.
type launch struct {
	binary  string
	args    []string
	env     []string
	profile string // removed by the process, also if it fails to start
	account *account
	// ownNetwork asks for a new network namespace, on systems that have them.
	ownNetwork bool
	maxData    int
	whole      bool
}

// startProcess starts Chrome. When it fails, it has removed the profile.
func startProcess(l launch) (*process, error) {
	toChrome, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	r, fromChrome, err := os.Pipe()
	if err != nil {
		_, _ = toChrome.Close(), w.Close()
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	p := &process{
		cmd:     exec.Command(l.binary, l.args...),
		pipe:    newPipe(r, w, l.maxData, l.whole),
		stderr:  &tail{},
		profile: l.profile,
		done:    make(chan struct{}),
	}
	p.cmd.Dir = l.profile
	p.cmd.Env = l.env
	p.cmd.Stderr = p.stderr
	p.cmd.ExtraFiles = []*os.File{toChrome, fromChrome} // file descriptors 3 and 4
	p.cmd.SysProcAttr = sysProcAttr(l.account, l.ownNetwork)
	// A process that left the group and holds stderr open must not block Wait.
	p.cmd.WaitDelay = time.Second

	started := make(chan error)
	go p.run(started)
	err = <-started
	_, _ = toChrome.Close(), fromChrome.Close()
	if err != nil {
		<-p.done
		return nil, err
	}
	return p, nil
}

// run starts the process, waits for it to end and cleans up. Linux sends the parent
// death signal when the thread that started the child ends, not the program, so this
// goroutine stays locked to its thread while the child runs.
func (p *process) run(started chan<- error) {
	defer close(p.done)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	err := p.cmd.Start()
	started <- err
	if err == nil {
		p.err = wait(p.cmd, p.end)
		reapGroup(p.pid(), goneTimeout)
	}
	p.pipe.close()
	_ = os.RemoveAll(p.profile)
}

// end kills the rest of the group after its leader has ended, and makes kill a no-op:
// from then on the system may reuse the ID of the group.
func (p *process) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = syscall.Kill(-p.pid(), syscall.SIGKILL)
	p.ended = true
}

// kill sends SIGKILL to the whole group. It does not wait; done is closed at the end.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.killed = true
	if !p.ended {
		_ = syscall.Kill(-p.pid(), syscall.SIGKILL)
	}
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// alive reports whether the process has neither ended nor been killed.
func (p *process) alive() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.killed && !p.ended
}

// exitCause returns how a leader that closed its pipe ended. It is an errKilled if a
// signal of another process was the cause. A later kill by this package does not change
// the result: the exit status is fixed before the files are closed. It may be called
// after done is closed.
func (p *process) exitCause() error {
	err := fmt.Errorf("it ended: %w", p.exitError())
	if p.cmd.ProcessState == nil {
		return err
	}
	status, _ := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	for _, s := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		// Chrome catches the catchable ones and exits with 128 plus the signal's number.
		if status.Signaled() && status.Signal() == s || status.Exited() && status.ExitStatus() == 128+int(s) {
			return fmt.Errorf("%w: %w", errKilled, err)
		}
	}
	return err
}

// exitError returns the exit status of the leader, also if it is 0. It may be called
// after done is closed.
func (p *process) exitError() error {
	if p.err != nil {
		return p.err
	}
	return errors.New("exit status 0")
}
