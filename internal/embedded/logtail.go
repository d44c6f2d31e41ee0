package embedded

import (
	"errors"
	"io"
	"os"
	"strings"
)

// lastLines returns the end of a program's output, short enough for an error message.
func lastLines(output string) string {
	const most = 12
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if len(lines) > most {
		lines = lines[len(lines)-most:]
	}
	text := strings.Join(lines, "\n")
	if text == "" {
		return "(nothing)"
	}
	return text
}

// logTail returns the end of the server's log.
func (c *cluster) logTail() string {
	const most = 4 << 10
	f, err := os.Open(c.logPath())
	if err != nil {
		return "(unreadable: " + err.Error() + ")"
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.Size() > most {
		if _, err := f.Seek(-most, io.SeekEnd); err != nil {
			return "(unreadable: " + err.Error() + ")"
		}
	}
	b := make([]byte, most)
	n, err := io.ReadFull(f, b)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "(unreadable: " + err.Error() + ")"
	}
	return lastLines(string(b[:n]))
}
