package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// pollInterval is the interval at which the state of a process that is not our child is
// polled.
const pollInterval = 10 * time.Millisecond

// pidFile is Postgres's postmaster.pid, with one value per line, which the server writes while
// it starts.
type pidFile struct {
	pid    int
	socket string // directory of the socket
	status string // "starting", "ready", "stopping", …
}

func (c *cluster) pidPath() string { return filepath.Join(c.data(), "postmaster.pid") }

// readPidFile reads the pid file in the data directory. If it is missing or incomplete, there
// is no server.
func (c *cluster) readPidFile() (pidFile, error) {
	b, err := os.ReadFile(c.pidPath())
	if errors.Is(err, fs.ErrNotExist) {
		return pidFile{}, nil
	}
	if err != nil {
		return pidFile{}, fmt.Errorf("reading the pid file of Postgres: %w", err)
	}
	lines := strings.Split(string(b), "\n")
	line := func(number int) string {
		if number > len(lines) {
			return ""
		}
		return strings.TrimSpace(lines[number-1])
	}
	pid, err := strconv.Atoi(line(1))
	if err != nil || pid <= 0 {
		return pidFile{}, nil
	}
	return pidFile{pid: pid, socket: line(5), status: line(8)}, nil
}

// stopOrphan stops a server that an earlier holder of the lock left running when it ended, and
// cleans up after a server that is dead. The caller holds the lock, so no other process uses
// such a server.
func (c *cluster) stopOrphan(ctx context.Context) error {
	left, err := c.readPidFile()
	if err != nil || left.pid == 0 {
		return err
	}
	alive := func() bool {
		is, err := isPostmaster(left.pid, c.data())
		return is && err == nil
	}
	running, err := isPostmaster(left.pid, c.data())
	if err != nil {
		return err
	}
	if running {
		c.options.Logger.Warn("stopping a Postgres that an earlier run left running", "pid", left.pid, "dir", c.dir)
		signal := func(sig syscall.Signal) error { return syscall.Kill(left.pid, sig) }
		if err := stop(signal, waitUntilNot(ctx, alive), c.options.Logger); err != nil {
			return fmt.Errorf("stopping the Postgres left behind by an earlier run (pid %d): %w", left.pid, err)
		}
		if alive() {
			return fmt.Errorf("stopping the Postgres left behind by an earlier run (pid %d): %w", left.pid, context.Cause(ctx))
		}
	}
	if err := removeLeftSocketDir(left.socket); err != nil {
		c.options.Logger.Warn("could not remove the socket directory of an earlier Postgres", "dir", left.socket, "error", err)
	}

	// Another process may have the pid now, which is likely in containers, and Postgres would
	// take it for a running server. If no process has it, the file must stay: Postgres finds
	// remaining backends through it.
	if now, err := c.readPidFile(); err != nil || now.pid == 0 {
		return err
	}
	if errors.Is(syscall.Kill(left.pid, 0), syscall.ESRCH) {
		return nil
	}
	if err := os.Remove(c.pidPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the stale pid file of Postgres: %w", err)
	}
	return nil
}
