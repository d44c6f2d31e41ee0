package api_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// seen is an Observer that collects its calls.
type seen struct {
	mu       sync.Mutex
	requests []string
	exports  []string
	holding  []string
}

func (s *seen) keep(list *[]string, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, fmt.Sprintf(format, args...))
}

func (s *seen) take(list *[]string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := *list
	*list = nil
	return taken
}

func (s *seen) RequestFinished(_ context.Context, r api.FinishedRequest) {
	s.keep(&s.requests, "%s %q %d %t", r.Method, r.Route, r.Status, r.Duration > 0)
}
func (s *seen) ExportAccepted(_ context.Context, r export.Request, replayed bool) {
	s.keep(&s.exports, "accepted %s %t", r.ID, replayed)
}
func (s *seen) ExportCanceled(_ context.Context, r export.Request) {
	s.keep(&s.exports, "canceled %s %s", r.ID, r.Status)
}
func (s *seen) ExportsErased(_ context.Context, n int64) { s.keep(&s.exports, "erased %d", n) }
func (s *seen) RequestLimited(_ context.Context, policy string) {
	s.keep(&s.exports, "limited %s", policy)
}
func (s *seen) AuditFailed(context.Context) { s.keep(&s.exports, "audit failed") }
func (s *seen) Holding(kind string, n int)  { s.keep(&s.holding, "%s %d", kind, n) }
func (s *seen) ExportDownloaded(_ context.Context, r export.Request) {
	s.keep(&s.exports, "downloaded %s %d", r.ID, r.Artifact.Size)
}

func TestObserver_Requests(t *testing.T) {
	t.Parallel()
	o := &seen{}
	f := setup(t, func(c *api.Config) { c.Observer = o })
	id := testenv.Request(t, f.store, ana, f.anas).ID
	for _, c := range []struct{ user, method, path, body, want string }{
		{ana, "GET", "/v1/exports/" + id, "", `GET "/v1/exports/{id}" 200 true`},
		{ana, "HEAD", "/v1/exports/" + id, "", `HEAD "/v1/exports/{id}" 200 true`},
		{ana, "GET", "/v1/exports?limit=0", "", `GET "/v1/exports" 422 true`},
		{"", "GET", "/v1/exports/" + id + "/download", "", `GET "/v1/exports/{id}/download" 401 true`},
		{ana, "POST", "/v1/exports", "{", `POST "/v1/exports" 400 true`},
		{ana, "PUT", "/v1/exports", "", `PUT "" 405 true`},
		{ana, "BREW", "/v1/exports", "", `other "" 405 true`},
		{ana, "GET", "/v1/nothing/" + id, "", `GET "" 404 true`},
		{ana, "GET", "//v1", "", `GET "" 404 true`},
		{"", "GET", "/healthz", "", `GET "/healthz" 200 true`},
	} {
		f.call(t, c.user, c.method, c.path, c.body)
		var got []string
		testenv.Eventually(t, "the observer is told", func() bool { got = append(got, o.take(&o.requests)...); return len(got) > 0 })
		if !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s %s: %v, want %s", c.method, c.path, got, c.want)
		}
	}
}

