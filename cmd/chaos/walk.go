package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// armWalk arms every crash point of each role in one of its processes; a process reaches them
// in successive runs. The points of dispatchers are armed twice, because another dispatcher
// may do the work that is due.
func (r *rig) armWalk(seed uint64, points []string) {
	draw := rand.New(rand.NewPCG(seed, 2))
	turn := map[string]int{}
	deal := func(point string, pass int) {
		role, _, _ := strings.Cut(point, ".")
		list := r.group(role)
		list[turn[role]%len(list)].arm(fmt.Sprintf("%s:%d", point, pass))
		turn[role]++
	}
	for _, point := range points {
		pass := 1
		if strings.HasPrefix(point, "worker") || strings.HasPrefix(point, "api") {
			pass += draw.IntN(3)
		}
		deal(point, pass)
	}
	turn["dispatch"]++
	for _, point := range points {
		if strings.HasPrefix(point, "dispatch") {
			deal(point, 1)
		}
	}
}

// reached returns how often each point ended a process.
func (r *rig) reached() map[string]int {
	counts := map[string]int{}
	for _, p := range r.roles {
		for _, point := range p.points() {
			counts[point]++
		}
	}
	return counts
}

// missed returns the points that have not ended a process yet.
func (r *rig) missed() []string {
	counts := r.reached()
	return slices.DeleteFunc(crashpoint.Points(), func(point string) bool { return counts[point] > 0 })
}

// walk waits until every point was reached, at most for limit.
func (r *rig) walk(ctx context.Context, limit time.Duration) {
	deadline := time.Now().Add(limit)
	for len(r.missed()) > 0 && time.Now().Before(deadline) {
		if !checker.Pause(ctx, 100*time.Millisecond) {
			return
		}
	}
}

// walkAgain arms the missed points again and restarts their processes.
func (r *rig) walkAgain(ctx context.Context, seed uint64, limit time.Duration) {
	missed := r.missed()
	if len(missed) == 0 {
		return
	}
	r.journal.Say("crash points not reached yet: %s", strings.Join(missed, ", "))
	r.disarm()
	r.armWalk(seed+1, missed)
	for _, p := range r.roles {
		if p.waiting() {
			p.signal(syscall.SIGTERM)
		}
	}
	r.walk(ctx, limit)
}

// disarm removes all crash points and restarts the processes that have one.
func (r *rig) disarm() {
	for _, p := range r.roles {
		if p.disarm() {
			p.signal(syscall.SIGTERM)
		}
	}
}

// waiting reports whether a crash point is armed for a later run.
func (p *process) waiting() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.arms) > 0
}
