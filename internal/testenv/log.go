package testenv

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// Log records log lines and also writes them to the log of the test.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// NewLog returns a Log and a logger that writes to it at level info and above.
func NewLog(t testing.TB) (*Log, *slog.Logger) {
	l := &Log{}
	return l, slog.New(slog.NewTextHandler(io.MultiWriter(l, t.Output()), nil))
}

// Write records a line.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// Lines returns the lines that contain all the parts.
func (l *Log) Lines(parts ...string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
lines:
	for line := range strings.Lines(l.text.String()) {
		for _, part := range parts {
			if !strings.Contains(line, part) {
				continue lines
			}
		}
		found = append(found, line)
	}
	return found
}
