package embedded

import (
	"os/exec"
	"testing"
)

// A released lock must be free at once, even while other goroutines start processes, which
// copies its descriptor.
func TestLock_FreeWhileOthersFork(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	forking := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-forking:
				return
			default:
				_ = exec.Command("true").Run()
			}
		}
	}()
	for range 2000 {
		l, err := lockDir(dir, "lock")
		if err != nil {
			t.Error(err)
			break
		}
		if err := l.release(); err != nil {
			t.Error(err)
			break
		}
	}
	close(forking)
	<-done
}
