// Package sweep ends exports whose time is over: first the file goes, then the
// row says expired, and long after that the row itself is forgotten.
//
// Nothing depends on it being on time: a request past its expiry is not served,
// swept or not. Any number of sweepers may run, and any may die at any point.
package sweep

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Store is where requests live.
type Store interface {
	MarkToSweep(ctx context.Context, hold time.Duration, limit int) ([]export.Swept, error)
	FinishSweep(ctx context.Context, ids []string) (int64, error)
	PurgeExports(ctx context.Context, retention time.Duration, limit int) (int64, error)
}

// Files holds the bytes of exports.
type Files interface {
	Delete(ctx context.Context, key string) error
}

// Config is what a Sweeper needs.
type Config struct {
	Store Store
	Files Files
	// Retention is how long a row stays after it expired. At least MinRetention;
	// default 90 days.
	Retention time.Duration
	// Logger gets what was swept. Default: nothing is logged.
	Logger *slog.Logger
}

// MinRetention keeps a slip of the pen from erasing what users still ask about.
const MinRetention = time.Hour

// DefaultRetention is how long expired rows are kept.
const DefaultRetention = 90 * 24 * time.Hour

const (
	batch       = 500 // rows in one statement: a few milliseconds
	deletes     = 8   // files deleted at the same time
	hold        = 5 * time.Minute
	finishWrite = 10 * time.Second
)

// Sweeper makes passes.
type Sweeper struct {
	Config
}

// New returns a Sweeper, or an error for a retention that is too short.
func New(c Config) (*Sweeper, error) {
	if c.Retention == 0 {
		c.Retention = DefaultRetention
	}
	if c.Retention < MinRetention {
		return nil, errors.New("the retention of expired exports must be at least " + MinRetention.String())
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Sweeper{Config: c}, nil
}

// Result is what a pass did.
type Result struct {
	Expired int64 // rows that now say expired
	Files   int64 // files deleted
	Failed  int64 // files that could not be deleted; their rows come again
	Purged  int64 // rows forgotten
}

// Pass sweeps everything that is due now, in batches, and returns what it did
// also when it failed on the way.
func (s *Sweeper) Pass(ctx context.Context) (Result, error) {
	var res Result
	for {
		due, err := s.Store.MarkToSweep(ctx, hold, batch)
		if err != nil {
			return res, err
		}
		gone := s.deleteFiles(ctx, due, &res)
		if len(gone) > 0 {
			// The files are gone: the rows should say so although ctx may have ended.
			final, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWrite)
			n, err := s.Store.FinishSweep(final, gone)
			cancel()
			if err != nil {
				return res, err
			}
			res.Expired += n
		}
		if err := ctx.Err(); err != nil {
			return res, err
		}
		if len(due) < batch {
			break
		}
	}
	for {
		n, err := s.Store.PurgeExports(ctx, s.Retention, batch)
		res.Purged += n
		if err != nil || n < batch {
			return res, err
		}
	}
}

// deleteFiles deletes the files of marked rows and returns the ids of those that
// have none any more.
func (s *Sweeper) deleteFiles(ctx context.Context, due []export.Swept, res *Result) []string {
	ok := make([]bool, len(due))
	var group errgroup.Group
	group.SetLimit(deletes)
	for i, d := range due {
		if d.BlobKey == "" {
			ok[i] = true
			continue
		}
		group.Go(func() error {
			if err := s.Files.Delete(ctx, d.BlobKey); err != nil {
				s.Logger.Warn("an expired file could not be deleted; a later pass tries again", "export_id", d.ID, "error", err)
				return nil
			}
			ok[i] = true
			return nil
		})
	}
	_ = group.Wait() // the functions return none
	gone := make([]string, 0, len(due))
	for i, d := range due {
		switch {
		case !ok[i]:
			res.Failed++
			continue
		case d.BlobKey != "":
			res.Files++
		}
		gone = append(gone, d.ID)
	}
	return gone
}

// Run makes a pass every interval until ctx ends.
func (s *Sweeper) Run(ctx context.Context, every time.Duration) {
	for ctx.Err() == nil {
		res, err := s.Pass(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			s.Logger.Warn("a sweep failed; the next one goes on", "error", err)
		case res != Result{}:
			s.Logger.Info("swept", "expired", res.Expired, "files", res.Files, "failed", res.Failed, "purged", res.Purged)
		}
		timer := time.NewTimer(every*3/4 + rand.N(every/2+1))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}
