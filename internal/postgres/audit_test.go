package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// calling returns the context of a call.
func calling(t testing.TB, action string) (context.Context, *audit.Call) {
	c := &audit.Call{Entry: audit.Entry{Actor: "key_1", Kind: audit.APIKey, UserID: "user_1", Action: action, Status: 200, RequestID: "req-1", Address: "192.0.2.1"}}
	return audit.NewContext(t.Context(), c), c
}

func TestAudit_CommitsWithTheChange(t *testing.T) {
	t.Parallel()
	s := setup(t)
	wantLog := func(what string, call *audit.Call, resource string) {
		t.Helper()
		log := must(s.AuditLog(t.Context(), audit.Filter{Limit: 1}))(t)
		want := call.Entry
		want.Resource = resource
		if d := cmp.Diff([]audit.Entry{want}, log, cmpopts.IgnoreFields(audit.Entry{}, "ID", "At")); d != "" || !call.IsRecorded() {
			t.Errorf("%s: %s, recorded %t", what, d, call.IsRecorded())
		}
	}
	count := func() int { return len(must(s.AuditLog(t.Context(), audit.Filter{Limit: 100}))(t)) }

	ctx, call := calling(t, "create-export")
	n := testenv.NewExport(s.userID, s.resumeID)
	n.Key = "key"
	r := must(s.CreateExport(ctx, n))(t)
	wantLog("created", call, r.ID)

	ctx, call = calling(t, "create-export")
	n.ID = testenv.NewExport(s.userID, s.resumeID).ID
	if again := must(s.CreateExport(ctx, n))(t); again.ID != r.ID || count() != 1 || !call.IsRecorded() {
		t.Errorf("a repeated request: %s, %d rows", again.ID, count())
	}
	ctx, call = calling(t, "create-export")
	_, err := s.CreateExport(ctx, testenv.NewExport(s.userID, "rsm_none"))
	wantError(t, "no resume", err, export.ErrResumeNotFound)
	if count() != 1 || call.IsRecorded() {
		t.Errorf("a failed request: %d rows, recorded %t", count(), call.IsRecorded())
	}

	ctx, call = calling(t, "delete-export")
	_, err = s.ExpireExport(ctx, r.ID)
	wantError(t, "not final", err, export.ErrWrongStatus)
	if count() != 1 || call.IsRecorded() {
		t.Errorf("a change that was not made: %d rows, recorded %t", count(), call.IsRecorded())
	}
	must(s.CancelExport(ctx, r.ID))(t)
	wantLog("canceled", call, r.ID)
	ctx, call = calling(t, "delete-export")
	must(s.ExpireExport(ctx, r.ID))(t)
	wantLog("expired", call, r.ID)
	ctx, call = calling(t, "retry-export")
	failed := s.claimed(t)
	must(s.FailExport(t.Context(), failed, failure(export.Internal)))(t)
	must(s.RetryExport(ctx, failed.ID))(t)
	wantLog("retried", call, failed.ID)

	// Neither without the other.
	s.exec(t, `ALTER TABLE audit_log ADD CONSTRAINT refused CHECK (action <> 'refused')`)
	ctx, call = calling(t, "refused")
	open := s.request(t)
	if _, err := s.CancelExport(ctx, open.ID); err == nil || s.read(t, open.ID).Status != export.Queued || call.IsRecorded() {
		t.Errorf("canceled without a row in the audit log: %v", err)
	}
	n = testenv.NewExport(s.userID, s.resumeID)
	if _, err := s.CreateExport(ctx, n); err == nil || call.IsRecorded() {
		t.Error("created without a row in the audit log")
	}
	_, err = s.Export(t.Context(), n.ID)
	wantError(t, "the request without a row", err, export.ErrNotFound)
}

func TestAuditLog_FilterAndPurge(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, e := range []audit.Entry{
		{Actor: "a", Kind: audit.Token, UserID: "a", Action: "x", Resource: "1", Status: 204},
		{Actor: "k", Kind: audit.APIKey, UserID: "a", Action: "x", Resource: "2", Status: 403},
		{Actor: "k", Kind: audit.APIKey, UserID: "b", Action: "y", Status: 200},
	} {
		if err := s.RecordCall(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	s.exec(t, `UPDATE audit_log SET at = now() - interval '2 days' WHERE resource = '1'`)
	all := must(s.AuditLog(t.Context(), audit.Filter{Limit: 9}))(t)
	if len(all) != 3 || all[0].Action != "y" || all[1].Status != 403 {
		t.Fatalf("%+v", all)
	}
	for name, c := range map[string]struct {
		filter audit.Filter
		want   int
	}{
		"actor":    {audit.Filter{Actor: "k"}, 2},
		"user":     {audit.Filter{UserID: "a"}, 2},
		"resource": {audit.Filter{Resource: "2"}, 1},
		"since":    {audit.Filter{Since: time.Hour}, 2},
		"before":   {audit.Filter{Before: all[1].ID}, 1},
		"no text":  {audit.Filter{Actor: "\x00"}, 0},
	} {
		c.filter.Limit = 9
		if got := must(s.AuditLog(t.Context(), c.filter))(t); len(got) != c.want {
			t.Errorf("%s: %d rows, want %d", name, len(got), c.want)
		}
	}
	if n := must(s.PurgeAudit(t.Context(), 24*time.Hour, 10))(t); n != 1 {
		t.Errorf("purged %d", n)
	}
	if n := must(s.PurgeAudit(t.Context(), 0, 1))(t); n != 1 {
		t.Errorf("purged %d at once, want the limit", n)
	}
}
