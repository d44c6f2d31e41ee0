package checker

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// Journal is the log of a run, by seconds since the start. It also records the times at which
// faults were active.
type Journal struct {
	out   io.Writer
	Start time.Time

	mu           sync.Mutex
	Counts       map[string]int
	turns        map[string]int
	disturbances []Span
	Broken       []Span
}

// Span is a period of time.
type Span struct{ From, To time.Time }

func (s Span) overlaps(o Span) bool { return s.From.Before(o.To) && o.From.Before(s.To) }

// NewJournal returns a journal that begins now and is written to out.
func NewJournal(out io.Writer) *Journal {
	return &Journal{out: out, Start: time.Now(), Counts: map[string]int{}, turns: map[string]int{}}
}

// Say writes a line.
func (j *Journal) Say(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	fmt.Fprintf(j.out, "%7.1fs  %s\n", time.Since(j.Start).Seconds(), fmt.Sprintf(format, args...))
}

// Count counts a fault of this kind.
func (j *Journal) Count(kind string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.Counts[kind]++
}

// Disturbed records a time at which an API may have failed to reach the database.
func (j *Journal) Disturbed(from, to time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.disturbances = append(j.disturbances, Span{from, to})
}

// Broke records the time of a fault and the time that the service may take to recover from it.
func (j *Journal) Broke(from, to time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.Broken = append(j.Broken, Span{from, to})
}

// Whole reports whether no fault was active in s.
func (j *Journal) Whole(s Span) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return !slices.ContainsFunc(j.Broken, s.overlaps)
}

// Calm reports whether the APIs could reach the database all the time in s.
func (j *Journal) Calm(s Span) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return !slices.ContainsFunc(j.disturbances, s.overlaps)
}

// Number returns 1, 2, 3 and so on, to choose targets in turn.
func (j *Journal) Number(what string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.turns[what]++
	return j.turns[what]
}
