package export

import "time"

// SweepBatch is a batch of requests past their expiry that a sweeper has taken.
type SweepBatch struct {
	Taken   int       // number of requests
	Expired []Swept   // those without a file, which are expired now
	Files   []Swept   // those with a file
	Through time.Time // the latest expiry among them, where the next batch begins
}

// Swept is a request past its expiry, or erased, whose file is to be deleted.
type Swept struct {
	ID      string
	BlobKey string // empty if there is none
	// Traceparent is the trace context of the request, see Request.
	Traceparent string
}

// LogAttrs is the same as that of Request.
func (s Swept) LogAttrs() []any { return Request{ID: s.ID, Traceparent: s.Traceparent}.LogAttrs() }

// SweepLag says how far behind the sweeper is.
type SweepLag struct {
	Due    int64         // requests past their expiry whose row is not expired, counted up to a maximum
	Oldest time.Duration // time since the expiry of the first of them
}

// FileInUse has the file and the lease of a request; either may be empty.
type FileInUse struct {
	ExportID string
	BlobKey  string // the file that the row names
	Lease    string // token of the current lease, whose holder may be storing a file
}
