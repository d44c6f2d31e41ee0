package checker

import (
	"fmt"
	"sync"
	"time"
)

// Told is what a client was told of one accepted export.
type Told struct {
	ID     string
	User   string
	Canary string // a word that only this user's document contains
	Format string
	At     time.Time // of the acceptance

	Canceled bool   // a DELETE of the unfinished export succeeded
	Erased   bool   // a DELETE of the finished export succeeded
	Full     []Span // downloads that received every byte
	Maybe    int    // downloads that may or may not have been counted as full
}

// Violation is a broken promise.
type Violation struct {
	Kind string // a word for the last line of the output
	ID   string // the export's id, if the violation concerns one
	Text string
}

// Ledger is what all clients were told.
type Ledger struct {
	mu         sync.Mutex
	Exports    map[string]*Told
	Order      []string
	Refused    int
	Unknown    int // requests without an answer, which may have been accepted
	Gone       int // downloads refused after the expiry, as promised
	Repeated   int // requests repeated with their key that got the same answer
	Violations []Violation
}

// NewLedger returns an empty ledger.
func NewLedger() *Ledger { return &Ledger{Exports: map[string]*Told{}} }

func (l *Ledger) accept(t *Told) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Exports[t.ID] = t
	l.Order = append(l.Order, t.ID)
}

// note calls f with the ledger's lock held.
func (l *Ledger) note(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

func (l *Ledger) violate(kind, id, format string, args ...any) {
	l.note(func() { l.Violations = append(l.Violations, Violation{kind, id, fmt.Sprintf(format, args...)}) })
}
