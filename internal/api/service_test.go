package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
)

type health struct {
	Status string            `json:"status"`
	Checks map[string]string `json:"checks"`
}

// reasoned is an error with a public reason.
type reasoned struct{ error }

func (reasoned) HealthReason() string { return "full" }

func TestReadyz_NamesFailingChecks(t *testing.T) {
	t.Parallel()
	var failing error
	hanging := func(ctx context.Context) error {
		if failing == nil {
			return nil
		}
		<-ctx.Done()
		return fmt.Errorf("checking: %w", reasoned{ctx.Err()})
	}
	for _, only := range []bool{false, true} {
		failing = nil
		log := &logged{}
		h := &api.Health{
			Live: []api.Check{{Name: "nats_connection", Do: func(context.Context) error { return nil }}},
			Ready: []api.Check{{Name: "store", Do: hanging}, {Name: "postgres", Do: func(context.Context) error { return failing }},
				{Name: "nats", Do: func(ctx context.Context) error { return ctx.Err() }}},
			Logger: slog.New(slog.NewJSONHandler(log, nil)),
		}
		f := &fixture{}
		if only {
			f.server = httptest.NewServer(h.Handler())
			t.Cleanup(f.server.Close)
		} else {
			f = setup(t, func(c *api.Config) { c.Health = h })
		}
		get := func(path string, status int) (got health) {
			a := f.call(t, "", "GET", path, "")
			a.decode(t, status, &got)
			if a.header.Get("Content-Type") != "application/json" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("header %v", a.header)
			}
			return got
		}
		want := health{"ok", map[string]string{"store": "ok", "postgres": "ok", "nats": "ok"}}
		if d := cmp.Diff(want, get("/readyz", 200)); d != "" {
			t.Error(d)
		}
		failing = errors.New("password of user letraz is wrong")
		want = health{"failing", map[string]string{"store": "failing: full", "postgres": "failing", "nats": "ok"}}
		if d := cmp.Diff(want, get("/readyz", 503)); d != "" {
			t.Error(d)
		}
		if !strings.Contains(log.String(), "password of user") {
			t.Error("the log does not say why")
		}
		if d := cmp.Diff(health{"ok", map[string]string{"nats_connection": "ok"}}, get("/healthz", 200)); d != "" {
			t.Error(d)
		}
		wantProblem(t, f.call(t, "", "POST", "/healthz", ""), 405)
		wantProblem(t, f.call(t, "", "GET", "/health", ""), 404)
	}
}

func TestOpenAPI_Routes(t *testing.T) {
	t.Parallel()
	f := setup(t)
	a := f.call(t, "", "GET", "/openapi.json", "")
	var doc struct {
		OpenAPI string                                `json:"openapi"`
		Info    struct{ Version string }              `json:"info"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(a.body, &doc); err != nil || a.status != 200 {
		t.Fatalf("%d %v", a.status, err)
	}
	var routes []string
	for path, methods := range doc.Paths {
		for method := range methods {
			routes = append(routes, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(routes)
	want := slices.Sorted(slices.Values([]string{"DELETE /v1/exports", "DELETE /v1/exports/{id}", "GET /v1/exports", "GET /v1/exports/{id}", "GET /v1/exports/{id}/download",
		"DELETE /v1/batches/{id}", "GET /v1/batches", "GET /v1/batches/{id}", "GET /v1/batches/{id}/download", "POST /v1/batches", "POST /v1/batches/{id}/retry",
		"GET /d/{token}", "GET /e/{token}", "GET /v1/events", "GET /v1/exports/{id}/events", "POST /v1/events/link",
		"GET /healthz", "GET /openapi.json", "GET /readyz", "GET /v1/templates", "GET /v1/templates/{name}/preview.png", "GET /v1/resumes", "GET /v1/resumes/{id}", "GET /v1/resumes/{id}/preview",
		"PUT /v1/resumes/{id}", "DELETE /v1/resumes/{id}", "POST /v1/exports", "POST /v1/exports/retry", "POST /v1/exports/{id}/retry"}))
	if d := cmp.Diff(want, routes); d != "" {
		t.Error(d)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || doc.Info.Version != "1.2.3" {
		t.Errorf("OpenAPI %s of version %s", doc.OpenAPI, doc.Info.Version)
	}
	if strings.Contains(string(a.body), "example.com") {
		t.Error("it has examples of another service")
	}
}

func TestLog_NoTokensAndQueries(t *testing.T) {
	t.Parallel()
	f := setup(t)
	bearer := token(t, ana)
	f.call(t, ana, "GET", "/v1/exports?resume_id=confidential", "")
	f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"confidential"}`)
	f.call(t, "", "GET", "/v1/exports?access_token=confidential", "", "Authorization", "Bearer "+bearer+"x")
	log := f.log.String()
	if !strings.Contains(log, `"method":"GET","path":"/v1/exports","status":200`) || !strings.Contains(log, `"status":401`) {
		t.Errorf("requests are missing: %s", log)
	}
	for _, part := range strings.Split(bearer, ".")[1:] {
		if strings.Contains(log, part) {
			t.Error("a token is in the log")
		}
	}
	if strings.Contains(log, "confidential") {
		t.Error("what a caller sent is in the log")
	}
}

// panicking is a publisher and a store whose methods panic.
type panicking struct{ api.Store }

func (panicking) PublishRequest(context.Context, export.Request) error { panic("publisher: a secret") }
func (panicking) Caller(context.Context, string) (export.Caller, error) {
	var none *export.Caller
	return *none, nil
}

func TestPanic_InHandler(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Publisher = panicking{} })
	wantInternal(t, f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`))
	f.call(t, ana, "GET", "/v1/templates", "")
	f = setup(t, func(c *api.Config) { c.Store = panicking{c.Store} })
	wantInternal(t, f.call(t, ana, "GET", "/v1/templates", ""))
	if log := f.log.String(); !strings.Contains(log, "a handler panicked") || !strings.Contains(log, `"status":500`) {
		t.Errorf("log: %s", log)
	}
}

func TestAnswer_NeitherCachedNorSniffed(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, path := range []string{"/v1/exports", "/v1/none", "/openapi.json"} {
		a := f.call(t, ana, "GET", path, "")
		if a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, a.header)
		}
	}
}
