package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// toolWaitDelay is how long to wait for the output of a program that has ended: a child of it
// may keep the output open.
const toolWaitDelay = 5 * time.Second

// process is a child process. One goroutine owns it from its start until it is reaped.
type process struct {
	pid  int
	cmd  *exec.Cmd
	done chan struct{} // closed once reaped
	err  error         // how it ended; read only after done
}

// startProcess starts cmd in its own process group, so that Ctrl-C in a terminal reaches only
// this process, which then stops the child. Where the kernel supports it, the child receives
// onDeath when this process ends.
//
// The kernel sends that signal when the thread that started the child ends, not the process,
// and Go may end a thread at any time. So the owning goroutine locks its thread until the
// child has ended.
func startProcess(cmd *exec.Cmd, who account, onDeath syscall.Signal) (*process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: who.credential()}
	setDeathSignal(cmd.SysProcAttr, onDeath)
	cmd.Env = childEnvironment()
	if cmd.Dir == "" {
		// The child's account may have no access to our working directory.
		cmd.Dir = "/"
	}

	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		p.pid = cmd.Process.Pid
		started <- nil
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// signal sends sig to the process. A process that has ended is no error.
func (p *process) signal(sig syscall.Signal) error {
	err := p.cmd.Process.Signal(sig)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// runTool runs a short-lived program under the account and returns its output. Its process
// group is killed when ctx ends.
func runTool(ctx context.Context, who account, cmd *exec.Cmd) (string, error) {
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.WaitDelay = toolWaitDelay
	p, err := startProcess(cmd, who, syscall.SIGKILL)
	if err != nil {
		return "", err
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		_ = syscall.Kill(-p.pid, syscall.SIGKILL)
		<-p.done
		return output.String(), context.Cause(ctx)
	}
	if p.err != nil {
		return output.String(), fmt.Errorf("%w: %s", p.err, lastLines(output.String()))
	}
	return output.String(), nil
}

// childEnvironment is the environment of Postgres; nothing is inherited. Therefore it has no
// PG* variables meant for clients and no secrets, and its messages, which this package reads,
// are in English. TZ makes the timestamps in its log UTC.
func childEnvironment() []string {
	return []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
}
