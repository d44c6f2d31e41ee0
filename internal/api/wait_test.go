package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// async makes a call and returns a function that waits for its answer.
func (f *fixture) async(t *testing.T, user, method, path, body string, header ...string) func() answer {
	t.Helper()
	answers := make(chan answer, 1)
	go func() { answers <- f.call(t, user, method, path, body, header...) }()
	return func() answer { return <-answers }
}

// awaitWaiting waits until n requests or streams wait.
func (f *fixture) awaitWaiting(t *testing.T, n int) {
	t.Helper()
	testenv.Eventually(t, "requests that wait", func() bool { return f.hub.Subscriptions() == n })
}

// newest waits for an export of ana's that is queued, and returns it.
func (f *fixture) newest(t *testing.T) export.Request {
	t.Helper()
	var found export.Request
	testenv.Eventually(t, "a queued export", func() bool {
		list, err := f.store.Exports(t.Context(), export.Filter{UserID: ana, Status: export.Queued, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) > 0 {
			found = list[0]
		}
		return len(list) > 0
	})
	return found
}

func TestCreate_Waits(t *testing.T) {
	t.Parallel()
	f := setup(t, withLinks(t))
	body := `{"resume_id":"` + f.anas + `"}`
	result := f.async(t, ana, "POST", "/v1/exports", body, "Prefer", "wait=50", "Idempotency-Key", "k")
	r := f.newest(t)
	repeat := f.async(t, ana, "POST", "/v1/exports", body, "Prefer", "wait=50", "Idempotency-Key", "k")
	f.awaitWaiting(t, 2)
	f.finish(t, f.claim(t, r.ID), []byte("0123456789"), "a.pdf")
	for name, result := range map[string]func() answer{"first": result, "repeated": repeat} {
		a := result()
		got := a.export(t, 201)
		if got.ID != r.ID || got.Status != "ready" || got.EventsURL != "" {
			t.Errorf("%s: %+v", name, got)
		}
		if h := a.header; h.Get("Preference-Applied") != "wait=50" || h.Get("Retry-After") != "" || h.Get("Location") != "/v1/exports/"+r.ID {
			t.Errorf("%s: header %v", name, h)
		}
		f.call(t, "", "GET", got.DownloadURL, "").wantStatus(t, 200)
	}
	f.awaitWaiting(t, 0)
}

func TestCreate_WaitsInVain(t *testing.T) {
	t.Parallel()
	f := setup(t)
	a := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`, "Prefer", "wait=1")
	got := a.export(t, 202)
	if got.Status != "queued" || a.header.Get("Preference-Applied") != "wait=1" || a.header.Get("Retry-After") != "1" {
		t.Errorf("%+v, header %v", got, a.header)
	}
	a = f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`)
	if a.header.Get("Preference-Applied") != "" {
		t.Errorf("without Prefer: header %v", a.header)
	}
}

func TestGet_Waits(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for name, end := range map[string]struct {
		do     func(id string)
		status string
	}{
		"ready":    {func(id string) { f.finish(t, f.claim(t, id), []byte("x"), "a.pdf") }, "ready"},
		"canceled": {func(id string) { f.call(t, ana, "DELETE", "/v1/exports/"+id, "").wantStatus(t, 204) }, "canceled"},
	} {
		id := testenv.Request(t, f.store, ana, f.anas).ID
		result := f.async(t, ana, "GET", "/v1/exports/"+strings.ToUpper(id), "", "Prefer", "wait=50")
		f.awaitWaiting(t, 1)
		end.do(id)
		a := result()
		if got := a.export(t, 200); got.Status != end.status || a.header.Get("Preference-Applied") != "wait=50" {
			t.Errorf("%s: %s, header %v", name, got.Status, a.header)
		}
		f.awaitWaiting(t, 0)
	}
}

func TestGet_IfNoneMatch(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	path := "/v1/exports/" + id
	tag := f.call(t, ana, "GET", path, "").header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	for _, condition := range []string{tag, strings.TrimPrefix(tag, "W/"), `"x", ` + tag, "*"} {
		if a := f.call(t, ana, "GET", path, "", "If-None-Match", condition); a.status != 304 || len(a.body) > 0 || a.header.Get("ETag") != tag {
			t.Errorf("%s: %d %s", condition, a.status, a.body)
		}
	}
	if a := f.call(t, ana, "GET", path, "", "If-None-Match", tag, "Prefer", "wait=1"); a.status != 304 || a.header.Get("Preference-Applied") != "wait=1" {
		t.Errorf("unchanged: %d %v", a.status, a.header)
	}
	result := f.async(t, ana, "GET", path, "", "If-None-Match", tag, "Prefer", "wait=50")
	f.awaitWaiting(t, 1)
	r := f.claim(t, id)
	a := result()
	if got := a.export(t, 200); got.Status != "rendering" || a.header.Get("ETag") == tag || a.header.Get("Retry-After") == "" {
		t.Errorf("changed: %s, header %v", got.Status, a.header)
	}
	f.finish(t, r, []byte("x"), "a.pdf")
	tag = f.call(t, ana, "GET", path, "").header.Get("ETag")
	f.call(t, ana, "GET", path+"/download", "").wantStatus(t, 200)
	testenv.Eventually(t, "another ETag after the download", func() bool { return f.call(t, ana, "GET", path, "").header.Get("ETag") != tag })
}

