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

// toolWaitDelay is how long a program that has ended may leave its output open in a child of its own.
const toolWaitDelay = 5 * time.Second

// process is a child process. One goroutine owns it from its start until it has been reaped.
type process struct {
	pid  int
	cmd  *exec.Cmd
	done chan struct{} // closed once reaped
	err  error         // how it ended; read only after done
}

// startProcess starts cmd in a process group of its own, so that Ctrl-C on a terminal reaches only us and we decide
// when the child ends. Where the kernel offers it, the child receives onDeath when this process dies.
//
// The kernel ties that signal to the thread that started the child, not to the process: a thread that Go retires
// early would take a healthy child with it. So the owning goroutine keeps its thread until the child has ended.
func startProcess(cmd *exec.Cmd, who account, onDeath syscall.Signal) (*process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: who.credential()}
	setDeathSignal(cmd.SysProcAttr, onDeath)
	cmd.Env = childEnvironment()
	if cmd.Dir == "" {
		// Our own working directory may be closed to the child's account.
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

// signal sends sig to the process itself; one that has already ended is no error.
func (p *process) signal(sig syscall.Signal) error {
	err := p.cmd.Process.Signal(sig)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// runTool runs a short-lived program to its end as the given account and returns what it printed. Its whole process
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

// childEnvironment is all that Postgres gets to see of our environment: nothing. In particular no PG* variable meant
// for a client, no secret, and messages in English, which this package reads. TZ makes timestamps in its log UTC.
func childEnvironment() []string {
	return []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
}
