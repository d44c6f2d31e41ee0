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

// process is one running Chrome with all its children: a process group, a
// profile directory and two pipes. When it ends, for whatever reason, its
// goroutine kills what is left of the group, reaps it, closes the pipes, removes
// the profile, and only then closes done.
type process struct {
	cmd     *exec.Cmd
	pipe    *pipe
	stderr  *tail
	profile string
	done    chan struct{}

	mu     sync.Mutex
	killed bool  // kill was called: it dies, or is dead
	ended  bool  // the leader is dead; the group's number may be anyone's soon
	err    error // how the leader ended, nil for exit status 0; read after done
}

// goneTimeout bounds the wait for a killed group to disappear. The kernel does
// it in milliseconds, unless a process is stuck in the kernel itself.
const goneTimeout = 5 * time.Second

// launch is what startProcess needs to know.
type launch struct {
	binary  string
	args    []string
	env     []string
	profile string // owned by the process from now on, also when it fails to start
	account *account
	// ownNetwork asks for a network namespace, where there is such a thing.
	ownNetwork bool
	maxData    int
	whole      bool
}

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
	p.cmd.ExtraFiles = []*os.File{toChrome, fromChrome} // become 3 and 4
	p.cmd.SysProcAttr = sysProcAttr(l.account, l.ownNetwork)
	// A member of the group that escaped its SIGKILL cannot keep Wait from
	// returning by holding stderr open.
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

// run starts the process and stays with it to the end. Linux sends the parent
// death signal when the thread that started the child ends, not the program, so
// this goroutine keeps its thread to itself for as long as the child lives.
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

// end kills what the leader left behind, and makes kill a no-op: from here on
// the group's number may be given to someone else.
func (p *process) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = syscall.Kill(-p.pid(), syscall.SIGKILL)
	p.ended = true
}

// kill ends the whole group at once. It does not wait: done does.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.killed = true
	if !p.ended {
		_ = syscall.Kill(-p.pid(), syscall.SIGKILL)
	}
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// alive reports whether it neither ended nor was killed.
func (p *process) alive() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.killed && !p.ended
}

// death returns how a leader ended that hung up by itself; it is an errKilled when
// somebody else's signal was the reason. A kill of ours that came after it does not
// show: how a process ends is settled before it closes its files. It may be called
// after done.
func (p *process) death() error {
	err := fmt.Errorf("it ended: %w", p.exitError())
	if p.cmd.ProcessState == nil {
		return err
	}
	status, _ := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	for _, s := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		// Chrome catches those it can and ends as a shell would report it.
		if status.Signaled() && status.Signal() == s || status.Exited() && status.ExitStatus() == 128+int(s) {
			return fmt.Errorf("%w: %w", errKilled, err)
		}
	}
	return err
}

// exitError returns how the leader ended. It may be called after done.
func (p *process) exitError() error {
	if p.err != nil {
		return p.err
	}
	return errors.New("exit status 0")
}
