//go:build unix && !linux

package chrome

import (
	"errors"
	"os/exec"
	"syscall"
	"time"
)

// sysProcAttr starts Chrome in a new process group, under the given account. When this
// process dies, Chrome exits only because its pipe is closed.
func sysProcAttr(a *account, _ bool) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if a != nil {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid, Groups: []uint32{}}
	}
	return attr
}

// refusesOwnNetwork returns false: there are no network namespaces.
func refusesOwnNetwork(error) bool { return false }

// wait reaps the child, then calls end. There is no portable way to learn that a
// child ended without reaping it.
func wait(cmd *exec.Cmd, end func()) error {
	err := cmd.Wait()
	end()
	return err
}

// reapGroup waits until no member of a killed group is left.
func reapGroup(pgid int, limit time.Duration) {
	deadline := time.Now().Add(limit)
	for !errors.Is(syscall.Kill(-pgid, 0), syscall.ESRCH) && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond) // there is no event for the end of a group
	}
}

// groupMemory returns nil: memory is not measured on this system.
func groupMemory([]int) map[int]int64 { return nil }
