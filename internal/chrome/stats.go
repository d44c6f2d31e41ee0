package chrome

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
