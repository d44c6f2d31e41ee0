//go:build !linux

package embedded

import (
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// setDeathSignal does nothing, because the kernel has no such signal. If this process is
// killed, Postgres continues to run until the next start on the same directory stops it.
func setDeathSignal(*syscall.SysProcAttr, syscall.Signal) {}

// isPostmaster reports whether pid is a Postgres server on dataDir, an absolute path without
// symbolic links. A zombie is none. An error means that this is unknown.
func isPostmaster(pid int, dataDir string) (bool, error) {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return false, nil // no such process
	}
	if err != nil {
		return false, fmt.Errorf("looking for a Postgres left behind: %w", err)
	}
	command := string(out)
	return strings.Contains(command, "postgres") && strings.Contains(command, "-D "+dataDir+" "), nil
}
