package worker

import (
	"context"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Tracer records attempts in traces. Its methods are called from many goroutines and
// return at once.
type Tracer interface {
	// Begin begins the processing of a message of a lane. traceparent is the trace context
	// that came with the message; it may be empty. The other methods are called with the
	// returned context.
	Begin(ctx context.Context, subject, traceparent string) context.Context
	// Claimed: the message has become an attempt.
	Claimed(ctx context.Context, r export.Request)
	// Step: a step of the attempt that began at a time has ended.
	Step(ctx context.Context, name string, began time.Time, err error)
	// Finished is the same as that of Observer.
	Finished(ctx context.Context, r export.Request, how Result)
	// End ends the processing.
	End(ctx context.Context)
}

// untraced records nothing.
type untraced struct{}

func (untraced) Begin(ctx context.Context, _, _ string) context.Context { return ctx }
func (untraced) Claimed(context.Context, export.Request)                {}
func (untraced) Step(context.Context, string, time.Time, error)         {}
func (untraced) Finished(context.Context, export.Request, Result)       {}
func (untraced) End(context.Context)                                    {}
