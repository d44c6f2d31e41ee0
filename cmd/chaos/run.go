package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// Time limits of the parts of a run.
const (
	shortFaults = 88 * time.Second
	walkLimit   = 45 * time.Second
	// A message that was lost three times is published again after four minutes.
	drainLimit      = 8 * time.Minute
	shortDrainLimit = 100 * time.Second
)

// chaos performs a run and returns the last line of the output. It leaves nothing behind,
// except a directory with logs after a failure.
func chaos(ctx context.Context, o options, out io.Writer) (verdict string, ok bool) {
	fmt.Fprintf(out, "chaos: seed=%d duration=%s\n", o.seed, o.duration)
	fail := func(err error) (string, bool) {
		if ctx.Err() != nil {
			err = errors.New("it was interrupted")
		}
		return fmt.Sprintf("chaos: FAIL seed=%d: the run could not be made: %v", o.seed, err), false
	}
	program, err := filepath.Abs(o.program)
	if err != nil {
		return fail(err)
	}
	dir, err := os.MkdirTemp("", "letraz-chaos-*")
	if err != nil {
		return fail(err)
	}
	r := &rig{dir: dir, program: program, journal: checker.NewJournal(out)}
	result, err := o.perform(ctx, r)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	err = errors.Join(err, r.dismantle(ending))
	if ctx.Err() != nil {
		err = errors.Join(err, os.RemoveAll(dir))
		return fail(err)
	}
	if err != nil {
		fmt.Fprintf(out, "\nthe logs of all processes are in %s/logs\n", dir)
		return fail(errors.Join(err, keepLogs(dir)))
	}
	result.table(out)
	result.slowest(out)
	result.details(out)
	ok = len(result.violations) == 0
	if ok && !o.keep {
		err = os.RemoveAll(dir)
	} else {
		err = keepLogs(dir)
	}
	if err != nil {
		fmt.Fprintf(out, "clearing up: %v\n", err)
	}
	return result.verdict(), ok
}

// trial is the running system and its clients.
type trial struct {
	*rig
	*checker.Load
}

// perform starts everything, causes the faults and returns the facts.
func (o options) perform(ctx context.Context, r *rig) (outcome, error) {
	res := outcome{seed: o.seed, dir: r.dir, ledger: checker.NewLedger()}
	if err := buildRig(ctx, r); err != nil {
		return res, err
	}
	if !r.files.mounted {
		r.journal.Say("the file store has no disk of its own here: it is filled in another way, or not at all")
	}
	users, err := createUsers(ctx, r)
	if err != nil {
		return res, err
	}
	l := &trial{r, &checker.Load{DB: r.database.pool, Ledger: res.ledger, Readings: checker.NewReadings(), People: users, Rate: o.rate}}
	l.Bulk.Store(true)
	l.Damage = func(id, owner string) error {
		err := r.files.damage(id, owner)
		if err == nil {
			r.journal.Count(damageFile)
		}
		return err
	}
	w := newWitness(r)
	watching, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	go w.watch(watching)

	r.armWalk(o.seed, crashpoint.Points())
	for _, p := range r.roles {
		p.start()
	}
	if err := l.open(ctx); err != nil {
		return res, err
	}
	if err := o.runFaults(ctx, &res, l); err != nil {
		return res, err
	}
	growth := w.growth()
	stopWatching()
	w.look()
	return res, o.judge(ctx, &res, l, w, growth)
}

// runFaults runs the clients and the faults, ends all faults and waits until the queue is
// empty.
func (o options) runFaults(ctx context.Context, res *outcome, l *trial) error {
	asking, stopAsking := context.WithCancel(ctx)
	defer stopAsking()
	following, stopFollowing := context.WithCancel(ctx)
	defer stopFollowing()
	walked := time.Now()
	l.Start(asking, following, o.seed)
	l.journal.Say("clients ask for %.0f exports a second; first every crash point ends a process", o.rate)
	l.walk(ctx, walkLimit)
	l.disarm()
	l.journal.Disturbed(walked, time.Now())

	b := &breaker{rig: l.rig, lull: &l.Lull, poison: poisonOf(l.People)}
	b.play(ctx, schedule(o.seed, l.plan(o.duration)))
	res.won, res.unkept, res.takeovers, res.poisonLoads = b.won, b.unkept, b.takeovers, b.poisonLoads
	l.heal()
	l.walkAgain(ctx, o.seed, walkLimit)
	l.disarm()
	stopAsking()
	l.Asking.Wait()
	l.journal.Say("all is healed and nobody asks any more; the queue drains")
	healed := time.Now()
	limit := drainLimit
	if o.short {
		limit = shortDrainLimit
	}
	left, err := l.settle(ctx, limit)
	if err != nil {
		return err
	}
	res.drain = time.Since(healed)
	l.journal.Say("drained in %.1f s, %d requests left", res.drain.Seconds(), left)
	stopFollowing()
	l.Following.Wait()
	return nil
}