func TestObserver_Exports(t *testing.T) {
	t.Parallel()
	o := &seen{}
	f := setup(t, func(c *api.Config) { c.Observer = o })
	want := func(want ...string) {
		t.Helper()
		var got []string
		if len(want) > 0 {
			testenv.Eventually(t, want[0], func() bool { got = append(got, o.take(&o.exports)...); return len(got) >= len(want) })
		}
		if got = append(got, o.take(&o.exports)...); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	id := f.ask(t, ana, "k", "").export(t, 202).ID
	f.ask(t, ana, "k", "")
	want("accepted "+id+" false", "accepted "+id+" true")
	wantProblem(t, f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"none"}`), 404)
	wantProblem(t, f.call(t, ben, "DELETE", "/v1/exports/"+id, ""), 404)
	want()
	f.delete(t, ana, id)
	want("canceled " + id + " canceled")
	ready := f.ready(t, []byte("0123456789"), "a.pdf").ID
	f.call(t, ana, "GET", "/v1/exports/"+ready+"/download", "", "Range", "bytes=0-1")
	f.call(t, ana, "HEAD", "/v1/exports/"+ready+"/download", "")
	f.call(t, ana, "GET", "/v1/exports/"+ready+"/download", "")
	want("downloaded " + ready + " 10")
	f.delete(t, ana, ready)
	want("erased 1")
	f.eraseAll(t, ana, "?all=true")
	want("erased 2")
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, c := range []struct {
		name, sent string
		taken      bool
	}{
		{"none", "", false},
		{"uuid", "7f1c1f6e-8a39-4cfb-a1a3-0d5b7a3b8f53", true},
		{"of a trace", "Root=1-67891233-abcdef012345678912345678", true},
		{"longest", strings.Repeat("x", 128), true},
		{"too long", strings.Repeat("x", 129), false},
		{"with a blank", "a b", false},
		{"with a quote", `a"b`, false},
		{"not ASCII", "schlüssel", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := f.call(t, ana, "POST", "/v1/exports/retry", "{}", "X-Request-Id", c.sent)
			wantProblem(t, a, 403)
			id := a.header.Get("X-Request-Id")
			if (id == c.sent) != c.taken {
				t.Errorf("sent %q, got %q", c.sent, id)
			}
			if !c.taken && uuid.Validate(id) != nil {
				t.Errorf("a new id is %q", id)
			}
			testenv.Eventually(t, "it is logged", func() bool { return strings.Contains(f.log.String(), `"request_id":"`+id+`"`) })
		})
	}
	if a := f.raw(t, "GET", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: one\r\nX-Request-Id: two\r\n\r\n"); uuid.Validate(a.header.Get("X-Request-Id")) != nil {
		t.Errorf("of two: %v", a.header)
	}
}

// Every log line of a request has its id.
func TestRequestID_InEveryLineOfTheRequest(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Files = stubborn{c.Files} })
	f.ready(t, []byte("a file"), "a.pdf")
	before := len(f.log.String())
	f.eraseAll(t, ana, "?all=true")
	f.store.Close()
	wantInternal(t, f.call(t, ana, "GET", "/v1/exports", ""))
	f.call(t, "", "GET", "/v1/exports", "", "Authorization", "Bearer x")
	testenv.Eventually(t, "all are logged", func() bool { return strings.Count(f.log.String()[before:], `"msg":"request"`) == 3 })
	lines := 0
	for line := range strings.Lines(f.log.String()[before:]) {
		lines++
		if strings.Count(line, `"request_id"`) != 1 {
			t.Errorf("logged: %s", line)
		}
	}
	if lines < 6 {
		t.Errorf("there are %d lines only", lines)
	}
}

func TestObserver_Holding(t *testing.T) {
	t.Parallel()
	o := &seen{}
	f := setup(t, func(c *api.Config) { c.Observer = o })
	want := func(want ...string) {
		t.Helper()
		var got []string
		testenv.Eventually(t, want[0], func() bool { got = append(got, o.take(&o.holding)...); return len(got) >= len(want) })
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	first, second := f.stream(t, ana, "/v1/events"), f.stream(t, ben, "/v1/events")
	want("stream 1", "stream 2")
	_ = first.res.Body.Close()
	want("stream 1")
	id := testenv.Request(t, f.store, ana, f.anas).ID
	result := f.async(t, ana, "GET", "/v1/exports/"+id, "", "Prefer", "wait=50")
	want("wait 1")
	f.finish(t, f.claim(t, id), []byte("x"), "a.pdf")
	result().wantStatus(t, 200)
	_ = second.res.Body.Close()
	testenv.Eventually(t, "both end", func() bool { return f.hub.Subscriptions() == 0 })
}