func TestPrefer(t *testing.T) {
	t.Parallel()
	f := setup(t)
	path := "/v1/exports/" + f.ready(t, []byte("x"), "a.pdf").ID
	for prefer, want := range map[string]string{
		"wait=0": "", "wait=7": "wait=7", "WAIT = 7": "wait=7", `wait="8"`: "wait=8", "wait=60": "wait=60", "wait=100": "wait=60",
		"respond-async, wait=5;foo=bar, wait=9": "wait=5", "return=minimal": "", "waiting=5": "",
	} {
		a := f.call(t, ana, "GET", path, "", "Prefer", prefer)
		if got := a.header.Get("Preference-Applied"); a.status != 200 || got != want {
			t.Errorf("%s: %d, applied %q, want %q", prefer, a.status, got, want)
		}
	}
	for _, prefer := range []string{"wait=-1", "wait=x", "wait=", "wait", "wait=1.5", "wait=+5", `wait="`, "wait=99999999999999999999", "wait=0x10", "wait=5s", "respond-async, wait=no",
		strings.Repeat("x", 201)} {
		wantProblem(t, f.call(t, ana, "GET", path, "", "Prefer", prefer), 422, "header.Prefer")
		wantProblem(t, f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`, "Prefer", prefer), 422, "header.Prefer")
	}
	list, err := f.store.Exports(t.Context(), export.Filter{UserID: ana, Limit: 10})
	if err != nil || len(list) != 1 {
		t.Errorf("%d exports, %v: a refused request made one", len(list), err)
	}
}

// A client that goes away, an erasure and the end of the process end a wait at once.
func TestWait_Ends(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	path := "/v1/exports/" + id

	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token(t, ana))
	req.Header.Set("Prefer", "wait=50")
	gone := make(chan error, 1)
	go func() {
		_, err := f.server.Client().Do(req)
		gone <- err
	}()
	f.awaitWaiting(t, 1)
	leave()
	if err := <-gone; err == nil {
		t.Error("an answer")
	}
	f.awaitWaiting(t, 0)

	result := f.async(t, ana, "GET", path, "", "Prefer", "wait=50")
	f.awaitWaiting(t, 1)
	f.call(t, eve, "DELETE", "/v1/exports?user_id="+ana, "").wantStatus(t, 200)
	wantProblem(t, result(), 404)

	id = testenv.Request(t, f.store, ana, f.anas).ID
	result = f.async(t, ana, "GET", "/v1/exports/"+id, "", "Prefer", "wait=50")
	f.awaitWaiting(t, 1)
	f.stopHub()
	if got := result().export(t, 200); got.Status != "queued" {
		t.Errorf("at the end of the process: %s", got.Status)
	}
	if got := f.call(t, ana, "GET", "/v1/exports/"+id, "", "Prefer", "wait=50").export(t, 200); got.Status != "queued" {
		t.Errorf("after it: %s", got.Status)
	}
}

// Requests that wait hold no connection to the database.
func TestWait_HoldsNoDatabaseConnection(t *testing.T) {
	t.Parallel()
	const waiting = 30
	var config api.Config
	f := setup(t, func(c *api.Config) { config = *c })
	config.Store = testenv.Open(t, f.database, postgres.Options{MaxConns: 2})
	small := httptest.NewServer(api.Handler(config))
	t.Cleanup(small.Close)
	f.server.URL = small.URL
	id := testenv.Request(t, f.store, ana, f.anas).ID
	var results []func() answer
	for range waiting {
		results = append(results, f.async(t, ana, "GET", "/v1/exports/"+id, "", "Prefer", "wait=50"))
	}
	f.awaitWaiting(t, waiting)
	f.call(t, ben, "GET", "/v1/exports", "").wantStatus(t, 200)
	f.finish(t, f.claim(t, id), []byte("x"), "a.pdf")
	for _, result := range results {
		if got := result().export(t, 200); got.Status != "ready" {
			t.Errorf("%s", got.Status)
		}
	}
}

// The time in which a request has to be read does not end a wait.
func TestWait_LongerThanTheReadTimeout(t *testing.T) {
	t.Parallel()
	f := setup(t)
	slow := httptest.NewUnstartedServer(f.handler)
	slow.Config.ReadTimeout = 100 * time.Millisecond
	slow.Start()
	t.Cleanup(slow.Close)
	f.server.URL = slow.URL
	id := testenv.Request(t, f.store, ana, f.anas).ID
	var both sync.WaitGroup
	both.Go(func() { f.call(t, ana, "GET", "/v1/exports/"+id, "", "Prefer", "wait=1").export(t, 200) })
	both.Go(func() {
		f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`, "Prefer", "wait=1").export(t, 202)
	})
	both.Wait()
}

func TestRetryAfter_ExpectedTime(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	f.sql(t, `UPDATE export_request SET created_at = now() - interval '30 s', next_attempt_at = now() - interval '30 s' WHERE id = $1`, id)
	a := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`)
	if got := a.header.Get("Retry-After"); got != "30" && got != "31" && got != "29" {
		t.Errorf("Retry-After %q behind an export that has waited for 30 s", got)
	}
	f.sql(t, `UPDATE export_request SET attempt = 1, next_attempt_at = now() + interval '40 s' WHERE id = $1`, id)
	if got := f.call(t, ana, "GET", "/v1/exports/"+id, "").header.Get("Retry-After"); got != "40" && got != "39" {
		t.Errorf("Retry-After %q of an export that rests for 40 s", got)
	}
}
