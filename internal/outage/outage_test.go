package outage_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/outage"
)

// logger writes to the buffer, without times.
func logger(to *bytes.Buffer) *slog.Logger {
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

func TestLog_SaysOnceAndCounts(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	l := outage.New(logger(&text), outage.Options{Fault: "cannot reach it", Over: "reached again", Level: slog.LevelWarn})
	l.Recovered() // nothing was wrong
	for range 1000 {
		l.Failed(errors.New("refused"), "server", "a:1")
	}
	l.Recovered()
	l.Recovered()
	l.Failed(nil)
	want := `level=WARN msg="cannot reach it" server=a:1 error=refused
level=INFO msg="reached again" failures=1000 seconds=0
level=WARN msg="cannot reach it"
`
	if got := text.String(); got != want {
		t.Errorf("logged:\n%swant:\n%s", got, want)
	}
}

func TestLog_SaysAgainAfterAWhile(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	l := outage.New(logger(&text), outage.Options{Fault: "fails", Every: time.Nanosecond})
	for range 3 {
		l.Failed(nil)
	}
	l.Recovered() // has no message
	if lines := strings.Split(strings.TrimSpace(text.String()), "\n"); len(lines) != 3 || !strings.Contains(lines[2], "failures=3 for_seconds=0") || strings.Contains(text.String(), "error") {
		t.Errorf("logged:\n%s", text.String())
	}
}

func TestLog_ConcurrentUse(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	l := outage.New(logger(&text), outage.Options{Fault: "fails", Over: "works"})
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for range 100 {
				l.Failed(nil)
			}
		})
	}
	all.Wait()
	l.Recovered()
	if !strings.Contains(text.String(), "msg=works failures=1000 ") || strings.Count(text.String(), "msg=fails") != 1 {
		t.Errorf("logged:\n%s", text.String())
	}
}
