package export

import (
	"slices"
	"time"
)

// Lane is a queue of messages that wake workers.
type Lane string

const (
	// Interactive is the lane of exports that a person waits for.
	Interactive Lane = "interactive"
	// Bulk is the lane of exports that nobody waits for, such as those of a batch. Workers take
	// from it when no interactive export waits, and at least one message in BulkShare.
	Bulk Lane = "bulk"
	// Retries is the lane of every attempt after the first, whatever the lane of the first
	// was. Workers take from it only when no interactive export waits for its first attempt, so
	// that an export that fails repeatedly delays none of those. It is no request's own lane.
	Retries Lane = "retry"
)

// BulkShare is how many messages a worker takes, at most, for one of the lane Bulk while
// that lane has any.
const BulkShare = 10

// Lanes lists the lanes a request may have, the most urgent first. The first is the
// default.
func Lanes() []Lane { return []Lane{Interactive, Bulk} }

// MessageLanes lists the lanes that messages wait in, in the order in which workers ask
// them. Retries precede Bulk: there are few of them, and the user of an interactive export
// would otherwise wait for every batch.
func MessageLanes() []Lane { return []Lane{Interactive, Retries, Bulk} }

// Valid reports whether l may be the lane of a request.
func (l Lane) Valid() bool { return slices.Contains(Lanes(), l) }

// Message wakes a worker for one attempt at an export.
type Message struct {
	ExportID string
	// Attempts is the number of attempts that were claimed when the message was published. A
	// message cannot claim a request with another number.
	Attempts int
}

// Message returns the message for the next attempt at the request.
func (r Request) Message() Message { return Message{ExportID: r.ID, Attempts: r.Attempt} }

// MessageLane returns the lane of that message.
func (r Request) MessageLane() Lane {
	if r.Attempt > 0 {
		return Retries
	}
	return r.Lane
}

// MessageLaneOfAttempt returns the lane that the message of the current attempt had.
func (r Request) MessageLaneOfAttempt() Lane {
	if r.Attempt > 1 {
		return Retries
	}
	return r.Lane
}

// MayRetry reports whether the request, whose attempt ended with the code, gets
// another one. A document that took the browser too long gets one more: it would
// keep a slot for as long as a slot can be kept, each time.
func (r Request) MayRetry(code FailureCode) bool {
	return !code.Permanent() && r.Attempt < r.MaxAttempts && (code != RenderTimeout || r.Timeouts == 0)
}

// Standing is the state of a request that could not be claimed.
type Standing struct {
	Status   Status
	Attempt  int           // attempts claimed so far
	Rest     time.Duration // Queued: how long it may not be claimed yet
	LeaseFor time.Duration // Rendering: how long the lease of the attempt holds
}
