package dispatch

import (
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// lose lets a worker claim the request and die.
func (p *fixture) lose(t *testing.T, id string) {
	t.Helper()
	if _, err := p.store.ClaimExport(t.Context(), p.row(t, id).Message(), time.Minute); err != nil {
		t.Fatal(err)
	}
	testenv.Exec(t, p.url, "UPDATE export_request SET lease_until = now() WHERE id = $1", id)
}

func TestRescue_MessageAfterOneRound(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 2)
	p.lose(t, ids[0])
	if _, err := p.store.ClaimExport(t.Context(), export.Message{ExportID: ids[1]}, time.Minute); err != nil {
		t.Fatal(err)
	}
	p.round(t, p.dispatcher(t))
	same(t, "the stream", p.published(t), ids[:1])
	if r := p.row(t, ids[0]); r.Status != export.Queued || r.Attempt != 1 || r.Lease.Token != "" {
		t.Errorf("the export with the lost lease is %s at attempt %d", r.Status, r.Attempt)
	}
	if r := p.row(t, ids[1]); r.Status != export.Rendering {
		t.Errorf("the one with a live worker is %s", r.Status)
	}
}

// The messages of the workers that died are still in the stream, and go on being
// there until the stream gives them to somebody else.
func TestRescue_MessagesOfDeadWorkersRemain(t *testing.T) {
	t.Parallel()
	p := setup(t)
	id := p.requests(t, 1)[0]
	if err := p.queue.PublishRequest(t.Context(), p.row(t, id)); err != nil {
		t.Fatal(err)
	}
	d := p.dispatcher(t)
	for attempt := 1; attempt < 3; attempt++ {
		lane := p.row(t, id).MessageLane()
		receiver, err := p.queue.Receive(t.Context(), lane)
		if err != nil {
			t.Fatal(err)
		}
		message, err := receiver.Next(t.Context(), 9*time.Second)
		receiver.Stop()
		if err != nil {
			t.Fatal(err)
		}
		if m, err := message.Message(); err != nil || m != p.row(t, id).Message() {
			t.Fatalf("attempt %d: the message is %+v, %v", attempt, m, err)
		}
		p.lose(t, id)
		p.round(t, d)
		if n := len(p.published(t)); n != attempt+1 {
			t.Errorf("after %d lost workers the stream holds %d messages", attempt, n)
		}
	}
}

// A resume that kills every worker fails after its last attempt.
func TestRescue_AttemptsExhausted(t *testing.T) {
	t.Parallel()
	p := setup(t)
	id := p.requests(t, 1)[0]
	d := p.dispatcher(t)
	for range 3 {
		p.lose(t, id)
		p.round(t, d)
	}
	r := p.row(t, id)
	if r.Status != export.Failed || r.Attempt != 3 || r.Failure == nil || r.Failure.Code != export.AttemptsExhausted {
		t.Errorf("%s after %d attempts: %+v", r.Status, r.Attempt, r.Failure)
	}
	testenv.Eventually(t, "the export is announced", func() bool {
		p.round(t, d)
		return len(p.events(t)) == 1
	})
	same(t, "the events", p.events(t), []string{"failed." + id})
}

func TestRescue_MoreThanABatch(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, batch+10)
	testenv.Exec(t, p.url, `UPDATE export_request SET status = 'rendering', attempt = 1,
		lease_token = gen_random_uuid(), lease_until = now()`)
	p.round(t, p.dispatcher(t))
	if n := len(p.published(t)); n != len(ids) {
		t.Errorf("%d of %d requests have a message", n, len(ids))
	}
}
