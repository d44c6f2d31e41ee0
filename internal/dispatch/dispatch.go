// Package dispatch republishes lost messages and requeues expired leases: it publishes
// the messages of retries, and of requests whose message is lost; requeues requests
// whose worker died; and announces final statuses that were not announced. It also
// creates missing streams. It takes all this from the rows, and any number of
// dispatchers may run at the same time.
package dispatch

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/outage"
)

// Store holds the export requests.
type Store interface {
	TakeToDispatch(ctx context.Context, limit int) ([]export.Request, error)
	DispatchFailed(ctx context.Context, ids []string) error
	DispatchLost(ctx context.Context, messages, limit int) (int, error)
	RescueExports(ctx context.Context, limit int) ([]export.Request, error)
	Unannounced(ctx context.Context, olderThan time.Duration, limit int) ([]export.Announcement, error)
}

// Announcer tells listeners of final statuses.
type Announcer interface {
	// AnnounceAll returns the number of statuses that every listener now knows.
	AnnounceAll(ctx context.Context, all []export.Announcement) (int, error)
}

// Queue publishes messages.
type Queue interface {
	PublishRequest(ctx context.Context, r export.Request) error
	// Restore makes streams that are missing and returns their names.
	Restore(ctx context.Context) ([]string, error)
	// Messages returns the number of messages in the stream.
	Messages(ctx context.Context) (int, error)
}

// Config configures a Dispatcher.
type Config struct {
	Store     Store
	Queue     Queue
	Announcer Announcer
	// Every is the average time between two rounds; the longest is one and a half times
	// Every. The message of an export whose worker died is published at most that long
	// after the lease has expired. Default 500 ms.
	Every time.Duration
	// AnnounceAfter is the time after a final status at which the dispatcher announces it, if
	// the worker or API that set it has not. Default 5 s.
	AnnounceAfter time.Duration
	// RestoreEvery is the interval at which the dispatcher checks that the streams exist and
	// contain what was published. After a failed round the next one checks at once. Default 10
	// s.
	RestoreEvery time.Duration
	// Observer is told what was done. Optional.
	Observer Observer
	// Logger logs what was done. Default: nothing is logged.
	Logger *slog.Logger
}

// Dispatcher runs rounds until it is stopped.
type Dispatcher struct {
	Config
	woken    chan struct{} // contains a value while a round is requested
	restored time.Time     // when the streams were last checked; zero after a failure
}

// batch limits the rows of one statement, so that it is short.
const batch = 200

// New returns a Dispatcher with the defaults filled in.
func New(c Config) *Dispatcher {
	if c.Every == 0 {
		c.Every = 500 * time.Millisecond
	}
	if c.AnnounceAfter == 0 {
		c.AnnounceAfter = 5 * time.Second
	}
	if c.RestoreEvery == 0 {
		c.RestoreEvery = 10 * time.Second
	}
	if c.Observer == nil {
		c.Observer = unobserved{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Dispatcher{Config: c, woken: make(chan struct{}, 1)}
}

// Wake requests a round now, for requests that are due at once. It never blocks, and
// many calls cause one round. After a failed round Wake has no effect until the next
// one, so that an unreachable server is not asked more often.
func (d *Dispatcher) Wake() {
	select {
	case d.woken <- struct{}{}:
	default: // already requested
	}
}

// Run makes rounds until ctx ends, also after a round that failed.
func (d *Dispatcher) Run(ctx context.Context) {
	rounds := outage.New(d.Logger, outage.Options{Level: slog.LevelWarn,
		Fault: "a dispatch round failed: it is repeated until it succeeds", Over: "dispatch rounds succeed again"})
	for ctx.Err() == nil {
		woken := d.woken
		switch err := d.Round(ctx); {
		case err == nil:
			rounds.Recovered()
		case ctx.Err() == nil:
			rounds.Failed(err)
			woken = nil
		}
		// Random, so that several dispatchers do not work at the same moments.
		timer := time.NewTimer(d.Every/2 + rand.N(d.Every))
		select {
		case <-timer.C:
		case <-woken:
			// Other requests are likely to be waiting too: collect them for a moment.
			timer.Reset(rand.N(20 * time.Millisecond))
			<-timer.C
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// Round rescues, publishes and announces what is due now, and creates missing
// streams. Each part is tried even when another fails. Only one round runs at a time.
func (d *Dispatcher) Round(ctx context.Context) error {
	err := errors.Join(d.rescue(ctx), d.restore(ctx), d.publish(ctx), d.announce(ctx))
	if err != nil {
		d.restored = time.Time{}
	}
	if err == nil || ctx.Err() == nil {
		d.Observer.Round(err)
	}
	return err
}

// rescue requeues requests whose lease has run out.
func (d *Dispatcher) rescue(ctx context.Context) error {
	for {
		rescued, err := d.Store.RescueExports(ctx, batch)
		if err != nil {
			return err
		}
		for _, r := range rescued {
			d.Observer.Rescued(r)
			d.Logger.Info("returned an export to the queue whose lease ran out", append(r.LogAttrs(), "attempt", r.Attempt, "status", string(r.Status))...)
		}
		if len(rescued) > 0 {
			d.Logger.Warn("leases of exports ran out: a worker died, hung or lost the database", "exports", len(rescued))
		}
		if len(rescued) < batch {
			return nil
		}
	}
}

// publish publishes the messages that are due.
func (d *Dispatcher) publish(ctx context.Context) error {
	published := 0
	defer func() {
		if published > 0 {
			d.Observer.Published(published)
			d.Logger.Info("published messages that were due", "count", published)
		}
	}()
	for {
		due, err := d.Store.TakeToDispatch(ctx, batch)
		if err != nil {
			return err
		}
		if len(due) > 0 {
			crashpoint.Here(crashpoint.DispatchAfterTake)
		}
		// Oldest first: an UPDATE … RETURNING promises no order.
		slices.SortFunc(due, func(a, b export.Request) int { return cmp.Compare(a.ID, b.ID) })
		for i, r := range due {
			if err := d.Queue.PublishRequest(ctx, r); err != nil {
				// The stream is unreachable or full, so the rest of the batch would fail too.
				// The next round begins with it.
				return errors.Join(err, d.putBack(ctx, due[i:]))
			}
			published++
			d.Logger.Info("export published", append(r.LogAttrs(), "lane", string(r.MessageLane()), "attempts", r.Attempt, "repeat", !r.FirstMessage())...)
			crashpoint.Here(crashpoint.DispatchAfterSend)
		}
		if len(due) < batch {
			return nil
		}
	}
}

// putBack makes requests due again although ctx may have ended.
func (d *Dispatcher) putBack(ctx context.Context, rs []export.Request) error {
	ids := make([]string, len(rs))
	for i, r := range rs {
		ids[i] = r.ID
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return d.Store.DispatchFailed(ctx, ids)
}

// announce announces final statuses that the process which set them did not.
func (d *Dispatcher) announce(ctx context.Context) error {
	for {
		missing, err := d.Store.Unannounced(ctx, d.AnnounceAfter, batch)
		if err != nil {
			return err
		}
		if len(missing) == 0 {
			return nil
		}
		n, err := d.Announcer.AnnounceAll(ctx, missing)
		d.Observer.Announced(n)
		if err != nil || len(missing) < batch {
			return err
		}
	}
}
