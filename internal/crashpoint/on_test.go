//go:build crashpoints

package crashpoint

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

func TestMain(m *testing.M) {
	if os.Getenv(Env) != "" {
		for range 3 {
			Here("other.point")
			Here("some.point")
			os.Stdout.WriteString("passed\n")
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestHere_NthPass(t *testing.T) {
	for _, c := range []struct {
		armed  string
		passes int
	}{{"some.point", 0}, {"some.point:1", 0}, {"some.point:3", 2}, {"some.point:4", 3}, {"some.point:x", 3}, {"no.point", 3}} {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), Env+"="+c.armed)
		out, err := cmd.Output()
		if passes := strings.Count(string(out), "passed"); passes != c.passes {
			t.Errorf("%s: %d passes, want %d", c.armed, passes, c.passes)
		}
		var exit *exec.ExitError
		killed := errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
		if killed != (c.passes < 3) || killed && !strings.Contains(string(exit.Stderr), Reached+"some.point\n") {
			t.Errorf("%s: ended with %v", c.armed, err)
		}
	}
}
