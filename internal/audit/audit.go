// Package audit defines the audit log: who changed what through the API, for whom, with what
// result. A row holds no content of a resume, no token and no key.
//
// A call that may change something travels in its context. The store that commits a change
// writes the row of the call in the same transaction, and marks the call as recorded; whoever
// serves the call records the others. The package imports the standard library.
package audit

import (
	"context"
	"sync/atomic"
	"time"
)

// Entry is a row of the audit log.
type Entry struct {
	ID int64
	At time.Time
	// Actor is who called: the subject of a token, or the id of an API key.
	Actor string
	Kind  Kind
	// UserID is the user that was acted as.
	UserID string
	// Action is the operation, as in the OpenAPI document: create-export.
	Action string
	// Resource is the id of what was changed; empty if there is not one.
	Resource string
	// Status is the HTTP status of the answer.
	Status    int
	RequestID string
	// Address is the network address of the client; empty if addresses are not recorded.
	Address string
}

// Kind says what Entry.Actor identifies.
type Kind string

// The kinds of actors.
const (
	Token   Kind = "token"
	APIKey  Kind = "key"
	Command Kind = "command" // a command of the operator, such as key revoke
)

// Call is a call that may change something, from its authentication to its answer.
type Call struct {
	// Entry is the row. Its Status is the one of success, until another is known.
	Entry    Entry
	recorded atomic.Bool
}

// Recorded marks the call as written to the log, or as one that changed nothing. The store
// calls it after the commit.
func (c *Call) Recorded() { c.recorded.Store(true) }

// IsRecorded reports whether the call needs no row any more.
func (c *Call) IsRecorded() bool { return c.recorded.Load() }

type callKey struct{}

// NewContext returns a context with the call.
func NewContext(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// FromContext returns the call of the context; nil if there is none.
func FromContext(ctx context.Context) *Call {
	c, _ := ctx.Value(callKey{}).(*Call)
	return c
}

// Filter selects rows of the log, newest first.
type Filter struct {
	Actor    string // empty: every one
	UserID   string // empty: every one
	Resource string // empty: every one
	Since    time.Duration
	Before   int64 // id of the last row already seen; 0: from the newest
	Limit    int
}
