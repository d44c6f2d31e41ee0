package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
)

// fault is one planned fault.
type fault struct {
	at     time.Duration // since the start of the schedule
	kind   string
	target string        // a process, a link, or another target of the kind
	hold   time.Duration // duration, if it has one
}

func (f fault) String() string {
	text := f.kind
	if f.target != "" {
		text += " " + f.target
	}
	if f.hold > 0 {
		text += " for " + f.hold.String()
	}
	return text
}

// The kinds of faults.
const (
	killProcess    = "kill -9"
	freezeProcess  = "freeze" // SIGSTOP, then SIGCONT
	restartProcess = "restart"
	killBrowser    = "kill browser"
	postgresFast   = "postgres fast restart"
	postgresNow    = "postgres immediate restart"
	postgresKill   = "postgres kill -9"
	natsKill       = "nats kill -9"
	natsEmpty      = "nats kill -9, back empty"
	streamPurge    = "purge stream"
	streamDelete   = "delete stream"
	consumerDelete = "delete consumer"
	linkDelay      = "link delayed"
	linkThin       = "link thin"
	linkSilent     = "link silent"
	linkCut        = "link cut"
	filesFull      = "files full"
	filesAway      = "files unreachable"
	migrateTwice   = "two migrations at once"
	rollWorkers    = "roll all workers"
	crashAt        = "crash point"
	fenceDuel      = "fencing duel"
	freezeBrowser  = "freeze browser"
	takeOver       = "takeover"
	poisonLoad     = "poison load"
	leaveAlone     = "nothing"
	damageFile     = "file damaged" // by a client, of one of its exports
)

// plan has the targets of a schedule.
type plan struct {
	length time.Duration
	// workers and others are names of processes; links are names of proxies.
	workers, others, links []string
	lease                  time.Duration
}

// duelTime is the time for a duel, without other faults.
const duelTime = 16 * time.Second

// The staged faults, which need all else to work, in this order: at the start of a run and
// then every two minutes, after a rest.
var staged = []fault{{kind: takeOver, hold: takeoverTime}, {kind: poisonLoad, hold: poisonLoadTime}, {kind: fenceDuel, hold: duelTime}}

// restTime is more than the service needs to recover from any fault.
const restTime = 16 * time.Second

// schedule returns the random faults of a run. Each kind and target comes once before any
// comes again.
func schedule(seed uint64, p plan) []fault {
	draw := rand.New(rand.NewPCG(seed, 1))
	var list []fault
	at, stage := time.Duration(0), time.Duration(0)
	var deck []fault
	gap := max(min((p.length-takeoverTime-poisonLoadTime-duelTime)/50, 4*time.Second), 800*time.Millisecond)
	free := map[string]time.Duration{} // when the target of a fault has recovered
	for at < p.length {
		if at >= stage {
			if at > 0 {
				list = append(list, fault{at: at, kind: leaveAlone, hold: restTime})
				at += restTime
			}
			for _, f := range staged {
				list = append(list, fault{at: at, kind: f.kind})
				at += f.hold
			}
			stage = at + 2*time.Minute
			continue
		}
		if len(deck) == 0 {
			deck = p.deck(draw)
		}
		// The first one of the deck whose target has recovered, so that faults do not
		// accumulate.
		next := slices.IndexFunc(deck, func(f fault) bool { return free[f.touches()] <= at })
		if next >= 0 {
			f := deck[next]
			deck = slices.Delete(deck, next, next+1)
			f.at = at
			free[f.touches()] = at + f.hold + 2*time.Second
			list = append(list, f)
		}
		at += (gap/2 + time.Duration(draw.Int64N(int64(gap)))).Round(time.Millisecond)
	}
	return list
}

// touches returns what a fault breaks; that is not broken again before it has recovered.
func (f fault) touches() string {
	switch f.kind {
	case postgresFast, postgresNow, postgresKill, migrateTwice:
		return "postgres"
	case natsKill, natsEmpty, streamPurge, streamDelete, consumerDelete:
		return "nats"
	case filesFull, filesAway:
		return "files"
	case rollWorkers:
		return "workers"
	case freezeBrowser:
		return "browsers of " + f.target
	default:
		return f.target
	}
}

// deck returns every fault once, in random order and with random parameters.
func (p plan) deck(draw *rand.Rand) []fault {
	seconds := func(least, most float64) time.Duration {
		return time.Duration((least + draw.Float64()*(most-least)) * float64(time.Second)).Round(100 * time.Millisecond)
	}
	pick := func(list []string) string { return list[draw.IntN(len(list))] }
	var deck []fault
	for _, kind := range []string{killProcess, restartProcess, freezeProcess} {
		for _, name := range slices.Concat(p.workers, p.others) {
			f := fault{kind: kind, target: name}
			if kind == freezeProcess {
				f.hold = seconds(1, 4)
				if slices.Contains(p.workers, name) {
					f.hold = p.lease + seconds(1, 3)
				}
			}
			deck = append(deck, f)
		}
	}
	for _, name := range p.workers {
		deck = append(deck, fault{kind: killBrowser, target: name}, fault{kind: killBrowser, target: name},
			fault{kind: freezeBrowser, target: name, hold: seconds(2, 14)})
	}
	for _, kind := range []string{postgresFast, postgresNow, postgresKill, natsKill, natsEmpty, streamPurge, streamDelete,
		consumerDelete, migrateTwice, rollWorkers} {
		deck = append(deck, fault{kind: kind})
	}
	for _, kind := range []string{linkDelay, linkThin, linkSilent, linkCut} {
		deck = append(deck, fault{kind: kind, target: pick(p.links), hold: seconds(2, 5)})
	}
	outage := 4.0 // in seconds. Attempts during the outage must not count, however long it lasts.
	if p.length > 3*time.Minute {
		outage = 20
	}
	deck = append(deck, fault{kind: filesFull, hold: seconds(2, outage)}, fault{kind: filesAway, hold: seconds(2, outage)})
	for range 3 {
		point := pick(crashpoint.Points())
		deck = append(deck, fault{kind: crashAt, target: fmt.Sprintf("%s:%d", point, 1+draw.IntN(4))})
	}
	draw.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	if p.length < 3*time.Minute {
		arrange(deck)
	}
	return deck
}

// arrange sorts the deck of a short run. Messages that a stream or a dispatcher loses are
// published again at growing intervals, so these faults come first; otherwise the run would
// wait for them. Then each kind comes once before any comes again.
func arrange(deck []fault) {
	turn, place := map[string]int{}, map[fault]int{}
	for _, f := range deck {
		turn[f.kind]++
		place[f] = turn[f.kind]
		switch {
		case f.kind == natsEmpty, f.kind == streamPurge, f.kind == streamDelete, f.kind == crashAt && strings.HasPrefix(f.target, "dispatch."):
			place[f] = 0
		}
	}
	slices.SortStableFunc(deck, func(a, b fault) int { return cmp.Compare(min(place[a], 2), min(place[b], 2)) })
}
