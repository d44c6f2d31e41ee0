package watch

import (
	"context"
	"errors"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

var (
	// ErrStopped means that the hub has stopped, because the process shuts down.
	ErrStopped = errors.New("waiting has ended, because the process shuts down")
	// ErrSlow means that a subscription was ended because its client does not keep up.
	ErrSlow = errors.New("the client does not keep up with the changes")
)

// Subscription receives an export, or all exports of a user, as they change. Its client calls
// Close. The hub's mutex guards its fields.
type Subscription struct {
	hub              *Hub
	exportID, userID string // one of them
	since            time.Time
	seen             map[string]state          // of each export, what was handed out or is pending
	pending          map[string]export.Request // changed and not handed out yet
	order            []string                  // ids of pending, the oldest change first
	err              error                     // why it has ended
	ready            chan struct{}             // contains a value if there is something for Next
}

// state identifies a state of a request.
type state struct {
	at     time.Time
	status export.Status
}

func stateOf(r export.Request) state { return state{r.StatusAt, r.Status} }

// Bounds of one subscription.
const (
	maxPending = 1000
	maxSeen    = 2 * maxOfUser
)

// Export returns a subscription to changes of one export, which need not exist yet.
func (h *Hub) Export(id string) *Subscription {
	return h.subscribe(&Subscription{exportID: id})
}

// User returns a subscription to changes of all exports of a user. It begins with those that
// are not final, and with those whose status was set at since or later.
func (h *Hub) User(id string, since time.Time) *Subscription {
	return h.subscribe(&Subscription{userID: id, since: since})
}

func (h *Hub) subscribe(s *Subscription) *Subscription {
	s.hub, s.seen, s.pending, s.ready = h, map[string]state{}, map[string]export.Request{}, make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped {
		s.end(ErrStopped)
		return s
	}
	by, id := h.exports, s.exportID
	if s.userID != "" {
		by, id = h.users, s.userID
		h.fresh[s] = struct{}{}
		h.wake()
	}
	if by[id] == nil {
		by[id] = subscriptions{}
	}
	by[id][s] = struct{}{}
	return s
}

// Saw says that the client has this state of a request already.
func (s *Subscription) Saw(r export.Request) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.seen[r.ID] = stateOf(r)
	if waiting, ok := s.pending[r.ID]; ok && !s.news(waiting) {
		s.drop(r.ID)
	}
}

// Next returns the next changed request. It waits until there is one, or ctx or the subscription
// ends. export.ErrNotFound means that the export does not exist any more.
func (s *Subscription) Next(ctx context.Context) (export.Request, error) {
	for {
		s.hub.mu.Lock()
		if len(s.order) > 0 {
			r := s.pending[s.order[0]]
			s.drop(r.ID)
			s.seen[r.ID] = stateOf(r)
			s.hub.mu.Unlock()
			return r, nil
		}
		err := s.err
		s.hub.mu.Unlock()
		if err != nil {
			return export.Request{}, err
		}
		select {
		case <-ctx.Done():
			return export.Request{}, context.Cause(ctx)
		case <-s.ready:
		}
	}
}

// Close ends the subscription and frees what it holds.
func (s *Subscription) Close() {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	by, id := h.exports, s.exportID
	if s.userID != "" {
		by, id = h.users, s.userID
	}
	delete(by[id], s)
	if len(by[id]) == 0 {
		delete(by, id)
	}
	delete(h.fresh, s)
	s.pending, s.order, s.seen = nil, nil, nil
	s.end(ErrStopped)
}

// news reports whether a state is another than the client has, and not an earlier one. An
// earlier one comes from a row that was read before the client read it. A final state counts
// whatever its time, because the database's clock may have been set back.
func (s *Subscription) news(r export.Request) bool {
	had, ok := s.seen[r.ID]
	return !ok || had != stateOf(r) && (r.Status.Final() || !r.StatusAt.Before(had.at))
}

// offer hands a request to the client, if it is news.
func (s *Subscription) offer(r export.Request) {
	if s.err != nil || !s.news(r) {
		return
	}
	if _, ok := s.pending[r.ID]; !ok {
		if len(s.order) >= maxPending {
			s.end(ErrSlow)
			return
		}
		s.order = append(s.order, r.ID)
	}
	s.pending[r.ID] = r
	s.remember(r)
	s.signal()
}

// remember records a state as handed out.
func (s *Subscription) remember(r export.Request) {
	if len(s.seen) >= maxSeen {
		for id, had := range s.seen {
			if had.status.Final() {
				delete(s.seen, id)
			}
		}
		if len(s.seen) >= maxSeen {
			clear(s.seen) // the client gets some states again
		}
	}
	s.seen[r.ID] = stateOf(r)
	if r.StatusAt.After(s.since) {
		s.since = r.StatusAt
	}
}

// drop removes a request from those to be handed out.
func (s *Subscription) drop(id string) {
	delete(s.pending, id)
	for i, other := range s.order {
		if other == id {
			s.order = append(s.order[:i], s.order[i+1:]...)
			break
		}
	}
}

func (s *Subscription) end(err error) {
	if s.err == nil {
		s.err = err
	}
	s.signal()
}

func (s *Subscription) signal() {
	select {
	case s.ready <- struct{}{}:
	default:
	}
}
