package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/sweep"
	"github.com/letrazapp/letraz-export/internal/telemetry"
)

type sweepFlags struct {
	Retention time.Duration `help:"Time that the row of an expired export is kept, at least 1h." default:"2160h" env:"LETRAZ_RETENTION" group:"work"`
	KeepAudit time.Duration `help:"Time that rows of the audit log are kept, at least 24h." default:"2160h" env:"LETRAZ_KEEP_AUDIT" group:"work"`
	OrphanAge time.Duration `help:"Age at which a file without an export is deleted, at least 10m and longer than --deadline and --lease together." default:"1h" env:"LETRAZ_ORPHAN_AGE" group:"work"`
}

// check validates the flags.
func (f sweepFlags) check() error {
	if f.Retention < sweep.MinRetention {
		return fmt.Errorf("--retention must be at least %s", sweep.MinRetention)
	}
	if f.KeepAudit < sweep.MinAuditRetention {
		return fmt.Errorf("--keep-audit must be at least %s", sweep.MinAuditRetention)
	}
	if f.OrphanAge < sweep.MinOrphanAge {
		return fmt.Errorf("--orphan-age must be at least %s: younger files may still be on their way", sweep.MinOrphanAge)
	}
	return nil
}

func (f sweepFlags) sweeper(e *env, store *postgres.Store, files sweep.Files) (*sweep.Sweeper, error) {
	return sweep.New(sweep.Config{Store: store, Files: files, Retention: f.Retention, AuditRetention: f.KeepAudit, OrphanAge: f.OrphanAge,
		Observer: telemetry.JoinSweep(e.metrics.Sweep(), e.tracing.Sweep()), Logger: e.log})
}

type sweepCmd struct {
	dataFlags     `embed:""`
	databaseFlags `embed:""`
	blobFlags     `embed:""`
	sweepFlags    `embed:""`
	opsFlags      `embed:""`
	traceFlags    `embed:""`
	Every         *time.Duration `help:"Time between two sweeps, as 1m. Default: one pass." placeholder:"DURATION" group:"work"`
	DeleteUnknown bool           `help:"Delete files without an export even when the database has no row for most of them, which otherwise is taken for the wrong database." group:"work"`
}

// Validate is called by kong.
func (s *sweepCmd) Validate() error {
	if s.Every != nil && *s.Every < time.Second {
		return errors.New("--every must be at least 1s; leave it out for one pass")
	}
	return s.sweepFlags.check()
}

// Run makes one pass and prints the counts, or one every --every until it is stopped.
func (s *sweepCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	if err := s.startTracing(e, "sweep", &c); err != nil {
		return err
	}
	if s.Every != nil {
		e.metrics = s.metrics("sweep")
	}
	store, files, err := openForUpkeep(e, "sweep", s.dataFlags, s.databaseFlags, s.blobFlags, &c)
	if err != nil {
		return err
	}
	sweeper, err := s.sweeper(e, store, files)
	if err != nil {
		return err
	}
	sweeper.DeleteUnknown = s.DeleteUnknown
	if s.Every != nil {
		p := parts{store: store, files: files, metrics: e.metrics, log: e.log}
		e.log.Info("the sweeper is ready", "every", s.Every.String())
		return p.runRole(e.ctx, s.opsFlags, p.health("postgres", "store"), func(ctx context.Context) error {
			sweeper.Run(ctx, *s.Every)
			return nil
		}, "postgres", "store")
	}
	res, err := sweeper.Pass(e.ctx)
	due := fmt.Sprint(res.Lag.Due)
	if res.Lag.Due == sweep.MaxDue {
		due = "at least " + due
	}
	fmt.Fprintf(e.stdout, "expired %d, files deleted %d, failed %d, purged %d, audit rows purged %d, orphans deleted %d, unknown files %d, foreign files %d; before that %s were due, the oldest for %s\n",
		res.Expired, res.Files, res.Failed, res.Purged, res.Audit, res.Orphans, res.Unknown, res.Foreign, due, res.Lag.Oldest.Round(time.Second))
	if err == nil && res.Failed > 0 {
		err = fmt.Errorf("%d files could not be deleted; the log says why, and the next pass tries again", res.Failed)
	}
	if err == nil && res.Unknown > 0 {
		err = fmt.Errorf("%d files belong to exports that this database does not know, and few others are there: nothing of them was deleted. "+
			"Check --database-url and --blob-url; if both are right, sweep again with --delete-unknown", res.Unknown)
	}
	return err
}
