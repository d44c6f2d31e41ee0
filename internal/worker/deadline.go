package worker

import (
	"context"
	"errors"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
)

// errDeadline ends an attempt that took too long.
var errDeadline = errors.New("the attempt ran into its deadline")

// step is a step of an attempt.
type step string

const (
	loading   step = "loading the resume"
	preparing step = "preparing the document"
	copying   step = "copying a file of the same content"
	printing  step = "printing"
	finishing step = "finishing the file"
	storing   step = "storing the file"
)

// traceName is the name of a step in traces.
func (s step) traceName() string {
	switch s {
	case loading:
		return "load"
	case preparing:
		return "prepare"
	case copying:
		return "copy"
	case printing:
		return "print"
	case finishing:
		return "finish"
	default:
		return "store"
	}
}

// Acknowledging is the name of the last step in traces. The message is
// acknowledged after the outcome was written.
const Acknowledging = "acknowledge"

// beginStep begins a step, which ends the one before.
func (a *attempt) beginStep(ctx context.Context, s step) {
	a.endStep(ctx, nil)
	a.step, a.stepFrom = s, time.Now()
}

// endStep records the current step in the trace.
func (a *attempt) endStep(ctx context.Context, err error) {
	if a.step != "" {
		a.Tracer.Step(ctx, a.step.traceName(), a.stepFrom, err)
	}
}

// timeoutCode returns the failure code of an attempt that has reached its deadline. It
// is RenderTimeout only if printing took the larger part of the time: a document that
// waited for the database or the file store must not count as one that cannot be
// printed.
func (a *attempt) timeoutCode() export.FailureCode {
	switch {
	case a.step == storing:
		return export.StorageUnavailable
	case a.step == printing && time.Since(a.stepFrom) >= a.Deadline/2:
		return export.RenderTimeout
	default:
		return export.Internal
	}
}

// freshPrinter prints the first document in a browser that has printed no other.
type freshPrinter struct {
	render.Printer
	used bool
}

func (p *freshPrinter) Print(ctx context.Context, d chrome.Document) ([]byte, error) {
	d.Fresh, p.used = !p.used, true
	return p.Printer.Print(ctx, d)
}
