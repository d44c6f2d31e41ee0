package main

import (
	"slices"
	"testing"
	"time"
)

func testPlan(length time.Duration) plan {
	return plan{length: length, lease: 5 * time.Second, workers: []string{"worker-1", "worker-2"},
		others: []string{"api-1", "api-2", "dispatch-1", "dispatch-2", "sweep-1"},
		links:  []string{"api to nats", "api to postgres", "worker to nats", "worker to postgres"}}
}

func TestSchedule_SeedRepeats(t *testing.T) {
	p := testPlan(10 * time.Minute)
	if !slices.Equal(schedule(7, p), schedule(7, p)) {
		t.Error("the same seed gave two schedules")
	}
	if slices.Equal(schedule(7, p), schedule(8, p)) {
		t.Error("two seeds gave one schedule")
	}
}

func TestSchedule_ShortRunHasEveryKind(t *testing.T) {
	for seed := range uint64(50) {
		kinds := map[string]bool{}
		for _, f := range schedule(seed, testPlan(shortFaults)) {
			kinds[f.kind] = true
			if f.at > shortFaults {
				t.Errorf("seed %d: %s comes at %s", seed, f, f.at)
			}
		}
		for _, kind := range []string{killProcess, freezeProcess, restartProcess, killBrowser, postgresFast, postgresNow, postgresKill,
			natsKill, natsEmpty, streamPurge, streamDelete, consumerDelete, linkDelay, linkThin, linkSilent, linkCut,
			filesFull, filesAway, migrateTwice, rollWorkers, crashAt, freezeBrowser, fenceDuel, takeOver, poisonLoad} {
			if !kinds[kind] {
				t.Errorf("seed %d: no %s", seed, kind)
			}
		}
	}
}

func TestSchedule_NoFaultsDuringDuel(t *testing.T) {
	list := schedule(3, testPlan(10*time.Minute))
	duels := 0
	for i, f := range list {
		if f.kind != fenceDuel {
			continue
		}
		duels++
		if i+1 < len(list) && list[i+1].at < f.at+duelTime {
			t.Errorf("%s comes %s after a duel began", list[i+1], list[i+1].at-f.at)
		}
	}
	if duels < 4 {
		t.Errorf("%d duels in ten minutes", duels)
	}
}

func TestSchedule_FreezesWorkersPastLease(t *testing.T) {
	for _, f := range schedule(5, testPlan(10*time.Minute)) {
		if f.kind == freezeProcess && f.target[0] == 'w' && f.hold <= 5*time.Second {
			t.Errorf("%s", f)
		}
	}
}
