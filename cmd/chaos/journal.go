package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// journal is the log of a run, by seconds since the start. It also records the times at which
// faults were active.
type journal struct {
	out   io.Writer
	start time.Time

	mu           sync.Mutex
	counts       map[string]int
	turns        map[string]int
	disturbances []span
	broken       []span
}

// span is a period of time.
type span struct{ from, to time.Time }

func (s span) overlaps(o span) bool { return s.from.Before(o.to) && o.from.Before(s.to) }

func newJournal(out io.Writer) *journal {
	return &journal{out: out, start: time.Now(), counts: map[string]int{}, turns: map[string]int{}}
}

func (j *journal) say(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	fmt.Fprintf(j.out, "%7.1fs  %s\n", time.Since(j.start).Seconds(), fmt.Sprintf(format, args...))
}

// count counts a fault of this kind.
func (j *journal) count(kind string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.counts[kind]++
}

// disturbed records a time at which an API may have failed to reach the database.
func (j *journal) disturbed(from, to time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.disturbances = append(j.disturbances, span{from, to})
}

// broke records the time of a fault and the time that the service may take to recover from it.
func (j *journal) broke(from, to time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.broken = append(j.broken, span{from, to})
}

// whole reports whether no fault was active in s.
func (j *journal) whole(s span) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return !slices.ContainsFunc(j.broken, s.overlaps)
}

// calm reports whether the APIs could reach the database all the time in s.
func (j *journal) calm(s span) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return !slices.ContainsFunc(j.disturbances, s.overlaps)
}
