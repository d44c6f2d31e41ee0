package checker

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Facts are what the checks use: what clients were told, and the contents of the database and
// the file store after the run.
type Facts struct {
	Told     map[string]*Told
	Poison   map[string]Poison // by user
	Rows     map[string]Row
	History  map[string][]Step
	Files    map[string]Stored  // by key
	Readings map[string]Reading // by key
	// Certain reports whether every download in that time must have been counted.
	Certain func(Span) bool
	// Whole reports whether no fault was active in that time.
	Whole func(Span) bool
	// Unrecorded has the number of downloads that an API logged as not recorded. They may be
	// recorded nevertheless: the database did not answer in time.
	Unrecorded map[string]int
	// Damaged reports whether the file of an export was damaged.
	Damaged func(id string) bool
	Owners  map[string]bool // of damaged files
	// OrphansFail makes a file that no row names a violation, because the sweep removes such
	// files.
	OrphansFail bool
	// Rest is the time at which the roles were told to stop, and swept the time at which the
	// last sweep began after that.
	Rest, Swept time.Time
	// Takeovers are the requests whose worker was killed while no other fault was active.
	Takeovers []string
	// PoisonLoads are the times of poison loads, during which no fault was active.
	PoisonLoads []Span
	Lease       time.Duration // of the workers
	Slots       int           // of all workers together
}

// announceTime is more than the dispatcher needs to announce what was not announced. Requests
// that ended later than that before rest are not checked.
const announceTime = 15 * time.Second

// Row is the row of a request after the run.
type Row struct {
	ID, User, Status, Announced string
	Lane                        string
	Attempt, MaxAttempts        int
	Failure, BlobKey, SHA256    string
	Format                      string
	Size                        int64
	Downloads                   int
	Expires, Since              time.Time // since: when the request got its status
}

// Stored is a file of the file store.
type Stored struct {
	Key    string
	Path   string // where the store is a directory
	Size   int64
	SHA256 string
}

// Step is one change in a row's history.
type Step struct {
	At       time.Time
	Old, New string // empty if the row did not exist before, or does not exist after
	Attempt  int
	OldToken string
	NewToken string
	BlobKey  string
	Failure  string // failure code, if an attempt failed
}

