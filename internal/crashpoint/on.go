//go:build crashpoints

package crashpoint

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// armed is read from the environment once. Passes are counted per process.
var armed = sync.OnceValue(func() *arm { return parse(os.Getenv(Env)) })

type arm struct {
	point  string
	signal syscall.Signal

	mu   sync.Mutex
	left int // passes until the process ends
}

// Here ends the process if the point is armed and this is its pass. It does not return then.
func Here(point string) {
	a := armed()
	if a == nil || a.point != point {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.left--; a.left != 0 {
		return
	}
	fmt.Fprintf(os.Stderr, "%s%s\n", Reached, point)
	_ = syscall.Kill(os.Getpid(), a.signal)
	if a.signal == syscall.SIGKILL {
		select {} // wait for the signal: nothing may happen after this point
	}
}

// parse parses the variable. An invalid value arms nothing and is reported.
func parse(text string) *arm {
	if text == "" {
		return nil
	}
	a := &arm{signal: syscall.SIGKILL, left: 1}
	parts := strings.Split(text, ":")
	a.point = parts[0]
	if len(parts) > 1 {
		n, err := strconv.Atoi(parts[1])
		if err != nil || n < 1 {
			fmt.Fprintf(os.Stderr, "%s=%s cannot be read: give it as worker.after_blob:3\n", Env, text)
			return nil
		}
		a.left = n
	}
	if len(parts) > 2 && parts[2] == "stop" {
		a.signal = syscall.SIGSTOP
	}
	return a
}
