package main

import (
	"fmt"
	"sync"
	"time"
)

// told is what a client was told of one accepted export.
type told struct {
	id     string
	user   string
	canary string // a word that only this user's document contains
	format string
	at     time.Time // of the acceptance

	canceled bool   // a DELETE of the unfinished export succeeded
	erased   bool   // a DELETE of the finished export succeeded
	full     []span // downloads that received every byte
	maybe    int    // downloads that may or may not have been counted as full
}

// violation is a broken promise.
type violation struct {
	kind string // a word for the last line of the output
	id   string // the export's id, if the violation concerns one
	text string
}

// ledger is what all clients were told.
type ledger struct {
	mu         sync.Mutex
	exports    map[string]*told
	order      []string
	refused    int
	unknown    int // requests without an answer, which may have been accepted
	gone       int // downloads refused after the expiry, as promised
	repeated   int // requests repeated with their key that got the same answer
	violations []violation
}

func newLedger() *ledger { return &ledger{exports: map[string]*told{}} }

func (l *ledger) accept(t *told) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.exports[t.id] = t
	l.order = append(l.order, t.id)
}

// note calls f with the ledger's lock held.
func (l *ledger) note(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

func (l *ledger) violate(kind, id, format string, args ...any) {
	l.note(func() { l.violations = append(l.violations, violation{kind, id, fmt.Sprintf(format, args...)}) })
}
