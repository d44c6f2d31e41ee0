package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// facts are what the checks use: what clients were told, and the contents of the database and
// the file store after the run.
type facts struct {
	told     map[string]*told
	poison   map[string]poison // by user
	rows     map[string]row
	history  map[string][]step
	files    map[string]stored  // by key
	readings map[string]reading // by key
	// certain reports whether every download in that time must have been counted.
	certain func(span) bool
	// whole reports whether no fault was active in that time.
	whole func(span) bool
	// unrecorded has the number of downloads that an API logged as not recorded. They may be
	// recorded nevertheless: the database did not answer in time.
	unrecorded map[string]int
	// damaged reports whether the file of an export was damaged.
	damaged func(id string) bool
	owners  map[string]bool // of damaged files
	// orphansFail makes a file that no row names a violation, because the sweep removes such
	// files.
	orphansFail bool
	// rest is the time at which the roles were told to stop, and swept the time at which the
	// last sweep began after that.
	rest, swept time.Time
	// takeovers are the requests whose worker was killed while no other fault was active.
	takeovers []string
	// poisonLoads are the times of poison loads, during which no fault was active.
	poisonLoads []span
}

// announceTime is more than the dispatcher needs to announce what was not announced. Requests
// that ended later than that before rest are not checked.
const announceTime = 15 * time.Second

// row is the row of a request after the run.
type row struct {
	id, user, status, announced string
	attempt, maxAttempts        int
	failure, blobKey, sha256    string
	format                      string
	size                        int64
	downloads                   int
	expires, since              time.Time // since: when the request got its status
}

// step is one change in a row's history.
type step struct {
	at       time.Time
	old, new string // empty if the row did not exist before, or does not exist after
	attempt  int
	oldToken string
	newToken string
	blobKey  string
	failure  string // failure code, if an attempt failed
}

