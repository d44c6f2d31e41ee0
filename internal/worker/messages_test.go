package worker

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

const lane = "exports.requested.interactive."

func TestMessagesNobodyCanUseLeaveTheStream(t *testing.T) {
	t.Parallel()
	unknown := uuid.Must(uuid.NewV7()).String()
	for _, tc := range []struct{ name, body, end string }{
		{"junk", "\x00\xffnot json", "discard"},
		{"nothing", "", "discard"},
		{"no id", `{"v":1}`, "discard"},
		{"a newer version", `{"v":2,"export_id":"` + unknown + `"}`, "discard"},
		{"an unknown export", `{"v":1,"export_id":"` + unknown + `"}`, "ack"},
		{"an id that is none", `{"v":1,"export_id":"'; DROP TABLE export_request"}`, "ack"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := setup(t)
			testenv.Publish(t, p.nats, lane+unknown, tc.body)
			d, page := p.next(t), &printer{}
			p.worker(t).handle(t.Context(), page, d, stay)
			d.ended(t, tc.end)
			testenv.Eventually(t, "the stream is empty", func() bool { return p.waiting(t) == 0 })
			if page.prints != 0 || len(p.stored(t)) != 0 {
				t.Error("something was printed")
			}
		})
	}
}

func TestAMessageForAFinishedRequestIsAcknowledged(t *testing.T) {
	t.Parallel()
	for name, finish := range map[string]func(*testing.T, *place, string){
		"canceled": func(t *testing.T, p *place, id string) {
			if _, err := p.store.CancelExport(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		},
		"past its expiry": func(t *testing.T, p *place, id string) {
			testenv.Exec(t, p.url, "UPDATE export_request SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h' WHERE id = $1", id)
		},
		"ready": func(t *testing.T, p *place, id string) {
			r, err := p.store.ClaimExport(t.Context(), id, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.store.CompleteExport(t.Context(), r, export.Artifact{BlobKey: "k", Size: 1, Filename: "f"}); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := setup(t)
			r := p.request(t)
			finish(t, p, r.ID)
			before := p.row(t, r.ID)
			d, page := p.next(t), &printer{}
			p.worker(t).handle(t.Context(), page, d, stay)
			d.ended(t, "ack")
			if after := p.row(t, r.ID); after != before {
				t.Errorf("the row went from %+v to %+v", before, after)
			}
			if page.prints != 0 || p.waiting(t) != 0 {
				t.Errorf("%d prints, %d messages left", page.prints, p.waiting(t))
			}
		})
	}
}

// A message that stays in the stream is the wake-up: the dispatcher does not publish another beside it.
func TestAMessageStaysWhileItsRequestMayNeedAWorker(t *testing.T) {
	t.Parallel()
	t.Run("resting", func(t *testing.T) {
		t.Parallel()
		p := setup(t)
		r := p.request(t)
		testenv.Exec(t, p.url, "UPDATE export_request SET status_at = now(), next_attempt_at = now() + interval '90 s' WHERE id = $1", r.ID)
		d := p.next(t)
		p.worker(t).handle(t.Context(), &printer{}, d, stay)
		d.ended(t, "return")
		if d.delay < 60*time.Second || d.delay > 90*time.Second {
			t.Errorf("it rests 90 s and comes again in %s", d.delay)
		}
		if got := p.row(t, r.ID); got.Attempt != 0 || p.waiting(t) != 1 {
			t.Errorf("attempt %d, %d messages", got.Attempt, p.waiting(t))
		}
	})
	t.Run("in other hands", func(t *testing.T) {
		t.Parallel()
		p := setup(t)
		r := p.request(t)
		if _, err := p.store.ClaimExport(t.Context(), r.ID, time.Minute); err != nil {
			t.Fatal(err)
		}
		d, w := p.next(t), p.worker(t)
		w.handle(t.Context(), &printer{}, d, stay)
		d.ended(t, "return")
		if d.delay != w.Lease || p.waiting(t) != 1 {
			t.Errorf("it comes again in %s; %d messages", d.delay, p.waiting(t))
		}
	})
}

func TestTheRestEndsInTimeWhateverTheClockHereSays(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := export.Request{StatusAt: at, NextAttemptAt: at.Add(16 * time.Second)}
	for now, want := range map[time.Duration]time.Duration{
		0:                16 * time.Second,
		10 * time.Second: 6 * time.Second,
		20 * time.Second: 100 * time.Millisecond, // over: the claim came a moment too early
		-time.Hour:       16 * time.Second,       // behind the database
		+time.Hour:       100 * time.Millisecond, // ahead of it
	} {
		if got := resting(r, at.Add(now)); got != want {
			t.Errorf("%s later: %s, want %s", now, got, want)
		}
	}
	fresh := export.Request{StatusAt: at, NextAttemptAt: at}
	if got := resting(fresh, at.Add(-time.Hour)); got != 100*time.Millisecond {
		t.Errorf("a request that does not rest: %s", got)
	}
}

func TestAMessageGoesBackWhenTheDatabaseDoesNotAnswer(t *testing.T) {
	t.Parallel()
	away := errors.New("connection refused")
	for name, store := range map[string]faultyStore{
		"to the claim": {claim: func(context.Context, string, time.Duration) (export.Request, error) {
			return export.Request{}, away
		}},
		"to the question why not": {
			claim: func(context.Context, string, time.Duration) (export.Request, error) {
				return export.Request{}, fmt.Errorf("claiming: %w", export.ErrNotClaimable)
			},
			read: func(context.Context, string) (export.Request, error) { return export.Request{}, away },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := setup(t)
			p.request(t)
			d := p.next(t)
			store.Store = p.store
			p.worker(t, func(c *Config) { c.Store = store }).handle(t.Context(), &printer{}, d, stay)
			d.ended(t, "return")
			if d.delay <= 0 || d.delay > 2*time.Second || p.waiting(t) != 1 {
				t.Errorf("it comes again in %s; %d messages", d.delay, p.waiting(t))
			}
		})
	}
}

// Long after the duplicate window the stream takes a second message for the same export.
func TestALateDuplicateChangesNothing(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	w, page := p.worker(t), &printer{}
	w.handle(t.Context(), page, p.next(t), stay)
	before := p.row(t, r.ID)
	if before.Status != export.Ready {
		t.Fatalf("the export is %s", before.Status)
	}
	testenv.Publish(t, p.nats, lane+r.ID, `{"v":1,"export_id":"`+r.ID+`"}`)
	d := p.next(t)
	w.handle(t.Context(), page, d, stay)
	d.ended(t, "ack")
	if after := p.row(t, r.ID); !reflect.DeepEqual(after, before) || page.prints != 1 || len(p.stored(t)) != 1 || p.waiting(t) != 0 {
		t.Errorf("%+v, %d prints, %d files, %d messages", after, page.prints, len(p.stored(t)), p.waiting(t))
	}
}
