package api_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// auditLog returns the audit log, oldest first, without ids and times.
func (f *fixture) auditLog(t *testing.T) []audit.Entry {
	t.Helper()
	log, err := f.store.AuditLog(t.Context(), audit.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for i, j := 0, len(log)-1; i < j; i, j = i+1, j-1 {
		log[i], log[j] = log[j], log[i]
	}
	return log
}

func wantAudit(t *testing.T, f *fixture, want ...audit.Entry) {
	t.Helper()
	got := f.auditLog(t)
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(audit.Entry{}, "ID", "At"), cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
}

func TestAudit_EveryChange(t *testing.T) {
	t.Parallel()
	f := setup(t)
	key, keyID := f.key(t, apikey.Scopes())
	failed, ready := f.failed(t, export.Internal), f.ready(t, []byte("bytes"), "a.pdf")
	const requestID = "req-7"
	do := func(a answer, status int) answer {
		t.Helper()
		if a.status != status {
			t.Fatalf("%d %s, want %d", a.status, a.body, status)
		}
		return a
	}
	created := do(f.as(t, key, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`, "Idempotency-Key", "k", "X-Request-Id", requestID), 202).export(t, 202)
	do(f.as(t, key, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`, "Idempotency-Key", "k", "X-Request-Id", requestID), 202) // changes nothing
	call := func(user, method, path, body string, status int) {
		t.Helper()
		do(f.call(t, user, method, path, body, "X-Request-Id", requestID), status)
	}
	call(ana, "DELETE", "/v1/exports/"+created.ID, "", 204)
	call(ana, "DELETE", "/v1/exports/"+ready.ID, "", 204)
	call(ana, "POST", "/v1/exports/"+failed.ID+"/retry", "", 202)
	call(eve, "POST", "/v1/exports/retry", "{}", 202)
	call(eve, "DELETE", "/v1/exports?user_id="+ben, "", 200)
	// Refused to a known caller.
	call(ben, "DELETE", "/v1/exports/"+failed.ID, "", 404)
	call(ben, "POST", "/v1/exports/retry", "{}", 403)
	call(ana, "POST", "/v1/exports/"+failed.ID+"/retry", "", 409)
	reader, readerID := f.key(t, []apikey.Scope{apikey.ExportsRead}, ana)
	do(f.as(t, reader, "", "DELETE", "/v1/exports/"+failed.ID, "", "X-Request-Id", requestID), 403)
	// Not recorded: what changes nothing, and what is malformed or from nobody.
	call(ana, "GET", "/v1/exports", "", 200)
	call(ana, "POST", "/v1/exports", "{", 400)
	call(ana, "POST", "/v1/exports", `{"resume_id":7}`, 422)
	call("", "DELETE", "/v1/exports?all=true", "", 401)

	entry := func(actor string, kind audit.Kind, user, action, resource string, status int) audit.Entry {
		return audit.Entry{Actor: actor, Kind: kind, UserID: user, Action: action, Resource: resource, Status: status, RequestID: requestID}
	}
	wantAudit(t, f,
		entry(keyID, audit.APIKey, ana, "create-export", created.ID, 202),
		entry(ana, audit.Token, ana, "delete-export", created.ID, 204),
		entry(ana, audit.Token, ana, "delete-export", ready.ID, 204),
		entry(ana, audit.Token, ana, "retry-export", failed.ID, 202),
		entry(eve, audit.Token, eve, "retry-failed-exports", "", 202),
		entry(eve, audit.Token, eve, "erase-exports", ben, 200),
		entry(ben, audit.Token, ben, "delete-export", failed.ID, 404),
		entry(ben, audit.Token, ben, "retry-failed-exports", "", 403),
		entry(ana, audit.Token, ana, "retry-export", failed.ID, 409),
		entry(readerID, audit.APIKey, ana, "delete-export", failed.ID, 403),
	)
}

func TestAudit_Addresses(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.AuditAddresses = true })
	f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`)
	if log := f.auditLog(t); len(log) != 1 || log[0].Address != "127.0.0.1" {
		t.Errorf("%+v", log)
	}
}

// unrecorded is a store that cannot write to the audit log on its own.
type unrecorded struct{ api.Store }

func (unrecorded) RecordCall(context.Context, audit.Entry) error {
	return errors.New("the disk is full")
}

func TestAudit_Failure(t *testing.T) {
	t.Parallel()
	o := &seen{}
	f := setup(t, func(c *api.Config) { c.Store = unrecorded{c.Store}; c.Observer = o })
	testenv.Request(t, f.store, ana, f.anas)
	f.eraseAll(t, ana, "?all=true")
	testenv.Eventually(t, "the failure is counted", func() bool { return strings.Contains(strings.Join(o.take(&o.exports), ","), "audit failed") })
	if log := f.log.String(); !strings.Contains(log, "calls cannot be written to the audit log") || !strings.Contains(log, `"action":"erase-exports"`) {
		t.Errorf("the log does not have the call: %s", log)
	}
}
