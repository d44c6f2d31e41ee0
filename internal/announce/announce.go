// Package announce tells listeners of the final statuses of exports. Every listener is
// told of every final status at least once, independently of the others.
//
// The row records which listeners were told. Usually all are told at once, and one mark
// in the row says so: one statement, whatever the number of listeners. The index of
// what has to be announced contains only rows without the mark. Only if some listener
// could not be told does the row name those that were. A listener that is added later
// is told of the exports that end from then on; nothing waits for one that is removed.
package announce

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Listener is told of final statuses, of each at least once. It is safe for concurrent use.
type Listener interface {
	// Name identifies the listener in the rows. It must never change.
	Name() string
	// Tell returns nil once the listener has received the event durably.
	Tell(ctx context.Context, e export.Event) error
}

// Store records which listeners were told.
type Store interface {
	// MarkAnnounced records that every listener was told.
	MarkAnnounced(ctx context.Context, rs []export.Request) error
	// MarkTold records that these listeners were told and others were not.
	MarkTold(ctx context.Context, r export.Request, listeners []string) error
}

// Announcer tells a fixed set of listeners.
type Announcer struct {
	store     Store
	listeners []Listener
}

// New returns an Announcer for the listeners.
func New(store Store, listeners ...Listener) *Announcer {
	return &Announcer{store: store, listeners: listeners}
}

// Announce tells every listener of the status that r has just reached.
func (a *Announcer) Announce(ctx context.Context, r export.Request) error {
	_, err := a.AnnounceAll(ctx, []export.Announcement{{Request: r}})
	return err
}

// AnnounceAll tells every listener of the statuses that it has not been told of, and
// returns the number of statuses that every listener now knows. After a listener's
// first failure the rest is not sent to it, since that would most likely fail too;
// other listeners are still told.
func (a *Announcer) AnnounceAll(ctx context.Context, all []export.Announcement) (announced int, err error) {
	known := make([][]string, len(all)) // for each status, the listeners that know it
	newly := make([]bool, len(all))     // whether a listener was told of it just now
	var errs []error
	for _, l := range a.listeners {
		told, err := tell(ctx, l, all)
		if err != nil {
			errs = append(errs, fmt.Errorf("telling %s: %w", l.Name(), err))
		}
		for i, n := range all {
			if before := slices.Contains(n.Told, l.Name()); before || told[i] {
				known[i] = append(known[i], l.Name())
				newly[i] = newly[i] || !before
			}
		}
	}
	var done []export.Request
	for i, n := range all {
		switch {
		case len(known[i]) == len(a.listeners):
			done = append(done, n.Request)
		case newly[i]:
			errs = append(errs, a.store.MarkTold(ctx, n.Request, known[i]))
		}
	}
	if len(done) > 0 {
		if err := a.store.MarkAnnounced(ctx, done); err != nil {
			return 0, errors.Join(append(errs, err)...)
		}
	}
	return len(done), errors.Join(errs...)
}

// concurrent is the number of events sent to one listener at a time.
const concurrent = 16

// tell tells a listener of the statuses that it has not been told of, and reports for
// each whether it was told now. After the first failure no further event is sent.
func tell(ctx context.Context, l Listener, all []export.Announcement) (told []bool, err error) {
	told = make([]bool, len(all))
	group, begin := errgroup.WithContext(ctx)
	group.SetLimit(concurrent)
	for i, n := range all {
		if begin.Err() != nil {
			break
		}
		if slices.Contains(n.Told, l.Name()) {
			continue
		}
		group.Go(func() error {
			// Not with the context begin: the failure of another must not cancel this one.
			err := l.Tell(ctx, export.EventOf(n.Request))
			told[i] = err == nil
			return err
		})
	}
	return told, group.Wait()
}

// Publisher publishes events to subscribers.
type Publisher interface {
	PublishEvent(ctx context.Context, e export.Event) error
}

// Stream is the listener that publishes events to the stream.
type Stream struct{ Publisher }

// Name is the listener's name in the rows.
func (Stream) Name() string { return "stream" }

// Tell publishes the event.
func (s Stream) Tell(ctx context.Context, e export.Event) error { return s.PublishEvent(ctx, e) }
