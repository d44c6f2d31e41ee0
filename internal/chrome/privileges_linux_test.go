package chrome

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
)

// TestBrowser_InheritsNothing: neither root, nor groups, capabilities or
// environment; also without Chrome's own sandbox.
func TestBrowser_InheritsNothing(t *testing.T) {
	t.Setenv("LETRAZ_CANARY", "CANARY")
	uid := os.Geteuid()
	if uid == 0 {
		nobody, err := user.Lookup("nobody")
		if err != nil {
			t.Fatal(err)
		}
		uid = atoi(nobody.Uid)
	}
	found, err := Find("")
	if err != nil {
		t.Fatal(err)
	}
	dir := tempDir(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	// Chrome overwrites its environment as shown in /proc.
	binary := script(t, "#!/bin/sh\nenv >"+dir+"/env\nexec "+found+` "$@"`+"\n")
	for _, noSandbox := range []bool{false, true} {
		e := setup(t, func(o *Options) { o.Binary = binary; o.NoStandby = true; o.NoSandbox = noSandbox })
		environ, err := os.ReadFile(filepath.Join(dir, "env"))
		if err != nil || !strings.Contains(string(environ), "HOME="+e.o.TempDir) || strings.Contains(string(environ), "CANARY") {
			t.Errorf("the environment is\n%s%v", environ, err)
		}
		leader, processes := next(e).proc.pid(), 0
		eachProcess(func(pid string, group int, state byte) {
			if group != leader || state == 'Z' {
				return
			}
			status, _ := os.ReadFile("/proc/" + pid + "/status")
			if len(status) == 0 {
				return // it ended meanwhile
			}
			processes++
			if !strings.Contains(string(status), fmt.Sprintf("\nUid:\t%[1]d\t%[1]d\t%[1]d\t%[1]d\n", uid)) {
				t.Errorf("process %s is not of account %d:\n%s", pid, uid, status)
			}
			if group == atoi(pid) && line(status, "CapEff:") != "0000000000000000" {
				t.Errorf("the browser has capabilities %s", line(status, "CapEff:"))
			}
		})
		if processes < 3 {
			t.Errorf("the browser has %d processes", processes)
		}
		own, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", leader))
		if err != nil || !strings.HasPrefix(own, e.o.TempDir) {
			t.Errorf("the browser is in %s: %v", own, err)
		}
	}
}

// line returns what follows a key in /proc/<pid>/status.
func line(status []byte, key string) string {
	_, rest, _ := strings.Cut(string(status), "\n"+key)
	value, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(value)
}

// TestBrowser_NetworkNamespace: the engine uses network namespaces exactly if the kernel
// permits them to any program.
func TestBrowser_NetworkNamespace(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.NoStandby = true })
	probe := exec.Command("/bin/true")
	probe.SysProcAttr = sysProcAttr(e.starter.home.as, true)
	allowed := probe.Run() == nil
	ours, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	its, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", next(e).proc.pid()))
	if err != nil {
		t.Fatal(err)
	}
	if own := its != ours; own != allowed || own != e.starter.ownNetwork {
		t.Errorf("the browser has a network of its own: %v; the kernel allows it: %v; the engine asks for it: %v", own, allowed, e.starter.ownNetwork)
	}
}

// TestBrowser_Groups tests the attributes only: the account that runs these tests may
// have no supplementary groups.
func TestBrowser_Groups(t *testing.T) {
	t.Parallel()
	as := sysProcAttr(&account{uid: 1, gid: 2}, false).Credential
	if as == nil || as.Uid != 1 || as.Gid != 2 || as.NoSetGroups || len(as.Groups) != 0 {
		t.Errorf("it runs as %+v", as)
	}
}
