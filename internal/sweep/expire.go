package sweep

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
)

const (
	deletes     = 8 // files deleted at the same time
	hold        = 5 * time.Minute
	finishWrite = 10 * time.Second
)

// expire ends what is past its expiry.
func (s *Sweeper) expire(ctx context.Context, res *Result) error {
	var since time.Time
	size := newBatchSize()
	for {
		start := time.Now()
		due, err := s.Store.MarkToSweep(ctx, since, hold, size.rows)
		if err != nil {
			return err
		}
		last := due.Taken < size.rows
		size.adapt(time.Since(start))
		since = due.Through
		res.Expired += int64(due.Taken - len(due.Files))
		if len(due.Files) > 0 {
			crashpoint.Here(crashpoint.SweepAfterMark)
		}
		gone := s.deleteFiles(ctx, due.Files, res)
		if len(gone) > 0 {
			crashpoint.Here(crashpoint.SweepBeforeFinish)
			// The files are gone: the rows should say so although ctx may have ended.
			final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWrite)
			n, err := s.Store.FinishSweep(final, gone)
			cancel()
			if err != nil {
				return err
			}
			res.Expired += n
		}
		if err := ctx.Err(); err != nil || last {
			return err
		}
	}
}

// purge forgets what expired long ago.
func (s *Sweeper) purge(ctx context.Context, res *Result) error {
	var since time.Time
	size := newBatchSize()
	for {
		start := time.Now()
		gone, err := s.Store.PurgeExports(ctx, since, s.Retention, size.rows)
		if err != nil {
			return err
		}
		last := gone.Taken < size.rows
		size.adapt(time.Since(start))
		since = gone.Through
		res.Purged += int64(gone.Taken)
		if last {
			return nil
		}
	}
}

// deleteFiles deletes the files of marked rows and returns the ids of those whose
// file is gone.
func (s *Sweeper) deleteFiles(ctx context.Context, due []export.Swept, res *Result) []string {
	keys := make([]string, len(due))
	for i, d := range due {
		keys[i] = d.BlobKey
	}
	var gone []string
	for i, err := range s.deleteAll(ctx, keys) {
		if err != nil {
			res.Failed++
			s.deletions.Failed(err, "export_id", due[i].ID)
			continue
		}
		crashpoint.Here(crashpoint.SweepAfterDelete)
		res.Files++
		gone = append(gone, due[i].ID)
	}
	return gone
}

// deleteAll deletes files and returns how each deletion went.
func (s *Sweeper) deleteAll(ctx context.Context, keys []string) []error {
	errs := make([]error, len(keys))
	var group errgroup.Group
	group.SetLimit(deletes)
	for i, key := range keys {
		group.Go(func() error {
			errs[i] = s.Files.Delete(ctx, key)
			return nil
		})
	}
	_ = group.Wait() // the functions return none
	return errs
}

// batchSize is how many rows a statement takes. It follows the time that the last
// one took, so that none keeps rows and connections long, however slow the database.
type batchSize struct {
	rows int
}

const (
	firstBatch   = 500
	minBatch     = 50
	maxBatch     = 1000
	slowBatch    = 40 * time.Millisecond
	speedyBatch  = 15 * time.Millisecond
	batchChanges = 2 // times larger or smaller
)

func newBatchSize() batchSize { return batchSize{firstBatch} }

func (b *batchSize) adapt(took time.Duration) {
	switch {
	case took > slowBatch:
		b.rows = max(minBatch, b.rows/batchChanges)
	case took < speedyBatch:
		b.rows = min(maxBatch, b.rows*batchChanges)
	}
}
