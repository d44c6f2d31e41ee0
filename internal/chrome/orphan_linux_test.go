package chrome

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestOrphans_EndWithParent kills a program that has an engine, in the middle of a print. Its
// browsers must be gone at once, even one that is stopped, or that would go on without
// its pipe, and the next engine removes its directory.
func TestOrphans_EndWithParent(t *testing.T) {
	found, err := Find("")
	if err != nil {
		t.Fatal(err)
	}
	deaf := script(t, "#!/bin/sh\ntrap '' HUP\n"+found+` "$@"`+"\nexec sleep 1000\n")
	t.Parallel()
	for name, binary := range map[string]string{"running": found, "stopped": found, "deaf": deaf} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := tempDir(t)
			cmd := exec.Command(os.Args[0], helperArg, dir, "wait", binary)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			line, _ := bufio.NewReader(out).ReadString('\n')
			groups := map[int]bool{}
			eachProcess(func(pid string, group int, _ byte) {
				cmdline, _ := os.ReadFile("/proc/" + pid + "/cmdline")
				if strings.Contains(string(cmdline), "--user-data-dir="+dir) {
					groups[group] = true
				}
			})
			if name == "stopped" {
				for group := range groups {
					_ = syscall.Kill(-group, syscall.SIGSTOP)
				}
				// The kernel wakes the stopped members of a group that is orphaned, not
				// those that are only about to stop.
				eventually(t, "the browsers are stopped", func() bool {
					running := false
					eachProcess(func(_ string, group int, state byte) {
						running = running || groups[group] && !strings.ContainsRune("TtZX", rune(state))
					})
					return !running
				})
			}
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			if line != "ready\n" || len(groups) != 3 {
				t.Fatalf("the program said %q and had %d browsers", line, len(groups))
			}
			for group := range groups {
				eventually(t, "the browsers are gone", func() bool { return !groupRuns(group) })
			}

			left, _ := filepath.Glob(filepath.Join(dir, homePrefix+"*"))
			if len(left) != 1 {
				t.Fatalf("directories after the kill: %v", left)
			}
			setup(t, func(o *Options) { o.TempDir = dir; o.NoStandby = true })
			if _, err := os.Stat(left[0]); !os.IsNotExist(err) {
				t.Errorf("the directory of the dead is still there: %v", err)
			}
		})
	}
}

// TestOrphans_Reaped runs an engine in a program that inherits orphans, as the init process
// of a container does: nothing else would reap the children of a dead browser.
func TestOrphans_Reaped(t *testing.T) {
	t.Parallel()
	out, err := exec.Command(os.Args[0], helperArg, tempDir(t), "reap").CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func helperReap(e *Engine) int {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		fmt.Println(err)
		return 1
	}
	for _, b := range browsers(e) {
		_ = syscall.Kill(b.proc.pid(), syscall.SIGKILL)
		<-b.proc.done
	}
	if err := e.Close(); err != nil {
		fmt.Println(err)
		return 1
	}
	left := 0
	eachProcess(func(pid string, _ int, state byte) {
		stat, _ := os.ReadFile("/proc/" + pid + "/stat")
		if _, after, _ := strings.Cut(string(stat), ") "); strings.HasPrefix(after, fmt.Sprintf("%c %d ", state, os.Getpid())) {
			fmt.Println("left:", string(stat))
			left++
		}
	})
	return left
}

// TestSweep_SparesLiveProfiles: directories that are in use, new or owned by others stay.
func TestSweep_SparesLiveProfiles(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	e := setup(t, func(o *Options) { o.TempDir = dir; o.NoStandby = true })
	old := time.Now().Add(-2 * youngHome)
	if err := os.Chtimes(e.starter.home.path, old, old); err != nil {
		t.Fatal(err)
	}
	young := filepath.Join(dir, newPrefix+"1-young")
	file := filepath.Join(dir, homePrefix+"2-file")
	other := filepath.Join(dir, "other-3")
	foreign := filepath.Join(dir, homePrefix+"4-foreign")
	for _, path := range []string{young, other, foreign} {
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, other, foreign} {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	dead := []string{filepath.Join(dir, homePrefix+"5-dead"), filepath.Join(dir, newPrefix+"6-old")}
	for _, path := range dead {
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(dead[1], old, old); err != nil {
		t.Fatal(err)
	}
	spared := []string{e.starter.home.path, young, file, other}
	if os.Geteuid() == 0 {
		if err := os.Chown(foreign, 12345, 12345); err != nil {
			t.Fatal(err)
		}
		spared = append(spared, foreign)
	}
	sweepHomes(dir, logger(t))
	for _, path := range spared {
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("%s was swept: %v", path, err)
		}
		if path != e.starter.home.path {
			_ = os.RemoveAll(path)
		}
	}
	for _, path := range dead {
		if _, err := os.Lstat(path); !os.IsNotExist(err) {
			t.Errorf("%s was spared: %v", path, err)
		}
	}
	_ = os.RemoveAll(foreign)
	mustPrint(t, e, html("x"))
}
