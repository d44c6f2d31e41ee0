package sweep

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
)

const (
	deletes     = 8                // files deleted at the same time
	hold        = 5 * time.Minute  // how long other sweepers skip a marked row
	finishWrite = 10 * time.Second // limit of the last write of a batch
)

// expire sets rows past their expiry to expired, in batches, once their files are
// deleted.
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
		s.expired(due.Expired)
		gone := s.deleteFiles(ctx, due.Files, res)
		if len(gone) > 0 {
			crashpoint.Here(crashpoint.SweepBeforeFinish)
			// The files are deleted, so the rows are updated although ctx may have ended.
			final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWrite)
			n, err := s.Store.FinishSweep(final, idsOf(gone))
			cancel()
			if err != nil {
				return err
			}
			res.Expired += n
			s.expired(gone)
		}
		if err := ctx.Err(); err != nil || last {
			return err
		}
	}
}

// purge deletes rows whose retention is over, in batches.
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
			return s.purgeBatches(ctx)
		}
	}
}

// purgeBatches deletes the batches whose exports are purged.
func (s *Sweeper) purgeBatches(ctx context.Context) error {
	for {
		n, err := s.Store.PurgeBatches(ctx, s.Retention, firstBatch)
		if err != nil || n < firstBatch {
			return err
		}
	}
}

// purgeAudit deletes rows of the audit log whose retention is over, in batches.
func (s *Sweeper) purgeAudit(ctx context.Context, res *Result) error {
	size := newBatchSize()
	for {
		start := time.Now()
		n, err := s.Store.PurgeAudit(ctx, s.AuditRetention, size.rows)
		if err != nil {
			return err
		}
		last := n < int64(size.rows)
		size.adapt(time.Since(start))
		res.Audit += n
		if last {
			return nil
		}
	}
}

// expired logs the end of each export.
func (s *Sweeper) expired(exports []export.Swept) {
	for _, e := range exports {
		s.Logger.Info("export expired", e.LogAttrs()...)
	}
}

func idsOf(exports []export.Swept) []string {
	ids := make([]string, len(exports))
	for i, e := range exports {
		ids[i] = e.ID
	}
	return ids
}

// deleteFiles deletes the files of marked rows and returns the rows whose file is deleted.
func (s *Sweeper) deleteFiles(ctx context.Context, due []export.Swept, res *Result) []export.Swept {
	keys := make([]string, len(due))
	for i, d := range due {
		keys[i] = d.BlobKey
	}
	var gone []export.Swept
	for i, err := range s.deleteAll(ctx, keys) {
		if err != nil {
			res.Failed++
			s.deletions.Failed(err, "export_id", due[i].ID)
			continue
		}
		crashpoint.Here(crashpoint.SweepAfterDelete)
		res.Files++
		gone = append(gone, due[i])
	}
	return gone
}

// deleteAll deletes files and returns an error, or nil, for each.
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

// batchSize is the number of rows that one statement takes. It adapts to the time
// that the last statement took, so that rows are not locked for long.
type batchSize struct {
	rows int
}

const (
	firstBatch  = 500
	minBatch    = 50
	maxBatch    = 1000
	slowBatch   = 40 * time.Millisecond // longer: the next batch is smaller
	fastBatch   = 15 * time.Millisecond // shorter: the next batch is larger
	batchFactor = 2
)

func newBatchSize() batchSize { return batchSize{firstBatch} }

func (b *batchSize) adapt(took time.Duration) {
	switch {
	case took > slowBatch:
		b.rows = max(minBatch, b.rows/batchFactor)
	case took < fastBatch:
		b.rows = min(maxBatch, b.rows*batchFactor)
	}
}
