package worker

import (
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Observer is told what a worker does, as for metrics. Its methods are called from
// many goroutines and return at once.
type Observer interface {
	// Claimed: an attempt begins.
	Claimed(r export.Request)
	// Printed: the browser has printed the document.
	Printed(r export.Request, took time.Duration)
	// Reused: bytes of the same content were copied.
	Reused(r export.Request, took time.Duration)
	// Stored: so many bytes are in the file store.
	Stored(r export.Request, bytes int64, took time.Duration)
	// Finished: the attempt has ended, and the row is as r says: Ready, Failed, or
	// Queued again. An attempt that lost its lease, or whose outcome is not known, does
	// not finish.
	Finished(r export.Request, how Result)
	// Slots: so many of the slots there are have an export.
	Slots(busy, all int)
}

// Result is how an attempt went.
type Result struct {
	Code   export.FailureCode // why it failed; empty when it did not
	Reused bool
	Work   time.Duration // since the claim
	Total  time.Duration // from the creation of the request to its new status
}

// unobserved tells nobody.
type unobserved struct{}

func (unobserved) Claimed(export.Request)                      {}
func (unobserved) Printed(export.Request, time.Duration)       {}
func (unobserved) Reused(export.Request, time.Duration)        {}
func (unobserved) Stored(export.Request, int64, time.Duration) {}
func (unobserved) Finished(export.Request, Result)             {}
func (unobserved) Slots(int, int)                              {}
