package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
)

// Copies finds files that may be copied.
type Copies interface {
	SameContent(ctx context.Context, userID string, content [32]byte) (export.Artifact, error)
	FailDamaged(ctx context.Context, id, blobKey string) (export.Request, error)
}

// reuse looks for a ready export of the same owner with the same content, copies its
// file for this export, and reports whether it did. If not, this attempt prints, and
// other attempts at the same content in this process wait until it calls endFlight.
//
// The file is copied rather than shared so that each row owns its file, and expiry,
// erasure and sweep need not count references. A file that they delete between the
// look-up and the copy is printed again.
func (a *attempt) reuse(ctx context.Context, draft render.Draft) bool {
	if a.Browser == "" {
		return false
	}
	if a.artifact.Content = draft.Content(a.Browser); a.artifact.Content == [32]byte{} {
		return false
	}
	a.begin(copying)
	patience := time.NewTimer(a.Deadline / 4)
	defer patience.Stop()
	unusable := "" // the key of a file that could not be copied
	for {
		// First the flight, then the look-up: a flight ends after its row is ready.
		end, over := a.flights.join(content{a.request.UserID, a.artifact.Content})
		if end == nil {
			select {
			case <-over:
				continue
			case <-patience.C: // the other attempt takes too long: this one prints
			case <-ctx.Done():
			}
			return false
		}
		a.endFlight = end
		from, err := a.Store.SameContent(ctx, a.request.UserID, a.artifact.Content)
		if err != nil && !errors.Is(err, export.ErrNotFound) && ctx.Err() == nil {
			a.log.Warn("cannot look for a file of the same content: printing", "error", err)
		}
		if err != nil || from.BlobKey == unusable {
			return false
		}
		end() // others can copy too
		a.artifact.BlobKey = export.BlobKey(a.request)
		if err = a.copyFile(ctx, from, a.artifact.BlobKey); err == nil {
			made := &a.artifact
			made.Size, made.SHA256, made.Pages, made.Filename = from.Size, from.SHA256, from.Pages, draft.Filename()
			// The notes are on this resume: what is not shown may differ from the source's.
			made.Report, made.Notes = from.Report, draft.Notes()
			a.reused = true
			a.Observer.Reused(a.request, time.Since(a.stepFrom))
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if errors.Is(err, export.ErrDamaged) {
			a.failDamaged(ctx, from, err)
		}
		unusable = from.BlobKey
		a.log.Info("a file of the same content cannot be copied", "blob_key", from.BlobKey, "error", err)
	}
}

// failDamaged fails the export whose file is damaged, so that it is neither served
// nor copied any more.
func (w *Worker) failDamaged(ctx context.Context, a export.Artifact, cause error) {
	id, _, ok := export.ParseBlobKey(a.BlobKey)
	if !ok {
		return
	}
	if _, err := w.Store.FailDamaged(ctx, id, a.BlobKey); err != nil {
		w.Logger.Warn("an export whose file is damaged could not be failed", "export_id", id, "blob_key", a.BlobKey, "error", err)
		return
	}
	w.Logger.Error("a stored file is damaged: its export has failed and can be tried again. Check the disk of the file store",
		"export_id", id, "blob_key", a.BlobKey, "error", cause)
}

// copyFile verifies the file of a ready export and copies it.
func (w *Worker) copyFile(ctx context.Context, from export.Artifact, to string) error {
	err := w.Files.Verify(ctx, from.BlobKey, from.Size, from.SHA256)
	if errors.Is(err, export.ErrDamaged) {
		err = w.Files.Verify(ctx, from.BlobKey, from.Size, from.SHA256) // not on one reading alone
	}
	if err != nil {
		return err
	}
	size, err := w.Files.Copy(ctx, from.BlobKey, to)
	if err == nil && size != from.Size {
		err = fmt.Errorf("the copy of %s has %d bytes, its row says %d", from.BlobKey, size, from.Size)
	}
	return err
}
