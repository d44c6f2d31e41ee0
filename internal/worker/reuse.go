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
	if a.artifact.Content = draft.ContentHash(a.Browser); a.artifact.Content == [32]byte{} {
		return false
	}
	a.beginStep(ctx, copying)
	timeout := time.NewTimer(a.Deadline / 4)
	defer timeout.Stop()
	unusable := "" // the key of a file that could not be copied
	// The flight must begin before the look-up: another attempt's flight ends after its row
	// is ready.
	for a.beginFlight(ctx, timeout.C) {
		from, found := a.sameContent(ctx)
		if !found || from.BlobKey == unusable {
			return false
		}
		a.endFlight() // other attempts can copy at the same time
		err := a.copyArtifact(ctx, from, draft.Filename())
		if err == nil {
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
	return false
}

// beginFlight begins a flight for the attempt's content, after that of another attempt, if
// there is one, has ended. It reports false if timeout or the end of ctx comes first.
func (a *attempt) beginFlight(ctx context.Context, timeout <-chan time.Time) bool {
	for {
		end, other := a.flights.begin(ownedContent{a.request.UserID, a.artifact.Content})
		if end != nil {
			a.endFlight = end
			return true
		}
		select {
		case <-other:
		case <-timeout:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// sameContent looks for a ready export of the same owner with the same content.
func (a *attempt) sameContent(ctx context.Context) (from export.Artifact, found bool) {
	from, err := a.Store.SameContent(ctx, a.request.UserID, a.artifact.Content)
	if err != nil && !errors.Is(err, export.ErrNotFound) && ctx.Err() == nil {
		a.log.Warn("cannot look for a file of the same content: printing", "error", err)
	}
	return from, err == nil
}

// copyArtifact copies the file and the metadata of another export to this one.
func (a *attempt) copyArtifact(ctx context.Context, from export.Artifact, filename string) error {
	made := &a.artifact
	made.BlobKey = export.BlobKey(a.request)
	if err := a.copyFile(ctx, from, made.BlobKey); err != nil {
		return err
	}
	made.Size, made.SHA256, made.Pages, made.Filename = from.Size, from.SHA256, from.Pages, filename
	made.Report = from.Report // its comparison with the source is made anew, see checkCopy
	a.reused = true
	a.Observer.Reused(a.request, time.Since(a.stepFrom))
	return nil
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
		err = w.Files.Verify(ctx, from.BlobKey, from.Size, from.SHA256) // read again: the fault may be in reading
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
