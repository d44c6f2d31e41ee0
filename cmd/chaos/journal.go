package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// journal is the log that people read: what happened, by seconds since the start.
// It also remembers when something stood between clients and the rows.
type journal struct {
	out   io.Writer
	start time.Time

	mu           sync.Mutex
	counts       map[string]int
	turns        map[string]int
	disturbances []span
	broken       []span
}

// span is a time in which something was going on.
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

// count notes that a fault of that kind was brought about.
func (j *journal) count(kind string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.counts[kind]++
}

// disturbed notes a time in which an API could not be sure to reach the rows.
func (j *journal) disturbed(from, to time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.disturbances = append(j.disturbances, span{from, to})
}

// broke notes a time in which something was broken, with the time that the service
// may take to recover from it.
func (j *journal) broke(from, to time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.broken = append(j.broken, span{from, to})
}

// whole reports whether nothing was broken in s.
func (j *journal) whole(s span) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return !slices.ContainsFunc(j.broken, s.overlaps)
}

// calm reports whether nothing stood between an API and the rows in s.
func (j *journal) calm(s span) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return !slices.ContainsFunc(j.disturbances, s.overlaps)
}