// judge stops every role, so that nothing changes any more, and returns all violations.
func (o options) judge(ctx context.Context, res *outcome, l *trial, w *witness, found []checker.Violation) (err error) {
	rest, err := l.now(ctx)
	if err != nil {
		return err
	}
	if err := l.stopRoles(ctx); err != nil {
		found = append(found, violation("leaked", "", err.Error()))
	}
	if res.facts, err = l.settled(ctx); err != nil {
		return err
	}
	res.facts.Takeovers, res.facts.PoisonLoads = res.takeovers, res.poisonLoads
	res.facts.Rest = rest
	found = append(found, res.ledger.Violations...)
	found = append(found, checker.Check(res.facts)...)
	found = append(found, w.leftovers(ctx)...)
	for _, point := range l.missed() {
		found = append(found, violation("unproven", "", "no process was ended at "+point))
	}
	for _, id := range res.unkept {
		found = append(found, violation("unkept", id, "its message was acknowledged while a worker held it"))
	}
	if len(res.takeovers) == 0 {
		found = append(found, violation("unproven", "", "no killed worker left a request to another one"))
	}
	if len(res.poisonLoads) == 0 {
		found = append(found, violation("unproven", "", "there was no poison load"))
	}
	if res.won == 0 {
		found = append(found, violation("unproven", "", "in no duel two workers held the same request"))
	}
	res.violations, res.counts, res.points = found, l.journal.Counts, l.reached()
	res.took = time.Since(l.journal.Start)
	return nil
}

// settled returns the facts after a last sweep, for which all files are a day old, so that it
// deletes those that no row names.
func (l *trial) settled(ctx context.Context) (checker.Facts, error) {
	f, err := gather(ctx, l)
	if err != nil {
		return f, err
	}
	var forgotten []checker.Stored
	for _, key := range f.Orphans() {
		forgotten = append(forgotten, f.Files[key])
	}
	if err := age(forgotten); err != nil {
		return f, err
	}
	if err := l.unmark(ctx); err != nil {
		return f, err
	}
	swept, err := l.now(ctx)
	if err != nil {
		return f, err
	}
	out, err := once(ctx, l.program, l.environment("sweep"), "sweep")
	l.journal.Say("a last sweep: %s", strings.TrimSpace(out))
	if err != nil {
		return f, err
	}
	if f, err = gather(ctx, l); err != nil {
		return f, err
	}
	f.Swept = swept
	f.OrphansFail = strings.Contains(out, "orphans") // the sweep has the option to remove orphans
	return f, nil
}

// now returns the database's time, which dates every status.
func (l *trial) now(ctx context.Context) (now time.Time, err error) {
	err = l.database.pool.QueryRow(ctx, "SELECT now()").Scan(&now)
	return now, err
}

// unmark makes the marks of dead sweepers expire.
func (l *trial) unmark(ctx context.Context) error {
	return l.database.exec(ctx, "UPDATE export_request SET sweep_until = now() WHERE sweep_until > now()")
}

func (r *rig) plan(length time.Duration) plan {
	p := plan{length: length, lease: lease, links: checker.Sorted(r.links)}
	for _, role := range r.roles {
		if role.name[0] == 'w' {
			p.workers = append(p.workers, role.name)
		} else {
			p.others = append(p.others, role.name)
		}
	}
	return p
}

// open waits until an API answers and reads what it supports.
func (l *trial) open(ctx context.Context) error {
	return checker.Retry(ctx, func() error {
		first := l.People[0]
		if _, _, err := first.Call(ctx, "GET", "/readyz", nil, nil); err != nil {
			return err
		}
		keys, err := first.KnowsKeys(ctx)
		if err != nil {
			return err
		}
		for _, p := range l.People {
			p.Keys = keys
		}
		l.journal.Say("the API answers; it honours Idempotency-Key: %v", keys)
		return nil
	})
}

// settle waits until the queue is empty.
func (l *trial) settle(ctx context.Context, limit time.Duration) (int, error) {
	if err := l.unmark(ctx); err != nil {
		return 0, err
	}
	return checker.Drained(ctx, l.database.pool, limit)
}

// stopRoles stops every role with SIGTERM.
func (r *rig) stopRoles(ctx context.Context) error {
	stopped := make(chan error, len(r.roles))
	for _, p := range r.roles {
		go func() { stopped <- p.stop(ctx, 15*time.Second) }()
	}
	var errs []error
	for range r.roles {
		errs = append(errs, <-stopped)
	}
	return errors.Join(errs...)
}

// dismantle stops everything that still runs.
func (r *rig) dismantle(ctx context.Context) error {
	errs := []error{r.stopRoles(ctx)}
	for _, l := range r.links {
		l.close()
	}
	if r.broker != nil {
		errs = append(errs, r.broker.process.stop(ctx, 10*time.Second))
	}
	if r.database != nil {
		errs = append(errs, r.database.close())
	}
	if r.files != nil {
		errs = append(errs, r.files.close())
	}
	return errors.Join(errs...)
}

// keepLogs removes all files of a run but the logs.
func keepLogs(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if e.Name() != "logs" {
			errs = append(errs, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(errs...)
}
