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

// sysProcAttr puts Chrome into a process group of its own, under the given
// account, and ties its life to ours. With ownNetwork it also gets a network
// namespace of its own, which has no interface, so that not even a Chrome that
// was taken over reaches anything.
func sysProcAttr(a *account, ownNetwork bool) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if a != nil {
		// No groups: root's supplementary ones are dropped.
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid, Groups: []uint32{}}
	}
	if ownNetwork {
		attr.Cloneflags = syscall.CLONE_NEWNET
		if a == nil {
			// Without privileges a network namespace takes a user namespace, in
			// which we stay who we are.
			attr.Cloneflags |= syscall.CLONE_NEWUSER
			attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: os.Geteuid(), Size: 1}}
			attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}}
		}
	}
	return attr
}

// refusesOwnNetwork reports whether a start failed because a network namespace
// cannot be had here, as in many containers.
func refusesOwnNetwork(err error) bool {
	for _, e := range []error{unix.EPERM, unix.EACCES, unix.EINVAL, unix.ENOSPC, unix.ENOSYS, unix.EUSERS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// wait reaps the child after calling end. In that order: until it is reaped, its
// number, which end sends a signal to, cannot be given to anyone else.
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

// reapGroup waits until no member of a killed group runs any more, and reaps
// those that are ours. Where this process is the init of a container, the leader's
// children became ours when it died, and nobody else would reap them; elsewhere
// they are init's to reap, whenever it gets to it.
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
		time.Sleep(pause) // the kernel has no event for "the group is gone"
	}
}

// groupRuns reports whether any member of the group is more than a zombie.
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
// given process groups. The proportional set size would be more exact, but for a
// sandboxed process only root may read it; this is readable by anyone.
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
		// The second field is the program's name in brackets and may contain
		// anything; after it come state, parent and group.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(fields) < 3 {
			continue
		}
		if group, err := strconv.Atoi(string(fields[2])); err == nil {
			f(pid, group, fields[0][0])
		}
	}
}

// statusBytes returns a "Key:  123 kB" line of /proc/<pid>/status in bytes.
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
