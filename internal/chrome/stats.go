package chrome

// Stats is what an engine has done so far and what it has now, for logs and
// metrics.
type Stats struct {
	Prints        int64 // documents printed
	Timeouts      int64 // prints ended by a deadline
	Crashes       int64 // prints ended by the death of their browser; a retried one counts
	Starts        int64 // browsers started after the first
	StartFailures int64 // browsers that did not start
	Recycles      int64 // browsers replaced because they were worn
	Browsers      int   // browsers alive now
	Idle          int   // of those, not printing
	Busy          int   // slots taken now
	Memory        int64 // private memory of all browsers, in bytes, as last measured; 0 where unknown
}

// Stats returns the current numbers.
func (e *Engine) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stats
	s.Browsers, s.Idle, s.Busy = len(e.live), len(e.ready), len(e.permits)
	return s
}
