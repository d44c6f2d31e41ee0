package embedded

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// listeningSockets returns the number of listening TCP sockets of a process.
func listeningSockets(t *testing.T, pid int) int {
	t.Helper()
	const listening = "0A"
	inodes := map[string]bool{}
	for _, table := range []string{"tcp", "tcp6"} {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			if fields := strings.Fields(line); len(fields) > 9 && fields[3] == listening {
				inodes["socket:["+fields[9]+"]"] = true
			}
		}
	}
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, entry := range entries {
		if target, err := os.Readlink(dir + "/" + entry.Name()); err == nil && inodes[target] {
			n++
		}
	}
	return n
}
