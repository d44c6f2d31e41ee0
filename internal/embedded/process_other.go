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

// setDeathSignal does nothing: without support from the kernel a Postgres outlives a killed process, and the next start
// on the same directory stops it.
func setDeathSignal(*syscall.SysProcAttr, syscall.Signal) {}

// isPostmaster reports whether pid is a Postgres server on dataDir, an absolute path without symbolic links. A zombie
// is not one. The error means that it cannot be told.
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
