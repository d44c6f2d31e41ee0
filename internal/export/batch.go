package export

import (
	"errors"
	"fmt"
	"time"
)

// MaxBatch is the maximum number of exports in a batch.
const MaxBatch = 500

// ErrBatchNotFound means that there is no such batch, or that the caller may not see it.
var ErrBatchNotFound = errors.New("batch not found")

// Batch is a group of requests that were made together.
type Batch struct {
	ID        string // UUIDv7, lower case
	UserID    string // who requested it
	Total     int    // requests in it, also those that were purged or erased since
	Counts    BatchCounts
	CreatedAt time.Time
	ExpiresAt time.Time
}

// BatchCounts is the number of requests in each status, as callers see it.
type BatchCounts map[Status]int

// Unfinished returns the number of requests that have not reached a final status.
func (c BatchCounts) Unfinished() int { return c[Queued] + c[Rendering] }

// NewBatch is a batch to be created.
type NewBatch struct {
	ID string // UUIDv7
	// Exports are the requests, at least one and at most MaxBatch, with ids in ascending
	// order. Their Lane, ExpiresIn, Caller and Key are those of the batch.
	Exports   []New
	ExpiresIn time.Duration
	Caller    Caller
	Key       string // as that of New
	// MaxWaiting is the number of unfinished requests that the caller may have, with these.
	// 0: any.
	MaxWaiting int
}

// KeyDigest returns a digest of the caller and their Idempotency-Key, which differs from that
// of a single export. It is nil without a key.
func (b NewBatch) KeyDigest() []byte {
	if b.Key == "" {
		return nil
	}
	return digest("batch", b.Caller.UserID, b.Key)
}

// RequestDigest returns a digest of the caller and what is requested. It is nil without a key.
func (b NewBatch) RequestDigest() []byte {
	if b.Key == "" {
		return nil
	}
	asked := []string{"batch", b.Caller.UserID, b.ExpiresIn.String()}
	for _, n := range b.Exports {
		asked = append(asked, string(digest(n.digested()...)))
	}
	return digest(asked...)
}

// BatchError says which exports of a batch cannot be created.
type BatchError struct {
	Exports []IndexError // in ascending order
}

// IndexError says why the export at an index cannot be created: ErrResumeNotFound or
// ErrJobNotFound.
type IndexError struct {
	Index int // from 0 on
	Err   error
}

// Error names the first one.
func (e *BatchError) Error() string {
	return fmt.Sprintf("%d exports of the batch cannot be created; export %d: %v", len(e.Exports), e.Exports[0].Index, e.Exports[0].Err)
}

// BatchFilter selects requests of a batch, in the order in which they were requested.
type BatchFilter struct {
	BatchID string
	UserID  string // empty: every owner
	Status  Status // empty: every status
	After   string // id of the last one already seen; empty: from the first
	Limit   int
}
