package chrome

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// sysProcAttr starts Chrome in a new process group, under the given account, and has
// it killed when this process ends. With ownNetwork Chrome also gets a new network
// namespace without any interface, so that even a compromised Chrome has no network.
func sysProcAttr(a *account, ownNetwork bool) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if a != nil {
		// Drop root's supplementary groups.
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid, Groups: []uint32{}}
	}
	if ownNetwork {
		attr.Cloneflags = syscall.CLONE_NEWNET
		if a == nil {
			// Without privileges a network namespace requires a user namespace. It
			// maps the current user and group to themselves.
			attr.Cloneflags |= syscall.CLONE_NEWUSER
			attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: os.Geteuid(), Size: 1}}
			attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}}
		}
	}
	return attr
}

// refusesOwnNetwork reports whether a start failed because the system does not permit
// a new network namespace, as in many containers.
func refusesOwnNetwork(err error) bool {
	for _, e := range []error{unix.EPERM, unix.EACCES, unix.EINVAL, unix.ENOSPC, unix.ENOSYS, unix.EUSERS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// wait waits for the child to end, calls end, and then reaps the child. Until it is
// reaped the system does not reuse its process ID, which end sends a signal to.
func wait(cmd *exec.Cmd, end func()) error {
	for {
		err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	end()
	return cmd.Wait()
}

// reapGroup waits until no member of a killed group runs any more, and reaps those that
// are children of this process. If this process is the init of a container, the
// leader's children become its children when the leader dies, and nothing else would
// reap them; otherwise init does.
func reapGroup(pgid int, limit time.Duration) {
	deadline := time.Now().Add(limit)
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		running := groupRuns(pgid)
		for {
			pid, err := unix.Wait4(-pgid, nil, unix.WNOHANG, nil)
			if pid <= 0 && !errors.Is(err, unix.EINTR) {
				break
			}
		}
		if !running || time.Now().After(deadline) {
			return
		}
		time.Sleep(pause) // the kernel has no event for the end of a group
	}
}

// groupRuns reports whether the group has a member that is not a zombie.
func groupRuns(pgid int) bool {
	if errors.Is(unix.Kill(-pgid, 0), unix.ESRCH) {
		return false
	}
	runs := false
	eachProcess(func(_ string, group int, state byte) {
		runs = runs || group == pgid && state != 'Z' && state != 'X'
	})
	return runs
}

// groupMemory returns the private resident memory, in bytes, of each of the
// given process groups. The proportional set size would be more exact, but only root
// may read it for a sandboxed process.
func groupMemory(pgids []int) map[int]int64 {
	sum := make(map[int]int64, len(pgids))
	for _, g := range pgids {
		sum[g] = 0
	}
	eachProcess(func(pid string, group int, _ byte) {
		if _, ours := sum[group]; !ours {
			return
		}
		status, err := os.ReadFile("/proc/" + pid + "/status")
		if err != nil {
			return // it ended meanwhile
		}
		sum[group] += statusBytes(status, "RssAnon:") + statusBytes(status, "RssShmem:")
	})
	return sum
}

// eachProcess calls f for every process of the machine with its group and state.
func eachProcess(f func(pid string, group int, state byte)) {
	proc, err := os.Open("/proc")
	if err != nil {
		return
	}
	names, _ := proc.Readdirnames(-1)
	_ = proc.Close()
	for _, pid := range names {
		if pid[0] < '0' || pid[0] > '9' {
			continue
		}
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil {
			continue // it ended meanwhile
		}
		// The second field is the program's name in parentheses and may contain any
		// character; state, parent and group follow it.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(fields) < 3 {
			continue
		}
		if group, err := strconv.Atoi(string(fields[2])); err == nil {
			f(pid, group, fields[0][0])
		}
	}
}

// statusBytes returns the value, in bytes, of a "Key:  123 kB" line of
// /proc/<pid>/status.
func statusBytes(status []byte, key string) int64 {
	_, rest, ok := bytes.Cut(status, []byte("\n"+key))
	if !ok {
		return 0
	}
	fields := bytes.Fields(rest[:max(0, bytes.IndexByte(rest, '\n'))])
	if len(fields) == 0 {
		return 0
	}
	kb, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		return 0
	}
	return kb << 10
}
