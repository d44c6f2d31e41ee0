// Package erase removes all exports of a user: first it makes them invisible and
// stops work on them, then it deletes their files, then the rows without a file.
//
// It may be interrupted at any point, and files may fail to be deleted: what is left
// is marked and invisible, and the sweeper finishes it. A row is deleted after its
// file, never before.
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

// Store holds the export requests.
type Store interface {
	EraseExports(ctx context.Context, userID, after string, hold time.Duration, limit int) ([]string, error)
	ErasedExports(ctx context.Context, userID, after string, limit int) ([]export.Swept, error)
	ForgetExports(ctx context.Context, ids []string) (int64, error)
}

// Files holds the files of exports.
type Files interface {
	Delete(ctx context.Context, key string) error
}

// Eraser erases users. All fields are required.
type Eraser struct {
	Store  Store
	Files  Files
	Logger *slog.Logger
}

// Result says what was done with a user's requests.
type Result struct {
	Requests int64 // erased: invisible from now on
	Files    int64 // files deleted
	Left     int64 // rows that still exist, most because their file does; the sweeper deletes them
}

const (
	batch   = 500 // rows of one statement, which then takes some milliseconds
	deletes = 8   // files deleted at the same time
	// hold is the time for which sweepers skip an erased request.
	hold        = time.Minute
	finishWrite = 10 * time.Second
)

// User erases every request of the user, and logs each. After an error some may not have been
// erased, and it has to be called again. Files are deleted until ctx ends or within
// has passed (0: no limit); files that are left then are no error.
func (e Eraser) User(ctx context.Context, userID string, within time.Duration) (Result, error) {
	var res Result
	for last, done := "", false; !done; {
		ids, err := e.Store.EraseExports(ctx, userID, last, hold, batch)
		if err != nil {
			return res, err
		}
		for _, id := range ids {
			e.Logger.Info("export erased", "export_id", id, "user_id", userID)
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

// finish deletes the files of erased requests and then their rows.
func (e Eraser) finish(ctx context.Context, userID string, res *Result, files *outage.Log) error {
	for last := ""; ; {
		erased, err := e.Store.ErasedExports(ctx, userID, last, batch)
		if err != nil || len(erased) == 0 {
			return err
		}
		last = erased[len(erased)-1].ID
		gone := e.deleteFiles(ctx, erased, res, files)
		// The files are deleted, so the rows are deleted although ctx may have ended.
		final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWrite)
		n, err := e.Store.ForgetExports(final, gone)
		cancel()
		res.Left -= n
		if err != nil || len(gone) == 0 { // the store deletes nothing at the moment
			return err
		}
	}
}

// deleteFiles deletes the files and returns the ids of the requests without one.
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
