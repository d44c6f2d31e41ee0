// Package announce tells listeners of the final statuses of exports: each of them at
// least once of each, whoever else cannot be told at the moment.
//
// The row records who was told. As a rule all are, at once, and one mark says so: it
// costs one statement, whatever the number of listeners, and the index of what is to
// be announced holds only rows that lack it. Only when a listener cannot be told does
// the row name those that were. A listener that is added later hears of what ends from
// then on; one that is removed is no longer waited for.
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
	// Name stands for the listener in the rows. It never changes.
	Name() string
	// Tell returns once the listener has the event for good.
	Tell(ctx context.Context, e export.Event) error
}

// Store records who was told.
type Store interface {
	// MarkAnnounced records that every listener was told.
	MarkAnnounced(ctx context.Context, rs []export.Request) error
	// MarkTold records that these listeners were told, and others were not.
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

// AnnounceAll tells every listener of the statuses that it was not told of, and
// returns how many every listener knows of now. A listener that fails is not told of
// the rest, which would fare the same; the others are.
func (a *Announcer) AnnounceAll(ctx context.Context, all []export.Announcement) (announced int, err error) {
	known := make([][]string, len(all)) // by whom
	newly := make([]bool, len(all))     // since now
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

// atOnce is how many announcements a listener gets at the same time: each waits for
// its answer.
const atOnce = 16

// tell tells a listener of the statuses that it was not told of, and returns which it
// knows of since. After the first failure no other is begun.
func tell(ctx context.Context, l Listener, all []export.Announcement) (told []bool, err error) {
	told = make([]bool, len(all))
	group, begin := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, n := range all {
		if begin.Err() != nil {
			break
		}
		if slices.Contains(n.Told, l.Name()) {
			continue
		}
		group.Go(func() error {
			// Not under begin: another's failure says nothing about this one.
			err := l.Tell(ctx, export.EventOf(n.Request))
			told[i] = err == nil
			return err
		})
	}
	return told, group.Wait()
}

// Publisher publishes events to whoever subscribes.
type Publisher interface {
	PublishEvent(ctx context.Context, e export.Event) error
}

// Stream is the listener that publishes events to the stream.
type Stream struct{ Publisher }

// Name is the listener's name in the rows.
func (Stream) Name() string { return "stream" }

// Tell publishes the event.
func (s Stream) Tell(ctx context.Context, e export.Event) error { return s.PublishEvent(ctx, e) }
