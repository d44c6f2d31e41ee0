package sweep

import (
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestPass_PurgesAuditLog(t *testing.T) {
	t.Parallel()
	p := setup(t)
	for range 2*firstBatch + 3 {
		if err := p.store.RecordCall(t.Context(), audit.Entry{Actor: user, Kind: audit.Token, Action: "create-export", Status: 202}); err != nil {
			t.Fatal(err)
		}
	}
	testenv.Exec(t, p.url, `UPDATE audit_log SET at = now() - interval '3 days' WHERE id > 2`)
	if res := pass(t, p.sweeper(t)); res != (Result{}) {
		t.Errorf("with the default retention: %+v", res)
	}
	short := func(c *Config) { c.AuditRetention = 48 * time.Hour }
	if res := pass(t, p.sweeper(t, short)); res != (Result{Audit: 2*firstBatch + 1}) {
		t.Errorf("result %+v", res)
	}
	if left, err := p.store.AuditLog(t.Context(), audit.Filter{Limit: 10}); err != nil || len(left) != 2 {
		t.Errorf("%d rows are left, %v", len(left), err)
	}
	if _, err := New(Config{Store: p.store, Files: p.files, AuditRetention: time.Hour}); err == nil {
		t.Error("a retention of an hour is accepted")
	}
}
