package main

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// pseudoTerminal returns a terminal of 100 columns, and a function that closes it and returns
// what was written to it.
func pseudoTerminal(t *testing.T) (tty *os.File, written func() string) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = master.Close() })
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 30, Col: 100})
	}
	if err != nil {
		t.Fatal(err)
	}
	if tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(&out, master) // it ends with EIO when the terminal is closed
	}()
	return tty, func() string {
		_ = tty.Close()
		<-read
		return out.String()
	}
}

// In a terminal, an export has a bar. Elsewhere it has a line.
func TestProgress_Terminal(t *testing.T) {
	for _, c := range []struct {
		name       string
		env        map[string]string
		status     string
		want, lack []string
	}{
		{"bars", nil, "ready", []string{"[===", "山田太郎", "exports", "1 of 1", "\x1b[32mready, pages: 2\x1b[0m"}, []string{"\x1b[2J", ": ready"}},
		{"no color", map[string]string{"NO_COLOR": "1"}, "ready", []string{"[===", " ready, pages: 2"}, []string{"\x1b[32m"}},
		{"failure", nil, "failed", []string{"\x1b[31mfailed\x1b[0m", "1 of 1", ": failed: It broke. (internal)"}, nil},
		{"dumb terminal", map[string]string{"TERM": "dumb"}, "ready", []string{`山田太郎\u001b[2J: ready, pages: 2`}, []string{"\x1b", "[="}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("TERM", "xterm")
			t.Setenv("NO_COLOR", "")
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			tty, written := pseudoTerminal(t)
			var out bytes.Buffer
			status := run(t.Context(), []string{"export", "山田太郎\x1b[2J", "--server", fakeAPI(t, c.status), "--token", "t", "-o", t.TempDir()}, nil, &out, tty)
			shown := written()
			if (status == 0) != (c.status == "ready") {
				t.Errorf("status %d\n%s", status, shown)
			}
			for _, want := range c.want {
				if !strings.Contains(shown, want) {
					t.Errorf("no %q in %q", want, shown)
				}
			}
			for _, lack := range c.lack {
				if strings.Contains(shown, lack) {
					t.Errorf("%q is in %q", lack, shown)
				}
			}
			if strings.Contains(out.String(), "\x1b") {
				t.Errorf("standard output has control characters: %q", out.String())
			}
		})
	}
}

// A batch has one bar, and lines where there is no terminal.
func TestProgress_Batch(t *testing.T) {
	t.Setenv("TERM", "xterm")
	tty, written := pseudoTerminal(t)
	var out bytes.Buffer
	status := run(t.Context(), []string{"batch", "create", "r", "--wait", "--timeout", "50ms", "--server", fakeAPI(t, "queued"), "--token", "t"}, nil, &out, tty)
	if shown := written(); status != 1 || !strings.Contains(shown, "1 of 3") || !strings.Contains(shown, "[=") || strings.Contains(shown, "1 of 3 finished") {
		t.Errorf("status %d: %q", status, shown)
	}
}
