package api_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// calls returns one call of every operation.
func (f *fixture) calls(id string) [][3]string {
	return [][3]string{
		{"POST", "/v1/exports", `{"resume_id":"` + f.anas + `"}`}, {"GET", "/v1/exports", ""}, {"GET", "/v1/exports/" + id, ""},
		{"GET", "/v1/exports/" + id + "/download", ""}, {"DELETE", "/v1/exports/" + id, ""}, {"DELETE", "/v1/exports", ""},
		{"POST", "/v1/exports/" + id + "/retry", ""}, {"POST", "/v1/exports/retry", "{}"}, {"GET", "/v1/templates", ""},
	}
}

// wantBusy checks for 503 with Retry-After.
func wantBusy(t *testing.T, a answer) {
	t.Helper()
	if p := wantProblem(t, a, 503); a.header.Get("Retry-After") != "1" || len(p.Errors) > 0 {
		t.Errorf("Retry-After %q: %s", a.header.Get("Retry-After"), a.body)
	}
}

func TestOutage_NoFreeConnection(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	one := testenv.Open(t, f.database, postgres.Options{MaxConns: 1})
	g := setup(t, func(c *api.Config) { c.Store, c.StoreWithin = one, 300*time.Millisecond })
	g.anas = f.anas

	// The only connection waits for a row lock.
	conn, err := pgx.Connect(t.Context(), f.database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), "BEGIN; SELECT FROM export_request FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	held := make(chan error, 1)
	go func() {
		_, err := one.CancelExport(t.Context(), id)
		held <- err
	}()
	testenv.Eventually(t, "the connection is taken", func() bool {
		return testenv.Value(t, f.database, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") == "1"
	})
	for _, c := range g.calls(id) {
		wantBusy(t, g.call(t, ana, c[0], c[1], c[2]))
	}
	if _, err := conn.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := <-held; err != nil {
		t.Error(err)
	}
	g.call(t, ana, "GET", "/v1/exports/"+id, "").export(t, 200)
}

func TestOutage_DatabaseAway(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	end := testenv.Outage(t, f.database)
	for _, c := range f.calls(id) {
		wantBusy(t, f.call(t, ana, c[0], c[1], c[2]))
	}
	end()
	f.ask(t, ana, "k", "").export(t, 202)
	// Connections that broke between two calls are replaced.
	testenv.Outage(t, f.database)()
	if a := f.ask(t, ana, "k", ""); a.status != 503 {
		a.export(t, 202)
	}
	testenv.Eventually(t, "it works again", func() bool { return f.ask(t, ana, "k", "").status == 202 })
	if n := testenv.Value(t, f.database, "SELECT count(*) FROM export_request WHERE idempotency_key IS NOT NULL"); n != "1" {
		t.Errorf("there are %s rows with the key", n)
	}
}