func (s Step) String() string {
	return fmt.Sprintf("%s  %s → %s  attempt %d  lease %.8s → %.8s  %s%s", s.At.UTC().Format("15:04:05.000"), dash(s.Old), dash(s.New), s.Attempt,
		dash(s.OldToken), dash(s.NewToken), s.BlobKey, s.Failure)
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// Check compares the facts with the promises and returns the violations.
func Check(f Facts) []Violation {
	c := &checker{Facts: f}
	for _, id := range Sorted(f.Told) {
		c.accepted(f.Told[id])
	}
	for _, id := range Sorted(f.Rows) {
		c.row(f.Rows[id])
	}
	for _, id := range Sorted(f.History) {
		c.historyOf(id, f.History[id])
	}
	c.waits()
	if f.OrphansFail {
		for _, key := range f.Orphans() {
			c.found("orphans", "", "no row names the file %s", key)
		}
	}
	return c.Violations
}

type checker struct {
	Facts
	Violations []Violation
}

func (c *checker) found(kind, id, format string, args ...any) {
	c.Violations = append(c.Violations, Violation{kind, id, fmt.Sprintf(format, args...)})
}

// accepted checks that every accepted export has a row, which belongs to the client and has
// the client's downloads.
func (c *checker) accepted(t *Told) {
	r, ok := c.Rows[t.ID]
	if !ok {
		c.found("lost", t.ID, "a client was given this id, and there is no such row")
		return
	}
	if r.User != t.User {
		c.found("corrupt", t.ID, "it was asked for by %s and belongs to %s", t.User, r.User)
	}
	if t.Canceled && r.Status == string(export.Ready) {
		c.found("served", t.ID, "it was canceled, and is ready")
	}
	certain := -c.Unrecorded[t.ID]
	for _, s := range t.Full {
		if c.Certain(s) {
			certain++
		}
	}
	certain = max(certain, 0)
	if most := len(t.Full) + t.Maybe; r.Downloads < certain || r.Downloads > most {
		c.found("miscounted", t.ID, "%d downloads are counted; clients got the whole file %d times for certain, and %d times at most", r.Downloads, certain, most)
	}
}

// row checks that the request has a final status and, if it is ready, its file.
func (c *checker) row(r Row) {
	if !export.Status(r.Status).Final() {
		c.found("lost", r.ID, "it is still %s", r.Status)
		return
	}
	if r.Attempt > r.MaxAttempts {
		c.found("attempts", r.ID, "it had %d attempts of %d", r.Attempt, r.MaxAttempts)
	}
	if r.Announced != r.Status && r.Since.Before(c.Rest.Add(-announceTime)) {
		c.found("unannounced", r.ID, "it is %s, and the last event said %s", r.Status, dash(r.Announced))
	}
	if !r.Expires.After(c.Swept) && r.Status != string(export.Expired) {
		c.found("unswept", r.ID, "its time is over, and after a sweep it is still %s", r.Status)
	}
	switch r.Status {
	case string(export.Failed):
		c.failed(r)
	case string(export.Ready):
		c.ready(r)
	}
}

// failed checks the reason of a failure: it must be that all attempts were used, unless the
// resume was poisoned or the document reached the deadline in two browsers.
func (c *checker) failed(r Row) {
	code, kind := export.FailureCode(r.Failure), c.Poison[r.User]
	switch {
	case code == export.InvalidResume && kind == Unreadable,
		code == export.DocumentTooLarge && (kind == TooLarge || kind == Slow),
		code == export.FileDamaged && c.Owners[r.User],
		code == export.RenderTimeout && c.timeouts(r.ID) == mostTimeouts:
		return
	}
	if code == export.StorageUnavailable {
		c.found("failed", r.ID, "the file store was away, for which no attempt counts")
		return
	}
	if code.Permanent() && code != export.AttemptsExhausted {
		c.found("failed", r.ID, "%s is nothing that a fault may lead to", r.Failure)
	} else if r.Attempt < r.MaxAttempts {
		c.found("failed", r.ID, "%s after %d attempts of %d", r.Failure, r.Attempt, r.MaxAttempts)
	}
}

func (c *checker) ready(r Row) {
	file, ok := c.Files[r.BlobKey]
	if !ok {
		c.found("missing", r.ID, "it is ready, and there is no file %s", r.BlobKey)
		return
	}
	if c.Damaged(r.ID) {
		return
	}
	if file.Size != r.Size || file.SHA256 != r.SHA256 {
		c.found("corrupt", r.ID, "its file has %d bytes and the checksum %s, its row says %d and %s", file.Size, file.SHA256, r.Size, r.SHA256)
		return
	}
	if kind := c.Poison[r.User]; kind == Unreadable || kind == TooLarge {
		c.found("corrupt", r.ID, "it is ready, and its resume is %s", kind)
	}
	if t, ok := c.Told[r.ID]; ok {
		if trouble := c.Readings[r.BlobKey].Trouble(t.Canary); trouble != "" {
			c.found("corrupt", r.ID, "its file %s", trouble)
		}
	}
}

// historyOf checks a row's history: the status never goes backwards, each step begins with the
// status in which the last one ended, only the lease's holder completes, and at most one
// result is visible at a time.
func (c *checker) historyOf(id string, steps []Step) {
	status, results := "", 0
	for _, s := range steps {
		if s.Old != status {
			c.found("history", id, "a step starts from %s after %s", dash(s.Old), dash(status))
		}
		status = s.New
		from, to := export.Status(s.Old), export.Status(s.New)
		switch {
		case s.Old == "" && to != export.Queued:
			c.found("history", id, "it began as %s", s.New)
		case s.New == "":
			c.found("lost", id, "its row was deleted when it was %s", s.Old)
		case s.Old == s.New && s.Old != "":
			if to == export.Rendering || to == export.Ready {
				c.found("duplicated", id, "a second worker wrote while it was %s: lease %s → %s, file %s", s.New, dash(s.OldToken), dash(s.NewToken), s.BlobKey)
			}
		case s.Old != "" && !from.CanBecome(to):
			c.found("backwards", id, "it went from %s to %s", s.Old, s.New)
		}
		if to != export.Ready || s.Old == s.New {
			continue
		}
		if results++; results > 1 {
			c.found("duplicated", id, "it became ready %d times", results)
		}
		if s.OldToken == "" || !strings.Contains(s.BlobKey, s.OldToken) {
			c.found("unfenced", id, "it became ready with the file %s, and the lease was %s", s.BlobKey, dash(s.OldToken))
		}
	}
	if r, ok := c.Rows[id]; ok && r.Status != status {
		c.found("history", id, "its row says %s and its history %s", r.Status, dash(status))
	}
}

// Orphans returns the files that no row names.
func (f Facts) Orphans() []string {
	named := map[string]bool{}
	for _, r := range f.Rows {
		named[r.BlobKey] = true
	}
	var keys []string
	for _, key := range Sorted(f.Files) {
		if !named[key] {
			keys = append(keys, key)
		}
	}
	return keys
}

// Sorted returns the keys of a map in order.
func Sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
