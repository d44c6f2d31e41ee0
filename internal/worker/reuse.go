package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
)

// made is what an attempt came to.
type made struct {
	export.Artifact
	reused bool   // copied, not printed
	landed func() // to be called once the row has the outcome, whatever it is

	doing     step
	printFrom time.Time
}

// reuse gives the request a copy of bytes that its owner has already, made from
// the same content, and reports whether there were any. If not, the caller makes
// them, as the only one in this process until it calls m.landed.
//
// A copy, not a second row with the same file: so each row owns its file, and
// expiry, erasure and sweep need not ask who else does. What they delete between
// the look-up and the copy is simply made again.
func (w *Worker) reuse(ctx context.Context, r export.Request, draft render.Draft, m *made) bool {
	if w.Browser == "" {
		return false
	}
	if m.Content = draft.Content(w.Browser); m.Content == [32]byte{} {
		return false
	}
	patience := time.NewTimer(w.Deadline / 4)
	defer patience.Stop()
	unusable := "" // the key of bytes that could not be copied
	for {
		// First the flight, then the look-up: one that has ended made its row ready before.
		end, over := w.flights.join(content{r.UserID, m.Content})
		if end == nil {
			select {
			case <-over:
				continue
			case <-patience.C: // the other one hangs: everybody for themselves
			case <-ctx.Done():
			}
			return false
		}
		m.landed = end
		from, err := w.Store.SameContent(ctx, r.UserID, m.Content)
		if err != nil && !errors.Is(err, export.ErrNotFound) && ctx.Err() == nil {
			w.Logger.Warn("existing bytes cannot be looked for; making them", "export_id", r.ID, "error", err)
		}
		if err != nil || from.BlobKey == unusable {
			return false
		}
		end() // others need not wait for this copy
		m.BlobKey = export.BlobKey(r)
		if err = w.copyFile(ctx, from, m.BlobKey); err == nil {
			m.Size, m.SHA256, m.Pages, m.Filename = from.Size, from.SHA256, from.Pages, draft.Filename()
			m.Report = from.Report
			m.reused = true
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if errors.Is(err, export.ErrDamaged) {
			w.failDamaged(ctx, from, err)
		}
		unusable = from.BlobKey
		w.Logger.Info("existing bytes cannot be used", "export_id", r.ID, "blob_key", from.BlobKey, "error", err)
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

// copyFile copies the bytes of an export that is ready, if they are undamaged.
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
