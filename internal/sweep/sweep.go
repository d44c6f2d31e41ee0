// Package sweep ends exports that are past their expiry: it deletes the file, then
// sets the row to expired, and purges the row when its retention is over. Every hour
// it also searches the store for orphans: files that no row needs.
//
// Nothing depends on its timeliness: an export past its expiry is not served, swept
// or not. Any number of sweepers may run at the same time, and each may die at any
// point.
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

// Store holds the export requests.
type Store interface {
	SweepLag(ctx context.Context, most int) (export.SweepLag, error)
	MarkToSweep(ctx context.Context, since time.Time, hold time.Duration, limit int) (export.SweepBatch, error)
	FinishSweep(ctx context.Context, ids []string) (int64, error)
	PurgeExports(ctx context.Context, since time.Time, retention time.Duration, limit int) (export.SweepBatch, error)
	PurgeBatches(ctx context.Context, retention time.Duration, limit int) (int64, error)
	FilesInUse(ctx context.Context, ids []string) ([]export.FileInUse, error)
	// PurgeAudit deletes up to limit rows of the audit log that are older than the retention.
	PurgeAudit(ctx context.Context, retention time.Duration, limit int) (int64, error)
}

// Files holds the files of exports.
type Files interface {
	List(ctx context.Context, under string) iter.Seq2[export.StoredFile, error]
	Delete(ctx context.Context, key string) error
}

// Config configures a Sweeper. Store and Files are required.
type Config struct {
	Store Store
	Files Files
	// Retention is how long a row is kept after its expiry. At least MinRetention;
	// default 90 days.
	Retention time.Duration
	// AuditRetention is how long a row of the audit log is kept. At least MinAuditRetention;
	// default 90 days.
	AuditRetention time.Duration
	// OrphanAge is the age from which a file can be an orphan. At least MinOrphanAge,
	// and longer than an attempt and its lease; default an hour.
	OrphanAge time.Duration
	// DeleteUnknown deletes orphans also when most files belong to exports without a
	// row, which otherwise indicates a wrong database.
	DeleteUnknown bool
	// OrphansEvery is the time between two searches for orphans; default an hour.
	OrphansEvery time.Duration
	// Logger logs what was swept. Default: nothing is logged.
	Logger *slog.Logger
	// Observer is told of every pass. Optional.
	Observer Observer
}

// Observer is told what a Sweeper does, for metrics. It must not block.
type Observer interface {
	// Swept is called after each pass with what it did, also when it failed.
	Swept(res Result, took time.Duration, err error)
}

// MinRetention guards against a mistyped retention, which would purge rows that
// users still ask for.
const MinRetention = time.Hour

// MinAuditRetention guards against a mistyped retention of the audit log.
const MinAuditRetention = 24 * time.Hour

// MinOrphanAge guards against deleting files that are being written.
const MinOrphanAge = 10 * time.Minute

// Defaults of Config.
const (
	DefaultRetention    = 90 * 24 * time.Hour
	DefaultAudit        = 90 * 24 * time.Hour
	DefaultOrphanAge    = time.Hour
	DefaultOrphansEvery = time.Hour
)

// MaxDue is the most rows that are counted for the lag.
const MaxDue = 10_000

// Sweeper sweeps in passes.
type Sweeper struct {
	Config
	passes    *outage.Log
	deletions *outage.Log
}

// New returns a Sweeper. It returns an error when Retention or OrphanAge is too short.
func New(c Config) (*Sweeper, error) {
	if c.Retention == 0 {
		c.Retention = DefaultRetention
	}
	if c.AuditRetention == 0 {
		c.AuditRetention = DefaultAudit
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
	if c.AuditRetention < MinAuditRetention {
		return nil, errors.New("the retention of the audit log must be at least " + MinAuditRetention.String())
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

// Result says what a pass did.
type Result struct {
	Lag     export.SweepLag // before the pass, counted up to MaxDue
	Expired int64           // rows set to expired
	Files   int64           // files of expired exports deleted
	Failed  int64           // files that could not be deleted; a later pass tries again
	Purged  int64           // rows deleted
	Audit   int64           // rows of the audit log deleted
	Orphans int64           // orphans deleted
	Unknown int64           // files without a row, kept because the database may be the wrong one
	Foreign int64           // files with other names than those of exports, kept
}

// Pass sweeps what is due now, in batches, and deletes orphans. It returns and logs what it
// did, also when that is nothing or when it failed.
func (s *Sweeper) Pass(ctx context.Context) (Result, error) {
	res, err := s.pass(ctx, true)
	s.log(res)
	return res, err
}

func (s *Sweeper) pass(ctx context.Context, orphans bool) (res Result, err error) {
	if s.Observer != nil {
		start := time.Now()
		defer func() { s.Observer.Swept(res, time.Since(start), err) }()
	}
	if res.Lag, err = s.Store.SweepLag(ctx, MaxDue); err != nil {
		return res, err
	}
	if err := s.expire(ctx, &res); err != nil {
		return res, err
	}
	if err := s.purge(ctx, &res); err != nil {
		return res, err
	}
	if err := s.purgeAudit(ctx, &res); err != nil {
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
		s.log(res)
	}
}

// log logs what a pass did.
func (s *Sweeper) log(res Result) {
	s.Logger.Info("swept", "expired", res.Expired, "files", res.Files, "failed", res.Failed, "purged", res.Purged, "audit", res.Audit,
		"orphans", res.Orphans, "unknown", res.Unknown, "foreign", res.Foreign, "due", res.Lag.Due, "lag_seconds", int64(res.Lag.Oldest.Seconds()))
}

// Run makes passes at intervals of about every until ctx ends.
func (s *Sweeper) Run(ctx context.Context, every time.Duration) {
	// At a random time, so that processes started together do not search together.
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
