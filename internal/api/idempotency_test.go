package api_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// ask creates an export of ana's resume with an Idempotency-Key.
func (f *fixture) ask(t *testing.T, user, key, members string) answer {
	t.Helper()
	return f.call(t, user, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"`+members+`}`, "Idempotency-Key", key)
}

// rows counts the requests in the database.
func (f *fixture) rows(t *testing.T) string {
	t.Helper()
	return testenv.Value(t, f.database, "SELECT count(*) FROM export_request")
}

func TestIdempotencyKey_SameRequest(t *testing.T) {
	t.Parallel()
	f := setup(t)
	const key = `"8e03978e-40d5-43dd-bc93-6894a57f9324"`
	first := f.ask(t, ana, key, "")
	id := first.export(t, 202).ID
	if first.header.Get("Idempotency-Replayed") != "" {
		t.Error("the first is called a repeat")
	}
	// The same request in other spellings.
	for _, members := range []string{"", ` , "paper":"a4"`, `,"template":"classic","format":"pdf","expires_in":604800`} {
		again := f.ask(t, ana, key, members)
		if got := again.export(t, 202); got.ID != id || again.header.Get("Idempotency-Replayed") != "true" || again.header.Get("Location") != "/v1/exports/"+id {
			t.Errorf("%s: export %s, want %s; %v", members, got.ID, id, again.header)
		}
	}
	if _, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: id}, time.Minute); err != nil {
		t.Fatal(err)
	}
	if got := f.ask(t, ana, key, "").export(t, 202); got.Status != "rendering" || got.Attempt != 1 {
		t.Errorf("it stands at %+v", got)
	}
	f.delete(t, ana, id)
	if got := f.ask(t, ana, key, "").export(t, 202); got.ID != id || got.Status != "canceled" {
		t.Errorf("after it was canceled: %+v", got)
	}
	// Also after the resume was deleted, when a new request would be refused.
	f.sql(t, "DELETE FROM resumes WHERE id = $1", f.anas)
	if got := f.ask(t, ana, key, "").export(t, 202); got.ID != id {
		t.Errorf("after its resume was deleted: %+v", got)
	}
	wantProblem(t, f.ask(t, ana, "another", ""), 404, "body.resume_id")
	if n := f.rows(t); n != "1" {
		t.Errorf("there are %s rows", n)
	}
}

func TestIdempotencyKey_AnotherRequest(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.sql(t, `INSERT INTO jobs (id, title, company_name) VALUES ('job_1', 'T', 'C')`)
	f.ask(t, ana, "k", "").export(t, 202)
	for _, members := range []string{`,"paper":"letter"`, `,"format":"html"`, `,"template":"modern"`, `,"expires_in":60`, `,"job_id":"job_1"`} {
		wantProblem(t, f.ask(t, ana, "k", members), 422, "header.Idempotency-Key")
	}
	other := testenv.ImportSample(t, f.store, ana, "nurse")
	wantProblem(t, f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+other+`"}`, "Idempotency-Key", "k"), 422, "header.Idempotency-Key")
	if n := f.rows(t); n != "1" {
		t.Errorf("there are %s rows", n)
	}
}

// Keys belong to the caller, not to the owner of the resume.
func TestIdempotencyKey_AnotherCaller(t *testing.T) {
	t.Parallel()
	f := setup(t)
	mine, theirs := f.ask(t, ana, "k", "").export(t, 202), f.ask(t, eve, "k", "").export(t, 202)
	if mine.ID == theirs.ID || theirs.UserID != ana {
		t.Errorf("ana's %s and staff's %s, for %s", mine.ID, theirs.ID, theirs.UserID)
	}
	if again := f.ask(t, eve, "k", "").export(t, 202); again.ID != theirs.ID {
		t.Errorf("staff's again: %s, want %s", again.ID, theirs.ID)
	}
	if bens := f.call(t, ben, "POST", "/v1/exports", `{"resume_id":"`+f.bens+`"}`, "Idempotency-Key", "k").export(t, 202); bens.UserID != ben {
		t.Errorf("ben's is %+v", bens)
	}
	// A key does not open somebody else's export.
	wantProblem(t, f.ask(t, ben, "k2", ""), 404)
	wantProblem(t, f.ask(t, ben, "k", ""), 422)
}

func TestIdempotencyKey_Concurrent(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var all sync.WaitGroup
	ids := make([]string, 50)
	for i := range ids {
		all.Go(func() {
			a := f.ask(t, ana, "k", "")
			if a.status != 202 {
				t.Errorf("%d %s", a.status, a.body)
				return
			}
			ids[i] = a.header.Get("Location")
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("%s and %s", id, ids[0])
		}
	}
	if n := f.rows(t); n != "1" {
		t.Errorf("there are %s rows", n)
	}
}

func TestIdempotencyKey_Invalid(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.ask(t, ana, strings.Repeat("k", 255), "").export(t, 202)
	for _, key := range []string{strings.Repeat("k", 256), "a b", "schlüssel", ""} {
		wantProblem(t, f.ask(t, ana, key, ""), 422, "header.Idempotency-Key")
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.server.URL+"/v1/exports", strings.NewReader(`{"resume_id":"`+f.anas+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Bearer " + token(t, ana)}, "Content-Type": {"application/json"}, "Idempotency-Key": {"one", "two"}}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	wantProblem(t, answer{res.StatusCode, res.Header, body}, 422, "header.Idempotency-Key")
}

// cutting is a publisher that cuts the first caller's connection before it publishes.
type cutting struct {
	api.Publisher
	once *sync.Once
}

func (c cutting) PublishRequest(ctx context.Context, r export.Request) error {
	c.once.Do(func() { panic(http.ErrAbortHandler) })
	return c.Publisher.PublishRequest(ctx, r)
}

func TestIdempotencyKey_AfterLostAnswer(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Publisher = cutting{c.Publisher, &sync.Once{}} })
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.server.URL+"/v1/exports", strings.NewReader(`{"resume_id":"`+f.anas+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Bearer " + token(t, ana)}, "Content-Type": {"application/json"}, "Idempotency-Key": {"k"}}
	req.GetBody = nil // so that the transport does not repeat it by itself
	if res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req); err == nil {
		_ = res.Body.Close()
		t.Fatalf("it was answered: %s", res.Status)
	} else if !errors.Is(err, io.EOF) {
		t.Logf("the connection ended with %v", err)
	}
	if n := f.rows(t); n != "1" {
		t.Fatalf("there are %s rows after the first", n)
	}
	again := f.ask(t, ana, "k", "")
	got := again.export(t, 202)
	if again.header.Get("Idempotency-Replayed") != "true" || f.rows(t) != "1" {
		t.Errorf("%v, %s rows", again.header, f.rows(t))
	}
	wantNextMessage(t, f.queue, got.ID) // which the first did not come to
}
