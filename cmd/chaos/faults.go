package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

const sigCont = syscall.SIGCONT

// breaker causes the faults, each at its time and concurrently with others.
type breaker struct {
	*rig
	lull        *atomic.Bool // reduces the rate of the clients
	won         int          // duels in which two workers held the same request
	takeovers   []string     // requests whose worker was killed
	poison      []request    // of a poison load
	poisonLoads []checker.Span
	// unkept are requests whose message was missing from the stream while a worker had them,
	// although nobody deleted it.
	unkept []string
	wait   sync.WaitGroup
}

// play causes the faults of a schedule and returns when the last one is over.
func (b *breaker) play(ctx context.Context, list []fault) {
	start := time.Now()
	for _, f := range list {
		if !checker.Pause(ctx, f.at-time.Since(start)) {
			break
		}
		b.wait.Go(func() { b.bring(ctx, f) })
	}
	b.wait.Wait()
}

// bring causes one fault.
func (b *breaker) bring(ctx context.Context, f fault) {
	b.journal.Say("fault: %s", f)
	b.journal.Count(f.kind)
	from := time.Now()
	err := b.do(ctx, f)
	if f.breaks() {
		b.journal.Broke(from, time.Now().Add(f.recovery()))
	}
	if f.disturbs() {
		// A process may notice a broken connection only when it uses it again.
		b.journal.Disturbed(from, time.Now().Add(2*time.Second))
	}
	if err != nil && ctx.Err() == nil {
		b.journal.Say("fault: %s: %v", f, err)
	}
}

// breaks reports whether something may fail during the fault or for some time after it.
func (f fault) breaks() bool {
	return f.kind != takeOver && f.kind != poisonLoad && f.kind != leaveAlone
}

// recovery returns the time after the fault during which exports may take longer.
func (f fault) recovery() time.Duration {
	if f.touches() == "nats" || strings.HasSuffix(f.target, "to nats") {
		return 15 * time.Second // the dispatcher looks for missing streams and consumers every ten seconds
	}
	return 6 * time.Second
}

// disturbs reports whether an API may have failed to reach the database during the fault.
func (f fault) disturbs() bool {
	switch f.kind {
	case postgresFast, postgresNow, postgresKill:
		return true
	}
	return strings.HasPrefix(f.target, "api")
}

func (b *breaker) do(ctx context.Context, f fault) error {
	switch f.kind {
	case killProcess:
		b.named(f.target).signal(syscall.SIGKILL)
	case restartProcess:
		b.named(f.target).signal(syscall.SIGTERM)
	case freezeProcess:
		p := b.named(f.target)
		p.signal(syscall.SIGSTOP)
		checker.Pause(ctx, f.hold)
		p.signal(syscall.SIGCONT)
	case killBrowser:
		return b.killBrowser(b.named(f.target))
	case postgresFast:
		return b.database.restart(ctx, syscall.SIGINT)
	case postgresNow:
		return b.database.restart(ctx, syscall.SIGQUIT)
	case postgresKill:
		return b.database.restart(ctx, syscall.SIGKILL)
	case natsKill:
		return b.broker.kill(ctx, false)
	case natsEmpty:
		return b.broker.kill(ctx, true)
	case streamPurge:
		return b.broker.purge(ctx)
	case streamDelete:
		return b.broker.deleteStream(ctx)
	case consumerDelete:
		return b.broker.deleteConsumers(ctx)
	case linkDelay:
		b.disturb(ctx, f, conditions{delay: 300 * time.Millisecond})
	case linkThin:
		b.disturb(ctx, f, conditions{rate: 20 << 10})
	case linkSilent:
		b.disturb(ctx, f, conditions{silent: true})
	case linkCut:
		b.disturb(ctx, f, conditions{cut: true})
	case filesFull:
		if err := b.files.fill(); err != nil {
			return err
		}
		checker.Pause(ctx, f.hold)
		return b.files.drain()
	case filesAway:
		if err := b.files.swap(); err != nil {
			return err
		}
		checker.Pause(ctx, f.hold)
		return b.files.swap()
	case migrateTwice:
		return b.migrateTwice(ctx)
	case rollWorkers:
		b.rollWorkers(ctx)
	case crashAt:
		b.crashSomeone(f.target)
	case freezeBrowser:
		return b.freezeBrowser(ctx, b.named(f.target), f.hold)
	case fenceDuel:
		return b.duel(ctx)
	case takeOver:
		return b.takeOver(ctx)
	case poisonLoad:
		return b.poisonLoad(ctx)
	case leaveAlone: // no fault
	default:
		return fmt.Errorf("%q is no kind of fault", f.kind)
	}
	return nil
}

// disturb changes the conditions of a link for some time.
func (b *breaker) disturb(ctx context.Context, f fault, w conditions) {
	l := b.links[f.target]
	l.set(w)
	checker.Pause(ctx, f.hold)
	l.set(conditions{})
}

// killBrowser kills one process of a worker's browsers: usually a renderer, sometimes a whole
// browser.
func (b *breaker) killBrowser(worker *process) error {
	victim, err := b.browserOf(worker)
	if err != nil {
		return err
	}
	return syscall.Kill(victim.pid, syscall.SIGKILL)
}

// freezeBrowser stops one process of a worker's browsers for some time, which delays its
// print.
func (b *breaker) freezeBrowser(ctx context.Context, worker *process, hold time.Duration) error {
	victim, err := b.browserOf(worker)
	if err != nil {
		return err
	}
	if err := syscall.Kill(victim.pid, syscall.SIGSTOP); err != nil {
		return err
	}
	checker.Pause(ctx, hold)
	if !victim.alive() { // its browser was replaced
		return nil
	}
	return syscall.Kill(victim.pid, syscall.SIGCONT)
}

// browserOf returns a random process of a worker's browsers, found among the descendants of
// the worker.
func (b *breaker) browserOf(worker *process) (proc, error) {
	below := descendants(worker.pid())
	if worker.pid() == 0 || len(below) == 0 {
		return proc{}, fmt.Errorf("%s has no browser at the moment", worker.name)
	}
	victim := below[b.journal.Number("browser")%len(below)]
	b.journal.Say("       it is %s (pid %d)", victim.command, victim.pid)
	return victim, nil
}

// migrateTwice runs two migrations at once. Both must succeed if no other fault is active;
// otherwise a failed one is repeated later.
func (b *breaker) migrateTwice(ctx context.Context) error {
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := b.migrate(ctx)
			errs <- err
		}()
	}
	first, second := <-errs, <-errs
	if first != nil {
		return first
	}
	return second
}

// rollWorkers restarts the workers one after the other, as a deployment does.
func (b *breaker) rollWorkers(ctx context.Context) {
	for _, p := range b.group("worker") {
		before := p.pid()
		p.signal(syscall.SIGTERM)
		for p.pid() == before || p.age() < time.Second {
			if !checker.Pause(ctx, 50*time.Millisecond) {
				return
			}
		}
	}
}

// crashSomeone restarts a process of the point's role with the crash point armed.
func (b *breaker) crashSomeone(point string) {
	role, _, _ := strings.Cut(point, ".")
	list := b.group(role)
	p := list[b.journal.Number(role)%len(list)]
	p.arm(point)
	p.signal(syscall.SIGTERM)
}
