package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// poisonLoadTime is the duration of a poison load: until the slow documents have used their
// first attempts and are due for the next.
const poisonLoadTime = 18 * time.Second

// poisonLoad requests six exports of poisoned resumes at once while all others continue. The
// checks measure how long the others took.
func (b *breaker) poisonLoad(ctx context.Context) error {
	start := time.Now()
	for _, w := range b.poison {
		if err := w.person.Edit(ctx, b.database.pool, int(time.Since(b.journal.Start).Milliseconds())); err != nil {
			return err
		}
		if _, err := w.person.Create(ctx, w.wish, uuid.NewString()); err != nil {
			return fmt.Errorf("asking for a resume that is %s: %w", w.person.Poison, err)
		}
	}
	checker.Pause(ctx, poisonLoadTime-time.Since(start)-time.Second)
	b.poisonLoads = append(b.poisonLoads, checker.Span{From: start, To: time.Now()})
	return nil
}

// request is a wish of a person.
type request struct {
	person *checker.Person
	wish   checker.Wish
}

// poisonOf returns the six requests of a poison load: three that are far too large, three slow
// ones.
func poisonOf(people []*checker.Person) []request {
	var list []request
	for _, kind := range []checker.Poison{checker.TooLarge, checker.Slow} {
		turn := 0
		for _, p := range people {
			if p.Poison != kind {
				continue
			}
			list = append(list, request{p, checker.Wish{ResumeID: p.Resume, Format: "pdf", Paper: "a4"}})
			if turn++; turn == 1 { // another document of the same resume
				list = append(list, request{p, checker.Wish{ResumeID: p.Resume, Format: "pdf", Paper: "letter"}})
			}
		}
	}
	return list
}

// takeoverTime is the time for a takeover, without other faults.
const takeoverTime = 13 * time.Second

// takeOver kills a worker that has just claimed a request, so that another one takes it over.
// The checks measure the time.
func (b *breaker) takeOver(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, takeoverTime-500*time.Millisecond)
	defer cancel()
	defer b.lull.Store(false)
	victim := b.group("worker")[0]
	deaths := len(victim.points())
	victim.arm(crashpoint.WorkerAfterClaim + ":1")
	victim.signal(syscall.SIGTERM)
	if err := until(ctx, "the worker dies with a request in hand", func() bool { return len(victim.points()) > deaths }); err != nil {
		return err
	}
	b.lull.Store(true)
	held, err := b.rendering(ctx)
	if err != nil {
		return err
	}
	// The other worker's requests end soon.
	checker.Pause(ctx, lease/2)
	now, err := b.rendering(ctx)
	if err != nil {
		return err
	}
	for id, token := range held {
		if now[id] != token {
			continue
		}
		err := until(ctx, "another worker claims the request", func() bool {
			var token string
			err := b.database.pool.QueryRow(ctx, "SELECT coalesce(lease_token::text, '') FROM export_request WHERE id = $1", id).Scan(&token)
			return err == nil && token != "" && token != held[id]
		})
		b.journal.Say("       export %s was in its hands", id)
		b.takeovers = append(b.takeovers, id)
		return err
	}
	return fmt.Errorf("%w: no request was in its hands", errTimedOut)
}

// rendering returns the requests that workers hold, with the tokens of their leases.
func (b *breaker) rendering(ctx context.Context) (map[string]string, error) {
	rows, err := b.database.pool.Query(ctx, "SELECT id::text, lease_token::text FROM export_request WHERE status = 'rendering'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]string{}
	for rows.Next() {
		var id, token string
		if err := rows.Scan(&id, &token); err != nil {
			return nil, err
		}
		found[id] = token
	}
	return found, rows.Err()
}
