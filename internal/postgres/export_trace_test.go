package postgres_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// The trace context of a request is in its row, and every role that takes the row has it.
func TestTraceparent(t *testing.T) {
	t.Parallel()
	const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	url := testenv.Database(t)
	store := testenv.Open(t, url, postgres.Options{})
	s := stage{Store: store, userID: "user_1", resumeID: testenv.ImportSample(t, store, "user_1", "first-job")}
	r := must(s.CreateExport(t.Context(), export.New{ID: uuid.Must(uuid.NewV7()).String(), ResumeID: s.resumeID, Format: "pdf", Template: "classic", Paper: "a4",
		ExpiresIn: time.Hour, MaxAttempts: 3, Caller: export.Caller{UserID: s.userID}, Traceparent: traceparent}))(t)
	if r.Traceparent != traceparent || r.TraceID() != "0af7651916cd43dd8448eb211c80319c" || !r.FirstMessage() {
		t.Errorf("created: %q, first %t", r.Traceparent, r.FirstMessage())
	}
	testenv.Exec(t, url, "UPDATE export_request SET dispatch_due_at = now()")
	again := must(s.TakeToDispatch(t.Context(), 1))(t)
	if len(again) != 1 || again[0].Traceparent != traceparent || again[0].FirstMessage() {
		t.Errorf("taken to be published again: %+v", again)
	}
	claimed := must(s.ClaimExport(t.Context(), r.ID, lease))(t)
	if claimed.Traceparent != traceparent || claimed.FirstMessage() {
		t.Errorf("claimed: %+v", claimed)
	}
	testenv.Exec(t, url, "UPDATE export_request SET lease_until = now(), expires_at = now()")
	swept := must(s.MarkToSweep(t.Context(), time.Time{}, time.Minute, 10))(t)
	if len(swept.Expired) != 1 || swept.Expired[0].ID != r.ID || swept.Expired[0].Traceparent != traceparent {
		t.Errorf("swept: %+v", swept)
	}
	if untraced := s.request(t); untraced.Traceparent != "" || untraced.TraceID() != "" || len(untraced.LogAttrs()) != 2 {
		t.Errorf("not traced: %+v", untraced)
	}
}
