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

// step is what an attempt is at.
type step string

const (
	loading  step = "loading the resume"
	printing step = "printing"
	storing  step = "storing the file"
)

// blame tells whose fault it is that an attempt has reached its deadline. It is the
// document's only when printing took the larger part of the time: a document that
// had to wait for a database or a file store must not count as one that cannot be
// printed.
func (m *made) blame(deadline time.Duration) export.FailureCode {
	switch {
	case m.doing == storing:
		return export.StorageUnavailable
	case m.doing == printing && time.Since(m.printFrom) >= deadline/2:
		return export.RenderTimeout
	default:
		return export.Internal
	}
}

// freshPrinter has the first document printed in a browser that has printed no other:
// the attempt before ran into a deadline, and the browser may have had a part in that.
type freshPrinter struct {
	render.Printer
	used bool
}

func (p *freshPrinter) Print(ctx context.Context, d chrome.Document) ([]byte, error) {
	d.Fresh, p.used = !p.used, true
	return p.Printer.Print(ctx, d)
}
