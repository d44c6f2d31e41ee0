package worker

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
)

// leases is a store that keeps one lease only, with a clock that a test can advance.
type leases struct {
	Store
	until time.Time                              // guarded by the bubble: one beat at a time
	call  func(ctx context.Context, n int) error // what befalls the n-th beat, from 1
	beats int
}

func (l *leases) HeartbeatExport(ctx context.Context, _ export.Request, lease time.Duration) error {
	l.beats++
	if err := l.call(ctx, l.beats); err != nil {
		return err
	}
	if !time.Now().Before(l.until) {
		return export.ErrFenced
	}
	l.until = time.Now().Add(lease)
	return nil
}

// kept is a message that records the longest time between two calls of InProgress.
type kept struct {
	Delivery
	last    time.Time
	longest time.Duration
}

func (k *kept) InProgress() error {
	k.longest = max(k.longest, time.Since(k.last))
	k.last = time.Now()
	return nil
}

func hang(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestHeartbeat_KeepsLease(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(ctx context.Context, n int) error{
		"a database that answers": func(context.Context, int) error { return nil },
		"a slow one": func(_ context.Context, n int) error {
			time.Sleep(time.Duration(n%10) * 300 * time.Millisecond)
			return nil
		},
		"every other answer is lost":   func(ctx context.Context, n int) error { return lost(n%2 == 0) },
		"every other call hangs":       func(ctx context.Context, n int) error { return hung(ctx, n%2 == 1) },
		"the first call of all hangs":  func(ctx context.Context, n int) error { return hung(ctx, n == 1) },
		"the database is away a while": func(_ context.Context, n int) error { return lost(n == 7) },
	} {
		for _, lease := range []time.Duration{10 * time.Second, 30 * time.Second, 5 * time.Minute} {
			t.Run(name+"/"+lease.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l := &leases{until: time.Now().Add(lease), call: call}
					m := &kept{last: time.Now()}
					ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
					defer cancel()
					New(Config{Store: l, Lease: lease}).heartbeat(ctx, export.Request{}, m, func(err error) {
						t.Errorf("after %d beats: %v", l.beats, err)
					})
					if !errors.Is(ctx.Err(), context.DeadlineExceeded) || l.until.Before(time.Now()) {
						t.Errorf("the heartbeat ended with %v, %s after the lease", ctx.Err(), time.Since(l.until))
					}
					if m.longest >= queue.AckWait {
						t.Errorf("no InProgress for %s", m.longest)
					}
				})
			})
		}
	}
}

func lost(yes bool) error {
	if yes {
		return errors.New("connection reset")
	}
	return nil
}

func hung(ctx context.Context, yes bool) error {
	if yes {
		return hang(ctx)
	}
	return nil
}

// A worker that was frozen past its lease notices at its next heartbeat.
func TestHeartbeat_LeaseLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &leases{until: time.Now(), call: func(context.Context, int) error { return nil }}
		var cause error
		start := time.Now()
		New(Config{Store: l, Lease: 30 * time.Second}).heartbeat(t.Context(), export.Request{}, &kept{}, func(err error) { cause = err })
		if !errors.Is(cause, export.ErrFenced) || time.Since(start) > 10*time.Second {
			t.Errorf("after %s: %v", time.Since(start), cause)
		}
	})
}

// The work ends without waiting for a database that hangs.
func TestHeartbeat_WorkEndsDuringBeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &leases{call: func(ctx context.Context, _ int) error { return hang(ctx) }}
		ctx, cancel := context.WithTimeout(t.Context(), 11*time.Second) // the first beat is at 10 s
		defer cancel()
		start := time.Now()
		New(Config{Store: l, Lease: 30 * time.Second}).heartbeat(ctx, export.Request{}, &kept{last: start}, func(err error) { t.Error(err) })
		if l.beats != 1 || time.Since(start) != 11*time.Second {
			t.Errorf("%d heartbeats, the last after %s", l.beats, time.Since(start))
		}
	})
}
