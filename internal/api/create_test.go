package api_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestCreate_Defaults(t *testing.T) {
	t.Parallel()
	f := setup(t)
	a := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`)
	got := a.export(t, 202)
	want := api.Export{ResumeID: f.anas, UserID: ana, Lane: "interactive", Format: "pdf", Template: "classic", Paper: "a4", Status: "queued"}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(api.Export{}, "ID", "CreatedAt", "ExpiresAt")); d != "" {
		t.Error(d)
	}
	if id, err := uuid.Parse(got.ID); err != nil || id.Version() != 7 {
		t.Errorf("the id %q is no UUIDv7", got.ID)
	}
	if got.ExpiresAt.Sub(got.CreatedAt) != export.DefaultExpiresIn {
		t.Errorf("expires after %s", got.ExpiresAt.Sub(got.CreatedAt))
	}
	if a.header.Get("Location") != "/v1/exports/"+got.ID || a.header.Get("Retry-After") != "1" {
		t.Errorf("header %v", a.header)
	}
	if again := f.call(t, ana, "GET", a.header.Get("Location"), "").export(t, 200); again.ID != got.ID {
		t.Errorf("Location leads to %+v", again)
	}
	wantNextMessage(t, f.queue, got.ID)
}

func TestCreate_EveryField(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.sql(t, `INSERT INTO jobs (id, title, company_name) VALUES ('job_1', 'Gardener', 'Green & Co')`)
	for _, format := range export.Formats() {
		for _, paper := range export.Papers() {
			body := fmt.Sprintf(`{"resume_id":%q,"job_id":"job_1","format":%q,"template":"modern","paper":%q,"expires_in":60}`, f.anas, format, paper)
			got := f.call(t, ana, "POST", "/v1/exports", body).export(t, 202)
			want := api.Export{ResumeID: f.anas, UserID: ana, JobID: "job_1", Lane: "interactive", Format: string(format), Template: "modern", Paper: string(paper), Status: "queued"}
			if d := cmp.Diff(want, got, cmpopts.IgnoreFields(api.Export{}, "ID", "CreatedAt", "ExpiresAt")); d != "" {
				t.Error(d)
			}
			if got.ExpiresAt.Sub(got.CreatedAt) != time.Minute {
				t.Errorf("expires after %s", got.ExpiresAt.Sub(got.CreatedAt))
			}
		}
	}
	longest := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`","expires_in":2592000}`).export(t, 202)
	if longest.ExpiresAt.Sub(longest.CreatedAt) != export.MaxExpiresIn {
		t.Errorf("expires after %s", longest.ExpiresAt.Sub(longest.CreatedAt))
	}
}

func TestCreate_ByStaff(t *testing.T) {
	t.Parallel()
	f := setup(t)
	got := f.call(t, eve, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`).export(t, 202)
	if got.UserID != ana {
		t.Errorf("it belongs to %s", got.UserID)
	}
	f.call(t, ana, "GET", "/v1/exports/"+got.ID, "").export(t, 200)
}

func TestCreate_WhileNATSIsDown(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q := testenv.Queue(t, n)
	f := setup(t, func(c *api.Config) { c.Publisher = q })
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	got := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`).export(t, 202)
	r, err := f.store.Export(t.Context(), got.ID)
	if err != nil || r.Status != export.Queued {
		t.Fatalf("the row is %+v, %v", r, err)
	}
}

// wantNextMessage checks that a worker gets the export's message.
func wantNextMessage(t *testing.T, q *queue.Queue, exportID string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	receiver, err := q.Receive(ctx, export.Interactive)
	if err != nil {
		t.Fatal(err)
	}
	defer receiver.Stop()
	d, err := receiver.Next(ctx, 9*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := d.Message(); err != nil || m.ExportID != exportID {
		t.Errorf("the message is for %q, %v; want %q", m.ExportID, err, exportID)
	}
	if err := d.Ack(ctx); err != nil {
		t.Error(err)
	}
}
