// Package watch tells clients that wait for exports how these change.
//
// A Hub is told by messages that an export has changed. It reads the rows of those that somebody
// waits for, all in one statement, and hands each to everybody who waits for it. So clients wait
// without a connection to the database, and the number of those that wait for the same export
// costs no reads. Messages may be lost: the hub also reads the rows every few seconds, and at
// once after the connection was interrupted. What clients get is always a row as it was, the
// latest one that they have not had; statuses in between may be missing.
package watch

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/outage"
)

// Store reads requests.
type Store interface {
	// ExportsByID returns those that exist, in any order.
	ExportsByID(ctx context.Context, ids []string) ([]export.Request, error)
	// ExportsChanged returns, of the user's newest requests, at most limit, those that are not
	// final and those whose status was set at since or later, in the order in which it was set.
	ExportsChanged(ctx context.Context, userID string, since time.Time, limit int) ([]export.Request, error)
}

// Config configures a Hub.
type Config struct {
	Store Store
	// Connected reports whether messages arrive now. Default: they do.
	Connected func() bool
	// RecheckEvery is the interval at which rows are read without a message. Default 5 s.
	RecheckEvery time.Duration
	// PollEvery is that interval while no messages arrive. Default 1 s.
	PollEvery time.Duration
	// Logger logs faults. Default: nothing is logged.
	Logger *slog.Logger
}

// Bounds of memory and of statements.
const (
	maxChanged = 10_000 // changed exports that are not read yet; of more, only that there are more is known
	batch      = 500    // rows of one statement
	readWithin = 5 * time.Second
	// clockSlack is how much earlier a change may be committed after another with a later time.
	clockSlack = 10 * time.Second
)

// Hub hands changed requests to subscriptions. It is safe for concurrent use.
type Hub struct {
	Config
	reads *outage.Log
	work  chan struct{} // contains a value while there is something to read

	mu      sync.Mutex
	exports map[string]subscriptions // by export
	users   map[string]subscriptions // by owner
	changed map[string]struct{}      // exports to read
	fresh   subscriptions            // those of users whose exports are to be read
	stopped bool
}

type subscriptions map[*Subscription]struct{}

// New returns a Hub. Run makes it work.
func New(c Config) *Hub {
	if c.Connected == nil {
		c.Connected = func() bool { return true }
	}
	if c.RecheckEvery == 0 {
		c.RecheckEvery = 5 * time.Second
	}
	if c.PollEvery == 0 {
		c.PollEvery = time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Hub{Config: c, work: make(chan struct{}, 1),
		exports: map[string]subscriptions{}, users: map[string]subscriptions{}, changed: map[string]struct{}{}, fresh: subscriptions{},
		reads: outage.New(c.Logger, outage.Options{Level: slog.LevelWarn,
			Fault: "changed exports cannot be read: clients wait longer", Over: "changed exports are read again"})}
}

// Run reads changed requests until ctx ends. Then all subscriptions end, and new ones have ended
// from the start.
func (h *Hub) Run(ctx context.Context) {
	defer h.stop()
	tick := time.NewTicker(h.PollEvery)
	defer tick.Stop()
	last := time.Now() // when all rows were read
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.work:
		case <-tick.C:
			if h.Connected() && time.Since(last) < h.RecheckEvery {
				continue
			}
			last = time.Now()
			h.recheck()
		}
		if err := h.read(ctx); err != nil && ctx.Err() == nil {
			h.reads.Failed(err)
			select { // the rows are read again at the next tick
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			h.wake()
		}
	}
}

// Changed says that a request has changed, or any of a user's. It does not block.
func (h *Hub) Changed(c export.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.ExportID == "" {
		h.markAll() // whose the exports are is not known here
		h.wake()
		return
	}
	if len(h.exports[c.ExportID]) == 0 && len(h.users[c.UserID]) == 0 {
		return
	}
	if len(h.changed) >= maxChanged {
		h.markAll()
	} else {
		h.changed[c.ExportID] = struct{}{}
	}
	h.wake()
}

// Lost says that changes may have been missed. It does not block.
func (h *Hub) Lost() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.markAll()
	h.wake()
}

// markAll has every export read that somebody waits for, and those of the users.
func (h *Hub) markAll() {
	for id := range h.exports {
		h.changed[id] = struct{}{}
	}
	for _, subs := range h.users {
		maps.Copy(h.fresh, subs)
	}
}

// recheck has every unfinished export read that is known here.
func (h *Hub) recheck() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id := range h.exports {
		h.changed[id] = struct{}{}
	}
	for _, subs := range h.users {
		for s := range subs {
			for id, state := range s.seen {
				if !state.status.Final() {
					h.changed[id] = struct{}{}
				}
			}
		}
	}
}

func (h *Hub) wake() {
	select {
	case h.work <- struct{}{}:
	default: // woken already
	}
}

// read reads what has changed and offers it to the subscriptions. What could not be read is
// read the next time.
func (h *Hub) read(ctx context.Context) error {
	h.mu.Lock()
	ids, fresh := slices.Collect(maps.Keys(h.changed)), h.fresh
	h.changed, h.fresh = map[string]struct{}{}, subscriptions{}
	h.mu.Unlock()
	for len(ids) > 0 {
		some := ids[:min(len(ids), batch)]
		if err := h.readExports(ctx, some); err != nil {
			h.putBack(ids, fresh)
			return err
		}
		ids = ids[len(some):]
	}
	for s := range fresh {
		if err := h.readUser(ctx, s); err != nil {
			h.putBack(nil, fresh)
			return err
		}
		delete(fresh, s)
	}
	h.reads.Recovered()
	return nil
}

func (h *Hub) putBack(ids []string, fresh subscriptions) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		h.changed[id] = struct{}{}
	}
	for s := range fresh {
		if _, open := h.users[s.userID][s]; open {
			h.fresh[s] = struct{}{}
		}
	}
}

func (h *Hub) readExports(ctx context.Context, ids []string) error {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	requests, err := h.Store.ExportsByID(ctx, ids)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	found := make(map[string]bool, len(requests))
	for _, r := range requests {
		found[r.ID] = true
		for s := range h.exports[r.ID] {
			s.offer(r)
		}
		for s := range h.users[r.UserID] {
			s.offer(r)
		}
	}
	for _, id := range ids {
		for s := range h.exports[id] {
			if _, existed := s.seen[id]; existed && !found[id] {
				s.end(export.ErrNotFound) // erased
			}
		}
	}
	return nil
}

// maxOfUser bounds the exports of a user that are read at once.
const maxOfUser = 1000

func (h *Hub) readUser(ctx context.Context, s *Subscription) error {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	h.mu.Lock()
	since := s.since
	h.mu.Unlock()
	requests, err := h.Store.ExportsChanged(ctx, s.userID, since.Add(-clockSlack), maxOfUser)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range requests {
		s.offer(r)
	}
	return nil
}

// Subscriptions returns the number of open subscriptions.
func (h *Hub) Subscriptions() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, by := range []map[string]subscriptions{h.exports, h.users} {
		for _, subs := range by {
			n += len(subs)
		}
	}
	return n
}

// stop ends all subscriptions.
func (h *Hub) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopped = true
	for _, by := range []map[string]subscriptions{h.exports, h.users} {
		for _, subs := range by {
			for s := range subs {
				s.end(ErrStopped)
			}
		}
	}
}
