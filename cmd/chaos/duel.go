package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// duel makes two workers hold the same request. The first is stopped when it has stored its
// file, until its lease has expired. When the second has claimed the request, the second is
// stopped and the first continues: its writes must be refused.
func (b *breaker) duel(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, duelTime-500*time.Millisecond)
	defer cancel()
	list := b.group("worker")
	first, second := list[0], list[1]
	defer func() {
		b.lull.Store(false)
		first.signal(sigCont)
		second.signal(sigCont)
		b.links["worker to postgres"].set(conditions{})
	}()
	// The link to the database is slowed down, so that a worker keeps a request long enough.
	b.links["worker to postgres"].set(conditions{delay: 40 * time.Millisecond})

	first.arm(crashpoint.WorkerAfterBlob + ":1:stop")
	first.signal(syscall.SIGTERM)
	if err := until(ctx, "the first worker stops itself", func() bool { return first.frozen() }); err != nil {
		return err
	}
	first.unarm()
	b.lull.Store(true)
	id, token, err := b.held(ctx)
	if err != nil {
		return err
	}
	if kept, err := b.broker.holds(ctx, id); err != nil {
		return err
	} else if !kept {
		b.unkept = append(b.unkept, id)
	}
	// Few enough to stop the second worker in time without filling its slots: retries wait
	// until no first attempt does.
	b.links["worker to postgres"].set(conditions{delay: 15 * time.Millisecond})
	// The message is deleted, so that another is published after the lease has expired.
	if err := b.broker.purge(ctx); err != nil {
		return err
	}
	err = until(ctx, "the second worker claims the request", func() bool {
		var now string
		err := b.database.pool.QueryRow(ctx, "SELECT coalesce(lease_token::text, '') FROM export_request WHERE id = $1", id).Scan(&now)
		return err == nil && now != "" && now != token
	})
	if err != nil {
		return err
	}
	second.signal(syscall.SIGSTOP)
	first.signal(sigCont)
	b.won++
	b.journal.Say("       export %s is in the hands of two workers", id)
	checker.Pause(ctx, 1500*time.Millisecond)
	return nil
}

// held returns the request of a worker that was stopped after storing its file: the file
// exists and the row does not change.
func (b *breaker) held(ctx context.Context) (id, token string, err error) {
	for {
		before, err := b.unfinished(ctx)
		if err != nil {
			return "", "", err
		}
		if !checker.Pause(ctx, 700*time.Millisecond) {
			return "", "", fmt.Errorf("%w: no request has its file and goes no further", errTimedOut)
		}
		after, err := b.unfinished(ctx)
		if err != nil {
			return "", "", err
		}
		for id, token := range after {
			if before[id] == token {
				return id, token, nil
			}
		}
	}
}

// unfinished returns the requests whose lease holder has stored a file, with the lease's
// token.
func (b *breaker) unfinished(ctx context.Context) (map[string]string, error) {
	found, err := b.rendering(ctx)
	for id, token := range found {
		// The key contains the token, at a place that is not specified.
		if paths, _ := filepath.Glob(filepath.Join(b.files.dir, "exports", "*", "*"+token+"*")); len(paths) == 0 {
			delete(found, id)
		}
	}
	return found, err
}

// until polls a condition at short intervals, for conditions that hold for milliseconds only.
func until(ctx context.Context, what string, ok func() bool) error {
	for !ok() {
		if !checker.Pause(ctx, 2*time.Millisecond) {
			return fmt.Errorf("%w: waited for: %s", errTimedOut, what)
		}
	}
	return nil
}

var errTimedOut = errors.New("timed out")

// frozen reports whether the process is stopped.
func (p *process) frozen() bool {
	pid := p.pid()
	if pid == 0 {
		return false
	}
	stat, err := readProc(pid)
	return err == nil && stat.state == "T"
}

// unarm records that the crash point of the process was reached.
func (p *process) unarm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = ""
}
