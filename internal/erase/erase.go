// Package erase removes everything a user has exported: at once whatever could
// still be seen or rendered, then the files, and the rows when their files are
// gone.
//
// It may die at any point, and files may refuse to go: what is left is marked,
// invisible, and finished by the sweeper. A row outlives its file, never the other
// way round.
package erase

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/outage"
)

// Store is where requests live.
type Store interface {
	EraseExports(ctx context.Context, userID, after string, hold time.Duration, limit int) ([]string, error)
	ErasedExports(ctx context.Context, userID, after string, limit int) ([]export.Swept, error)
	ForgetExports(ctx context.Context, ids []string) (int64, error)
}

// Files holds the bytes of exports.
type Files interface {
	Delete(ctx context.Context, key string) error
}

// Eraser erases users. All fields are required.
type Eraser struct {
	Store  Store
	Files  Files
	Logger *slog.Logger
}

// Result is what became of a user's requests.
type Result struct {
	Requests int64 // erased: nobody sees them any more
	Files    int64 // deleted
	Left     int64 // rows that are still there, most of them for a file's sake; the sweeper goes on with them
}

const (
	batch   = 500 // rows in one statement: a few milliseconds
	deletes = 8   // files deleted at the same time
	// hold is how long sweepers leave an erased request to whoever erases it.
	hold        = time.Minute
	finishWrite = 10 * time.Second
)

// User erases every request of the user. It returns an error when some may not
// have been erased: then it has to be called again. Files are deleted until ctx
// ends or within is over (0: no bound); what is left then is no error.
func (e Eraser) User(ctx context.Context, userID string, within time.Duration) (Result, error) {
	var res Result
	for last, done := "", false; !done; {
		ids, err := e.Store.EraseExports(ctx, userID, last, hold, batch)
		if err != nil {
			return res, err
		}
		res.Requests += int64(len(ids))
		if done = len(ids) < batch; !done {
			last = ids[len(ids)-1]
		}
	}
	res.Left = res.Requests
	if within > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, within)
		defer cancel()
	}
	files := outage.New(e.Logger, outage.Options{Level: slog.LevelWarn, Fault: "files of erased exports cannot be deleted: they are left to the sweeper"})
	if err := e.finish(ctx, userID, &res, files); err != nil {
		if ctx.Err() == nil && !errors.Is(err, export.ErrUnavailable) {
			return res, err
		}
		e.Logger.Warn("erased exports are left to the sweeper", "left", res.Left, "error", err)
	}
	return res, nil
}

// finish deletes the files of erased requests and forgets their rows.
func (e Eraser) finish(ctx context.Context, userID string, res *Result, files *outage.Log) error {
	for last := ""; ; {
		erased, err := e.Store.ErasedExports(ctx, userID, last, batch)
		if err != nil || len(erased) == 0 {
			return err
		}
		last = erased[len(erased)-1].ID
		gone := e.deleteFiles(ctx, erased, res, files)
		// The files are gone: the rows should go although ctx may have ended.
		final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWrite)
		n, err := e.Store.ForgetExports(final, gone)
		cancel()
		res.Left -= n
		if err != nil || len(gone) == 0 { // the store takes none at the moment
			return err
		}
	}
}

// deleteFiles returns the ids of those that have no file any more.
func (e Eraser) deleteFiles(ctx context.Context, erased []export.Swept, res *Result, files *outage.Log) []string {
	ok := make([]bool, len(erased))
	var group errgroup.Group
	group.SetLimit(deletes)
	for i, s := range erased {
		if s.BlobKey == "" {
			ok[i] = true
			continue
		}
		group.Go(func() error {
			if err := e.Files.Delete(ctx, s.BlobKey); err != nil {
				files.Failed(err, "export_id", s.ID)
				return nil
			}
			ok[i] = true
			return nil
		})
	}
	_ = group.Wait() // the functions return none
	gone := make([]string, 0, len(erased))
	for i, s := range erased {
		if !ok[i] {
			continue
		}
		if s.BlobKey != "" {
			res.Files++
		}
		gone = append(gone, s.ID)
	}
	return gone
}
