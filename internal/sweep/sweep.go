// Package sweep ends exports whose time is over: first the file goes, then the
// row says expired, and long after that the row itself is forgotten. Now and then
// it also looks through the files for those that no row needs.
//
// Nothing depends on it being on time: a request past its expiry is not served,
// swept or not. Any number of sweepers may run, and any may die at any point.
package sweep

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/outage"
)

// Store is where requests live.
type Store interface {
	SweepLag(ctx context.Context, most int) (export.SweepLag, error)
	MarkToSweep(ctx context.Context, since time.Time, hold time.Duration, limit int) (export.SweepBatch, error)
	FinishSweep(ctx context.Context, ids []string) (int64, error)
	PurgeExports(ctx context.Context, since time.Time, retention time.Duration, limit int) (export.SweepBatch, error)
	FilesInUse(ctx context.Context, ids []string) ([]export.FileInUse, error)
}

// Files holds the bytes of exports.
type Files interface {
	List(ctx context.Context, under string) iter.Seq2[export.StoredFile, error]
	Delete(ctx context.Context, key string) error
}

// Config is what a Sweeper needs.
type Config struct {
	Store Store
	Files Files
	// Retention is how long a row stays after it expired. At least MinRetention;
	// default 90 days.
	Retention time.Duration
	// OrphanAge is how old a file is before it is asked whether any row needs it.
	// At least MinOrphanAge, and longer than an attempt takes; default an hour.
	OrphanAge time.Duration
	// DeleteUnknown deletes orphans also when most files belong to exports that the
	// database does not know, which otherwise looks like the wrong database.
	DeleteUnknown bool
	// OrphansEvery is the time between two looks through all files; default an hour.
	OrphansEvery time.Duration
	// Logger gets what was swept. Default: nothing is logged.
	Logger *slog.Logger
}

// MinRetention keeps a slip of the pen from erasing what users still ask about.
const MinRetention = time.Hour

// MinOrphanAge keeps one from taking files that are being written.
const MinOrphanAge = 10 * time.Minute

// Defaults of Config.
const (
	DefaultRetention    = 90 * 24 * time.Hour
	DefaultOrphanAge    = time.Hour
	DefaultOrphansEvery = time.Hour
)

// MaxDue is how far the lag is counted: there may be more.
const MaxDue = 10_000

// Sweeper makes passes.
type Sweeper struct {
	Config
	passes    *outage.Log
	deletions *outage.Log
}

// New returns a Sweeper, or an error for a time that is too short.
func New(c Config) (*Sweeper, error) {
	if c.Retention == 0 {
		c.Retention = DefaultRetention
	}
	if c.OrphanAge == 0 {
		c.OrphanAge = DefaultOrphanAge
	}
	if c.OrphansEvery == 0 {
		c.OrphansEvery = DefaultOrphansEvery
	}
	if c.Retention < MinRetention {
		return nil, errors.New("the retention of expired exports must be at least " + MinRetention.String())
	}
	if c.OrphanAge < MinOrphanAge {
		return nil, errors.New("the age of files that no export needs must be at least " + MinOrphanAge.String())
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Sweeper{
		Config: c,
		passes: outage.New(c.Logger, outage.Options{Level: slog.LevelWarn, Fault: "a sweep failed: the next one goes on", Over: "sweeps succeed again"}),
		deletions: outage.New(c.Logger, outage.Options{Level: slog.LevelWarn,
			Fault: "files cannot be deleted: later sweeps try again. Check that the file store can be written", Over: "files are deleted again"}),
	}, nil
}

// Result is what a pass did.
type Result struct {
	Lag     export.SweepLag // before the pass; no more than MaxDue are counted
	Expired int64           // rows that now say expired
	Files   int64           // files deleted
	Failed  int64           // files that could not be deleted; they come again
	Purged  int64           // rows forgotten
	Orphans int64           // files deleted that no row needed
	Unknown int64           // files left alone because the database does not know their exports, nor most others
	Foreign int64           // files that are no export's, left alone
}

// Pass sweeps everything that is due now, in batches, looks through all files for
// orphans, and returns what it did also when it failed on the way.
func (s *Sweeper) Pass(ctx context.Context) (Result, error) {
	return s.pass(ctx, true)
}

func (s *Sweeper) pass(ctx context.Context, orphans bool) (res Result, err error) {
	if res.Lag, err = s.Store.SweepLag(ctx, MaxDue); err != nil {
		return res, err
	}
	if err := s.expire(ctx, &res); err != nil {
		return res, err
	}
	if err := s.purge(ctx, &res); err != nil {
		return res, err
	}
	if orphans {
		err = s.deleteOrphans(ctx, &res)
	}
	return res, err
}

// report logs how a pass went.
func (s *Sweeper) report(res Result, err error) {
	if err != nil {
		s.passes.Failed(err)
		return
	}
	s.passes.Recovered()
	if res.Failed == 0 && res.Files+res.Orphans > 0 {
		s.deletions.Recovered()
	}
	did := res
	did.Lag, did.Failed = export.SweepLag{}, 0
	if did != (Result{}) {
		s.Logger.Info("swept", "expired", res.Expired, "files", res.Files, "failed", res.Failed, "purged", res.Purged,
			"orphans", res.Orphans, "unknown", res.Unknown, "foreign", res.Foreign, "due", res.Lag.Due, "lag_seconds", int64(res.Lag.Oldest.Seconds()))
	}
}

// Run makes a pass every interval until ctx ends.
func (s *Sweeper) Run(ctx context.Context, every time.Duration) {
	// Not at the start, and not the same moment in every process.
	orphansDue := time.Now().Add(rand.N(s.OrphansEvery))
	for ctx.Err() == nil {
		orphans := !time.Now().Before(orphansDue)
		res, err := s.pass(ctx, orphans)
		if ctx.Err() == nil {
			s.report(res, err)
		}
		if orphans {
			orphansDue = time.Now().Add(s.OrphansEvery)
		}
		timer := time.NewTimer(every*3/4 + rand.N(every/2+1))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}
