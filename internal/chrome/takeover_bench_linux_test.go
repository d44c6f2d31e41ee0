package chrome

import (
	"errors"
	"syscall"
	"testing"
	"time"
)

// BenchmarkTakeover measures the time from the kill of a hung browser until the standby
// has printed the next document.
//
//	go test ./internal/chrome -run '^$' -bench Takeover -benchtime 30x
func BenchmarkTakeover(b *testing.B) {
	e := setup(b, func(o *Options) { o.Logger = nil; o.ContentTimeout = soon })
	d := Document{HTML: resume(), Tagged: true}
	warm(b, e, d)
	var worst time.Duration
	for b.Loop() {
		b.StopTimer()
		full(b, e)
		if err := syscall.Kill(-next(e).proc.pid(), syscall.SIGSTOP); err != nil {
			b.Fatal(err)
		}
		if _, err := e.Print(b.Context(), d); !errors.Is(err, ErrTimeout) {
			b.Fatalf("a browser that hangs gave %v", err)
		}
		b.StartTimer()
		began := time.Now()
		mustPrint(b, e, d)
		worst = max(worst, time.Since(began))
	}
	b.ReportMetric(worst.Seconds()*1000, "max-ms")
}
