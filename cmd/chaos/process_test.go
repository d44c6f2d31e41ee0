package main

import (
	"io"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// supervised runs a shell command under a supervisor.
func supervised(t *testing.T, script string) *process {
	t.Helper()
	p := &process{name: "test", program: "/bin/sh", args: []string{"-c", script}, log: filepath.Join(t.TempDir(), "log"), journal: checker.NewJournal(io.Discard)}
	t.Cleanup(func() {
		if err := p.stop(t.Context(), time.Minute); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return p
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("timed out waiting for: %s", what)
		case <-tick.C:
		}
	}
}

func TestProcess_RestartsAfterKill(t *testing.T) {
	p := supervised(t, "exec sleep 1000")
	p.start()
	eventually(t, "it runs", func() bool { return p.pid() != 0 })
	first := identify(p.pid())
	p.signal(syscall.SIGKILL)
	eventually(t, "it runs again", func() bool { return p.pid() != 0 && p.pid() != first.pid })
	if first.alive() {
		t.Error("the first life goes on")
	}
}

func TestProcess_ReportsCrashPoint(t *testing.T) {
	p := supervised(t, `case "$`+crashpoint.Env+`" in
		worker.after_claim:2) echo "`+crashpoint.Reached+`worker.after_claim" >&2; kill -9 $$;;
		esac; exec sleep 1000`)
	p.arm("worker.after_claim:2")
	p.start()
	eventually(t, "the point is noted", func() bool { return slices.Equal(p.points(), []string{"worker.after_claim"}) })
	eventually(t, "it runs without one", func() bool { return p.pid() != 0 && p.armedWith() == "" })
	// A second point is armed again, because the run ends for another reason.
	p.arm("worker.after_blob:1")
	p.signal(syscall.SIGKILL)
	eventually(t, "it runs with the other", func() bool { return p.pid() != 0 && p.armedWith() == "worker.after_blob:1" })
	p.signal(syscall.SIGKILL)
	eventually(t, "the other is armed once more", func() bool { return p.pid() != 0 && p.armedWith() == "worker.after_blob:1" })
	if points := p.points(); len(points) != 1 {
		t.Errorf("points reached: %q", points)
	}
}

func (p *process) armedWith() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.armed
}

func TestDescendants(t *testing.T) {
	p := supervised(t, "sh -c 'sleep 1000 & wait' & wait")
	p.start()
	// The shell, its subshell, and the subshell's command.
	eventually(t, "two generations", func() bool { return p.pid() != 0 && len(descendants(p.pid())) == 2 })
	for _, child := range descendants(p.pid()) {
		if err := syscall.Kill(child.pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
		eventually(t, "it is gone", func() bool { return !child.alive() })
	}
}
