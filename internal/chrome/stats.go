package chrome

import "log/slog"

// Stats is what an engine has done so far and what it has now, for logs and
// metrics.
type Stats struct {
	Prints        int64 // documents printed
	Timeouts      int64 // prints ended by a deadline
	Crashes       int64 // prints ended by a fault of their browser; a retried one counts
	Kills         int64 // prints ended by somebody who killed their browser; a retried one counts
	Starts        int64 // browsers started after the first
	StartFailures int64 // browsers that did not start
	Recycles      int64 // browsers replaced because they were worn
	Grows         int64 // times that Resize asked for more slots
	Shrinks       int64 // times that Resize asked for fewer slots
	Browsers      int   // browsers alive now
	Idle          int   // of those, not printing
	Slots         int   // slots in effect now
	Busy          int   // slots taken now
	Memory        int64 // private memory of all browsers, in bytes, as last measured; 0 where unknown
}

// Stats returns the current numbers.
func (e *Engine) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stats
	s.Browsers, s.Idle = len(e.live), len(e.ready)
	s.Slots, s.Busy = e.permits.counts()
	return s
}

// LogValue spells the numbers the way log lines do.
func (s Stats) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int64("prints", s.Prints), slog.Int64("timeouts", s.Timeouts), slog.Int64("crashes", s.Crashes), slog.Int64("kills", s.Kills),
		slog.Int64("starts", s.Starts), slog.Int64("start_failures", s.StartFailures), slog.Int64("recycles", s.Recycles),
		slog.Int64("grows", s.Grows), slog.Int64("shrinks", s.Shrinks),
		slog.Int("browsers", s.Browsers), slog.Int("slots", s.Slots), slog.Int64("memory", s.Memory),
	)
}
