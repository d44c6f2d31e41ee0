// Package render makes the artifact of a resume and a request's options: the bytes
// of a file and its metadata. It prepares the document, has it written by the format's
// writer or printed by a browser, and finishes the PDF. It knows nothing of requests,
// rows and storage.
package render

import (
	"context"
	"errors"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/pdf/pdfwrite"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Printer prints HTML: a slot of the browser engine, or the engine itself.
type Printer interface {
	Print(ctx context.Context, d chrome.Document) ([]byte, error)
}

// Options say what to make.
type Options struct {
	Format   export.Format
	Template string
	Paper    export.Paper
	// MaxPages is how many pages a PDF may have. 0: any number.
	MaxPages int
	export.Options
}

// Artifact is a finished file and its metadata.
type Artifact struct {
	Data        []byte
	ContentType string
	Pages       int    // 0 for formats without pages
	Filename    string // for people, with extension
	Report      export.Report
	Notes       []note.Note           // on the resume, and on the making of the document; at most as many as may be kept
	Document    *document.Document    // what the file shows
	Uncompacted *pdfwrite.Uncompacted // why a PDF is larger than necessary; usually nil
}

// Render makes the artifact of a resume: Prepare and Draft.Render in one. The same
// resume and options give the same bytes on the same machine. Errors are of type
// *export.Error, or those of the context.
func Render(ctx context.Context, p Printer, r resume.Resume, o Options) (Artifact, error) {
	d, err := Prepare(r, o)
	if err != nil {
		return d.file, err
	}
	return d.Render(ctx, p)
}

// failure returns the browser's error with its failure code.
func failure(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("printing: %w", context.Cause(ctx))
	case errors.Is(err, chrome.ErrStart): // first, since it may be joined with a timeout
		return export.Fail(export.RenderUnavailable, "printing: %w", err)
	case errors.Is(err, chrome.ErrTimeout):
		return export.Fail(export.RenderTimeout, "printing: %w", err)
	case errors.Is(err, chrome.ErrTooLarge):
		return export.Fail(export.DocumentTooLarge, "printing: %w", err)
	case errors.Is(err, chrome.ErrCrashed):
		return export.Fail(export.RenderCrashed, "printing: %w", err)
	case errors.Is(err, chrome.ErrKilled), errors.Is(err, chrome.ErrClosed):
		return export.Fail(export.RenderUnavailable, "printing: %w", err)
	default:
		return export.Fail(export.Internal, "printing: %w", err)
	}
}
