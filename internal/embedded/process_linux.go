package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// setDeathSignal makes the kernel send sig to the child when the thread that started it ends.
func setDeathSignal(attr *syscall.SysProcAttr, sig syscall.Signal) {
	attr.Pdeathsig = sig
}

// isPostmaster reports whether pid is a Postgres server on dataDir, an absolute path without
// symbolic links. A zombie is none. An error means that this is unknown.
func isPostmaster(pid int, dataDir string) (bool, error) {
	proc := fmt.Sprintf("/proc/%d", pid)
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		return false, fmt.Errorf("looking for a Postgres left behind: %w", err)
	}
	// A server's working directory is its data directory. Its program may have been replaced
	// by an upgrade ("… (deleted)").
	exe, exeErr := os.Readlink(filepath.Join(proc, "exe"))
	cwd, cwdErr := os.Readlink(filepath.Join(proc, "cwd"))
	if err := errors.Join(exeErr, cwdErr); err != nil {
		// The process has ended, or belongs to a user who has no access to our data directory.
		return false, nil
	}
	return strings.HasPrefix(filepath.Base(exe), "postgres") && cwd == dataDir, nil
}
