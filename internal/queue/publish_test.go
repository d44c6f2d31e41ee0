package queue_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestPublishRequest_Outstanding(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	r := request(1)
	for _, gen := range []int{1, 1, 2, 2, 3} { // the API again, and dispatchers
		r.DispatchGen = gen
		publish(t, q, r)
	}
	if got := messages(t, js); got != 1 {
		t.Fatalf("there are %d messages", got)
	}
	d := next(t, receive(t, q), r.ID)
	r.DispatchGen = 4
	publish(t, q, r) // delivered, but not ended
	ack(t, d)
	if got := messages(t, js); got != 0 {
		t.Errorf("after the end there are %d messages", got)
	}
}

func TestPublishRequest_Body(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	r := request(1)
	r.UserID, r.ResumeID = "user_1", "rsm_1"
	publish(t, q, r)
	s, err := js.Stream(t.Context(), "EXPORTS")
	if err != nil {
		t.Fatal(err)
	}
	msg, err := s.GetLastMsgForSubject(t.Context(), "exports.requested.interactive."+r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(`{"v":1,"export_id":"`+r.ID+`"}`, string(msg.Data)); d != "" {
		t.Error(d)
	}
	if got := msg.Header.Get("Nats-Msg-Id"); got != r.ID+":1" {
		t.Errorf("message id %q", got)
	}
}

func TestPublishRequest_NextGeneration(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	receiver := receive(t, q)
	r := request(1)
	publish(t, q, r)
	ack(t, next(t, receiver, r.ID))

	publish(t, q, r) // a late repeat of the one that was ended
	if got := messages(t, js); got != 0 {
		t.Errorf("a repeat was queued: %d messages", got)
	}
	r.DispatchGen = 2
	publish(t, q, r)
	ack(t, next(t, receiver, r.ID))
}

func TestPublishRequest_StreamFull(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]func(*jetstream.StreamConfig){
		"messages": func(c *jetstream.StreamConfig) { c.MaxMsgs = 1 },
		"bytes":    func(c *jetstream.StreamConfig) { c.MaxBytes = 300 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := testenv.NATS(t, "")
			q, js := testenv.Queue(t, n), admin(t, n)
			s, err := js.Stream(t.Context(), "EXPORTS")
			if err != nil {
				t.Fatal(err)
			}
			cfg := s.CachedInfo().Config
			limit(&cfg)
			if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
				t.Fatal(err)
			}
			first, second := request(1), request(1)
			publish(t, q, first)
			if err := q.PublishRequest(t.Context(), second); !errors.Is(err, queue.ErrFull) || !strings.Contains(err.Error(), second.ID) {
				t.Errorf("%v, want ErrFull", err)
			}
			ack(t, next(t, receive(t, q), first.ID))
			publish(t, q, second)
		})
	}
}

func TestPublishRequest_NoStream(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	for _, name := range []string{"EXPORTS", "EXPORT_EVENTS"} {
		if err := js.DeleteStream(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.PublishRequest(t.Context(), request(1)); err == nil || errors.Is(err, queue.ErrFull) {
		t.Errorf("a request: %v", err)
	}
	if err := q.PublishEvent(t.Context(), export.Event{ExportID: "x", Status: export.Ready}); err == nil {
		t.Error("an event: no error")
	}
	if err := q.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "EXPORTS") {
		t.Errorf("Ping: %v", err)
	}
}

func TestPublishEvent_Fields(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q, js := testenv.Queue(t, n), admin(t, n)
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.FixedZone("", 3600))
	const utc = "2026-01-02T02:04:05.000006Z"
	for status, extra := range map[export.Status]map[string]any{
		export.Ready:    {"exported_at": utc},
		export.Failed:   {"failed_at": utc, "error_message": "It did not work."},
		export.Canceled: {},
		export.Expired:  {},
	} {
		e := export.Event{ExportID: request(1).ID, UserID: "user_1", ResumeID: "rsm_1", Status: status, At: at}
		if status == export.Failed {
			e.ErrorMessage = "It did not work."
		}
		for range 2 { // a repeat is dropped
			if err := q.PublishEvent(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		s, err := js.Stream(t.Context(), "EXPORT_EVENTS")
		if err != nil {
			t.Fatal(err)
		}
		msg, err := s.GetLastMsgForSubject(t.Context(), "exports.event."+string(status)+"."+e.ExportID)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]any{"export_id": e.ExportID, "resume_id": "rsm_1", "user_id": "user_1", "status": string(status), "at": utc}
		for k, v := range extra {
			want[k] = v
		}
		var got map[string]any
		if err := json.Unmarshal(msg.Data, &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", status, d)
		}
	}
	s, err := js.Stream(t.Context(), "EXPORT_EVENTS")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.CachedInfo().State.Msgs; got != 4 {
		t.Errorf("there are %d events", got)
	}
}

// A request that failed, was tried again and failed again at once.
func TestPublishEvent_SameStatusAgain(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q := testenv.Queue(t, n)
	at := time.Now().Truncate(time.Microsecond)
	for _, e := range []export.Event{
		{ExportID: "x", Status: export.Failed, At: at}, {ExportID: "x", Status: export.Failed, At: at.UTC()},
		{ExportID: "x", Status: export.Failed, At: at.Add(time.Microsecond)},
	} {
		if err := q.PublishEvent(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	if got := testenv.Messages(t, n, "EXPORT_EVENTS"); len(got) != 2 {
		t.Errorf("the stream holds %v", got)
	}
}
