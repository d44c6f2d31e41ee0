package chrome

import (
	"slices"
	"strings"
	"sync"
)

// tail is a writer that keeps the last bytes written to it. It holds the end of
// Chrome's stderr for the error of a failed start.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const (
	tailBytes = 8 << 10
	tailLines = 8
)

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if extra := len(t.buf) - tailBytes; extra > 0 {
		t.buf = append(t.buf[:0], t.buf[extra:]...)
	}
	return len(p), nil
}

// String returns the last lines, without those about the message bus, which is always
// missing and not needed.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.buf)), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, ":dbus/") })
	return strings.Join(lines[max(0, len(lines)-tailLines):], "\n")
}
