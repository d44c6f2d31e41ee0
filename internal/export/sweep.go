package export

import "time"

// SweepBatch is what a sweeper took of the requests past their expiry.
type SweepBatch struct {
	Taken   int       // requests, which are done with but for their files
	Files   []Swept   // those that have one
	Through time.Time // the latest expiry among them: the next batch begins there
}

// Swept is a request past its expiry, or erased, whose file is to be deleted.
type Swept struct {
	ID      string
	BlobKey string // empty when it has none
}

// SweepLag is how far behind its time the sweeper is.
type SweepLag struct {
	Due    int64         // requests past their expiry that do not say so, counted up to a maximum
	Oldest time.Duration // how long the first of them has been past it
}

// FileInUse is what a request needs in the store: either is empty when there is none.
type FileInUse struct {
	ExportID string
	BlobKey  string // the file it names
	Lease    string // token of the attempt that may be storing one
}
