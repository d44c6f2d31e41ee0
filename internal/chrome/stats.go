package chrome

import "log/slog"

// Stats are the counters and the current state of an engine, for logs and metrics.
type Stats struct {
	Prints        int64 // documents printed
	Timeouts      int64 // prints ended by a deadline
	Crashes       int64 // browsers that crashed during a print, including prints that were retried
	Kills         int64 // browsers killed by others during a print, including prints that were retried
	Starts        int64 // browsers started after the first
	StartFailures int64 // browsers that failed to start
	Recycles      int64 // browsers replaced because of their documents, age or memory
	Grows         int64 // calls of Resize that increased the slots
	Shrinks       int64 // calls of Resize that reduced the slots
	Browsers      int   // browsers alive now
	Idle          int   // of those, not printing
	Slots         int   // slots in effect now
	Busy          int   // slots taken now
	Memory        int64 // private memory of all browsers, in bytes, as last measured; 0 where unknown
}

// Stats returns the current statistics.
func (e *Engine) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stats
	s.Browsers, s.Idle = len(e.live), len(e.ready)
	s.Slots, s.Busy = e.permits.counts()
	return s
}

// LogValue returns the statistics as a group with snake_case names.
func (s Stats) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int64("prints", s.Prints), slog.Int64("timeouts", s.Timeouts), slog.Int64("crashes", s.Crashes), slog.Int64("kills", s.Kills),
		slog.Int64("starts", s.Starts), slog.Int64("start_failures", s.StartFailures), slog.Int64("recycles", s.Recycles),
		slog.Int64("grows", s.Grows), slog.Int64("shrinks", s.Shrinks),
		slog.Int("browsers", s.Browsers), slog.Int("slots", s.Slots), slog.Int64("memory", s.Memory),
	)
}
