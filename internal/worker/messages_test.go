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

func TestHandle_UnusableMessage(t *testing.T) {
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
				t.Error("the document was printed")
			}
		})
	}
}

func TestRelease_FinishedExport(t *testing.T) {
	t.Parallel()
	for name, finish := range map[string]func(*testing.T, *fixture, string){
		"canceled": func(t *testing.T, p *fixture, id string) {
			if _, err := p.store.CancelExport(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		},
		"past its expiry": func(t *testing.T, p *fixture, id string) {
			testenv.Exec(t, p.url, "UPDATE export_request SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h' WHERE id = $1", id)
		},
		"ready": func(t *testing.T, p *fixture, id string) {
			r, err := p.store.ClaimExport(t.Context(), export.Message{ExportID: id}, time.Minute)
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
			if after := p.row(t, r.ID); !reflect.DeepEqual(after, before) {
				t.Errorf("the row changed from %+v to %+v", before, after)
			}
			if page.prints != 0 || p.waiting(t) != 0 {
				t.Errorf("%d prints, %d messages left", page.prints, p.waiting(t))
			}
		})
	}
}

// The message stays in the stream, where it wakes a worker later.
func TestRelease_ExportMayNeedMessage(t *testing.T) {
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
			t.Errorf("due in 90 s, but the message is returned for %s", d.delay)
		}
		if got := p.row(t, r.ID); got.Attempt != 0 || p.waiting(t) != 1 {
			t.Errorf("attempt %d, %d messages", got.Attempt, p.waiting(t))
		}
	})
	t.Run("in other hands", func(t *testing.T) {
		t.Parallel()
		p := setup(t)
		r := p.request(t)
		if _, err := p.store.ClaimExport(t.Context(), r.Message(), time.Minute); err != nil {
			t.Fatal(err)
		}
		d := p.next(t)
		p.worker(t).handle(t.Context(), &printer{}, d, stay)
		d.ended(t, "return")
		// The rest of its lease of a minute, plus afterLease.
		if d.delay < 50*time.Second || d.delay > 61*time.Second || p.waiting(t) != 1 {
			t.Errorf("returned for %s; %d messages", d.delay, p.waiting(t))
		}
	})
}

func TestMessageEndFor(t *testing.T) {
	t.Parallel()
	const rest, lease = 16 * time.Second, 7 * time.Second
	first, third := export.Message{ExportID: "x"}, export.Message{ExportID: "x", Attempts: 2}
	queued := func(attempt int, rest time.Duration) export.Standing {
		return export.Standing{Status: export.Queued, Attempt: attempt, Rest: rest}
	}
	rendering := func(attempt int, lease time.Duration) export.Standing {
		return export.Standing{Status: export.Rendering, Attempt: attempt, LeaseFor: lease}
	}
	for _, tc := range []struct {
		name    string
		message export.Message
		row     export.Standing
		want    messageEnd
	}{
		{"queued and due", first, queued(0, 0), messageEnd{actionReturn, claimAgain}},
		{"queued, due for long", third, queued(2, -time.Hour), messageEnd{actionReturn, claimAgain}},
		{"queued and resting", third, queued(2, rest), messageEnd{actionReturn, rest}},
		{"queued for a later attempt", first, queued(1, 0), messageEnd{action: actionReplace}},
		{"queued for a later attempt, resting", first, queued(1, rest), messageEnd{action: actionReplace}},
		{"queued anew", third, queued(0, 0), messageEnd{action: actionReplace}},
		{"rendering elsewhere", first, rendering(1, lease), messageEnd{actionReturn, lease + afterLease}},
		{"rendering elsewhere, a retry", third, rendering(3, lease), messageEnd{actionReturn, lease + afterLease}},
		{"rendering elsewhere, lease over", third, rendering(3, -time.Second), messageEnd{actionReturn, afterLease}},
		{"rendering a later attempt", first, rendering(2, lease), messageEnd{action: actionAck}},
		{"rendering anew", third, rendering(1, lease), messageEnd{action: actionAck}},
		{"ready", first, export.Standing{Status: export.Ready, Attempt: 1}, messageEnd{action: actionAck}},
		{"failed", third, export.Standing{Status: export.Failed, Attempt: 3}, messageEnd{action: actionAck}},
		{"canceled", first, export.Standing{Status: export.Canceled}, messageEnd{action: actionAck}},
		{"expired", first, export.Standing{Status: export.Expired}, messageEnd{action: actionAck}},
	} {
		if got := messageEndFor(tc.message, tc.row, true); got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
	if got := messageEndFor(first, export.Standing{}, false); got != (messageEnd{action: actionAck}) {
		t.Errorf("unknown: %+v", got)
	}
}

func TestRelease_StaleMessageIsReplaced(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	testenv.Exec(t, p.url, "UPDATE export_request SET attempt = 1")
	d := p.next(t)
	p.worker(t).handle(t.Context(), &printer{}, d, stay)
	d.ended(t, "ack")
	if got := p.row(t, r.ID); got.Attempt != 1 || got.Status != export.Queued {
		t.Errorf("the message of the first attempt started another one: %s, attempt %d", got.Status, got.Attempt)
	}
	if due := testenv.Value(t, p.url, "SELECT dispatch_due_at <= now() FROM export_request"); due != "true" {
		t.Error("the message that fits the row is not due")
	}
	p.worker(t).handle(t.Context(), &printer{}, p.nextRetry(t), stay)
	if got := p.row(t, r.ID); got.Status != export.Ready || got.Attempt != 2 || p.waiting(t) != 0 {
		t.Errorf("%s after %d attempts, %d messages", got.Status, got.Attempt, p.waiting(t))
	}
}

func TestHandle_DatabaseAway(t *testing.T) {
	t.Parallel()
	away := errors.New("connection refused")
	for name, store := range map[string]faultyStore{
		"to the claim": {claim: func(context.Context, export.Message, time.Duration) (export.Request, error) {
			return export.Request{}, away
		}},
		"to the question why not": {
			claim: func(context.Context, export.Message, time.Duration) (export.Request, error) {
				return export.Request{}, fmt.Errorf("claiming: %w", export.ErrNotClaimable)
			},
			standing: func(context.Context, string) (export.Standing, error) { return export.Standing{}, away },
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
				t.Errorf("returned for %s; %d messages", d.delay, p.waiting(t))
			}
		})
	}
}

// Long after the duplicate window the stream takes a second message for the same export.
func TestRelease_LateDuplicate(t *testing.T) {
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
