package main

import (
	"fmt"
	"io"
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

// calm reports whether nothing stood between an API and the rows in s.
func (j *journal) calm(s span) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, d := range j.disturbances {
		if d.overlaps(s) {
			return false
		}
	}
	return true
}