func (s step) String() string {
	return fmt.Sprintf("%s  %s → %s  attempt %d  lease %.8s → %.8s  %s%s", s.at.UTC().Format("15:04:05.000"), dash(s.old), dash(s.new), s.attempt,
		dash(s.oldToken), dash(s.newToken), s.blobKey, s.failure)
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// check compares the facts with the promises and returns the violations.
func check(f facts) []violation {
	c := &checker{facts: f}
	for _, id := range sorted(f.told) {
		c.accepted(f.told[id])
	}
	for _, id := range sorted(f.rows) {
		c.row(f.rows[id])
	}
	for _, id := range sorted(f.history) {
		c.historyOf(id, f.history[id])
	}
	c.waits()
	if f.orphansFail {
		for _, key := range f.orphans() {
			c.found("orphans", "", "no row names the file %s", key)
		}
	}
	return c.violations
}

type checker struct {
	facts
	violations []violation
}

func (c *checker) found(kind, id, format string, args ...any) {
	c.violations = append(c.violations, violation{kind, id, fmt.Sprintf(format, args...)})
}

// accepted checks that every accepted export has a row, which belongs to the client and has
// the client's downloads.
func (c *checker) accepted(t *told) {
	r, ok := c.rows[t.id]
	if !ok {
		c.found("lost", t.id, "a client was given this id, and there is no such row")
		return
	}
	if r.user != t.user {
		c.found("corrupt", t.id, "it was asked for by %s and belongs to %s", t.user, r.user)
	}
	if t.canceled && r.status == string(export.Ready) {
		c.found("served", t.id, "it was canceled, and is ready")
	}
	certain := -c.unrecorded[t.id]
	for _, s := range t.full {
		if c.certain(s) {
			certain++
		}
	}
	certain = max(certain, 0)
	if most := len(t.full) + t.maybe; r.downloads < certain || r.downloads > most {
		c.found("miscounted", t.id, "%d downloads are counted; clients got the whole file %d times for certain, and %d times at most", r.downloads, certain, most)
	}
}

// row checks that the request has a final status and, if it is ready, its file.
func (c *checker) row(r row) {
	if !export.Status(r.status).Final() {
		c.found("lost", r.id, "it is still %s", r.status)
		return
	}
	if r.attempt > r.maxAttempts {
		c.found("attempts", r.id, "it had %d attempts of %d", r.attempt, r.maxAttempts)
	}
	if r.announced != r.status && r.since.Before(c.rest.Add(-announceTime)) {
		c.found("unannounced", r.id, "it is %s, and the last event said %s", r.status, dash(r.announced))
	}
	if !r.expires.After(c.swept) && r.status != string(export.Expired) {
		c.found("unswept", r.id, "its time is over, and after a sweep it is still %s", r.status)
	}
	switch r.status {
	case string(export.Failed):
		c.failed(r)
	case string(export.Ready):
		c.ready(r)
	}
}

// failed checks the reason of a failure: it must be that all attempts were used, unless the
// resume was poisoned or the document reached the deadline in two browsers.
func (c *checker) failed(r row) {
	code, kind := export.FailureCode(r.failure), c.poison[r.user]
	switch {
	case code == export.InvalidResume && kind == unreadable,
		code == export.DocumentTooLarge && (kind == tooLarge || kind == slow),
		code == export.FileDamaged && c.owners[r.user],
		code == export.RenderTimeout && c.timeouts(r.id) == mostTimeouts:
		return
	}
	if code == export.StorageUnavailable {
		c.found("failed", r.id, "the file store was away, for which no attempt counts")
		return
	}
	if code.Permanent() && code != export.AttemptsExhausted {
		c.found("failed", r.id, "%s is nothing that a fault may lead to", r.failure)
	} else if r.attempt < r.maxAttempts {
		c.found("failed", r.id, "%s after %d attempts of %d", r.failure, r.attempt, r.maxAttempts)
	}
}

func (c *checker) ready(r row) {
	file, ok := c.files[r.blobKey]
	if !ok {
		c.found("missing", r.id, "it is ready, and there is no file %s", r.blobKey)
		return
	}
	if c.damaged(r.id) {
		return
	}
	if file.size != r.size || file.sha256 != r.sha256 {
		c.found("corrupt", r.id, "its file has %d bytes and the checksum %s, its row says %d and %s", file.size, file.sha256, r.size, r.sha256)
		return
	}
	if kind := c.poison[r.user]; kind == unreadable || kind == tooLarge {
		c.found("corrupt", r.id, "it is ready, and its resume is %s", kind)
	}
	if t, ok := c.told[r.id]; ok {
		if trouble := c.readings[r.blobKey].trouble(t.canary); trouble != "" {
			c.found("corrupt", r.id, "its file %s", trouble)
		}
	}
}

// historyOf checks a row's history: the status never goes backwards, each step begins with the
// status in which the last one ended, only the lease's holder completes, and at most one
// result is visible at a time.
func (c *checker) historyOf(id string, steps []step) {
	status, results := "", 0
	for _, s := range steps {
		if s.old != status {
			c.found("history", id, "a step starts from %s after %s", dash(s.old), dash(status))
		}
		status = s.new
		from, to := export.Status(s.old), export.Status(s.new)
		switch {
		case s.old == "" && to != export.Queued:
			c.found("history", id, "it began as %s", s.new)
		case s.new == "":
			c.found("lost", id, "its row was deleted when it was %s", s.old)
		case s.old == s.new && s.old != "":
			if to == export.Rendering || to == export.Ready {
				c.found("duplicated", id, "a second worker wrote while it was %s: lease %s → %s, file %s", s.new, dash(s.oldToken), dash(s.newToken), s.blobKey)
			}
		case s.old != "" && !from.CanBecome(to):
			c.found("backwards", id, "it went from %s to %s", s.old, s.new)
		}
		if to != export.Ready || s.old == s.new {
			continue
		}
		if results++; results > 1 {
			c.found("duplicated", id, "it became ready %d times", results)
		}
		if s.oldToken == "" || !strings.Contains(s.blobKey, s.oldToken) {
			c.found("unfenced", id, "it became ready with the file %s, and the lease was %s", s.blobKey, dash(s.oldToken))
		}
	}
	if r, ok := c.rows[id]; ok && r.status != status {
		c.found("history", id, "its row says %s and its history %s", r.status, dash(status))
	}
}

// orphans returns the files that no row names.
func (f facts) orphans() []string {
	named := map[string]bool{}
	for _, r := range f.rows {
		named[r.blobKey] = true
	}
	var keys []string
	for _, key := range sorted(f.files) {
		if !named[key] {
			keys = append(keys, key)
		}
	}
	return keys
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
