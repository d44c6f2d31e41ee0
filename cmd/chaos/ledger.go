package main

import (
	"fmt"
	"sync"
	"time"
)

// told is what a client knows of an export it was given an id for.
type told struct {
	id     string
	user   string
	canary string // what the document of that user says, and nobody else's
	format string
	at     time.Time // of the acceptance

	canceled bool   // a DELETE while it was on its way succeeded
	erased   bool   // a DELETE of a finished one succeeded
	full     []span // downloads that got every byte
	maybe    int    // downloads that may have been counted as full, or not
}

// violation is a promise that was broken.
type violation struct {
	kind string // a word for the verdict
	id   string // of the export, if it is about one
	text string
}

// ledger is what all clients were told together.
type ledger struct {
	mu         sync.Mutex
	exports    map[string]*told
	order      []string
	refused    int
	unknown    int // requests that may have been accepted: nobody said
	gone       int // downloads refused after the expiry, as they should be
	repeated   int // requests repeated under their key with the same answer
	violations []violation
}

func newLedger() *ledger { return &ledger{exports: map[string]*told{}} }

func (l *ledger) accept(t *told) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.exports[t.id] = t
	l.order = append(l.order, t.id)
}

// note changes what is known under the ledger's lock.
func (l *ledger) note(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

func (l *ledger) violate(kind, id, format string, args ...any) {
	l.note(func() { l.violations = append(l.violations, violation{kind, id, fmt.Sprintf(format, args...)}) })
}
