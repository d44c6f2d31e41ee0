package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// failed creates an export of ana that has failed.
func (f *fixture) failed(t *testing.T, code export.FailureCode) export.Request {
	t.Helper()
	return f.fail(t, testenv.Request(t, f.store, ana, f.anas).ID, code)
}

func (f *fixture) fail(t *testing.T, id string, code export.FailureCode) export.Request {
	t.Helper()
	r, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: id}, time.Minute)
	if err == nil {
		r, err = f.store.FailExport(t.Context(), r, export.Failure{Code: code, Message: code.Message()})
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRetry_FailedExport(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`).export(t, 202).ID
	for range 3 {
		// Each time it is a new message, however soon after the last one.
		wantNextMessage(t, f.queue, id)
		before := f.fail(t, id, export.RenderCrashed)
		a := f.call(t, ana, "POST", "/v1/exports/"+id+"/retry", "")
		got := a.export(t, 202)
		if got.ID != id || got.Status != "queued" || got.Attempt != 0 || got.FinishedAt != nil || !got.ExpiresAt.Equal(before.ExpiresAt) || a.header.Get("Location") != "/v1/exports/"+id {
			t.Errorf("export %+v, %v", got, a.header)
		}
		if got.Failure == nil || got.Failure.Code != "render_crashed" {
			t.Errorf("why it failed is forgotten before the next claim: %+v", got.Failure)
		}
		wantProblem(t, f.call(t, ana, "POST", "/v1/exports/"+id+"/retry", ""), 409)
	}
	wantNextMessage(t, f.queue, id)
	if r, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: id}, time.Minute); err != nil || r.Attempt != 1 || r.Failure != nil {
		t.Errorf("claimed %+v, %v", r, err)
	}
}

func TestRetry_OtherStatuses(t *testing.T) {
	t.Parallel()
	f := setup(t)
	retry := func(user, id string) answer { return f.call(t, user, "POST", "/v1/exports/"+id+"/retry", "") }
	ready, failed := f.ready(t, []byte("a file"), "a.pdf").ID, f.failed(t, export.Internal).ID
	canceled := testenv.Request(t, f.store, ana, f.anas).ID
	f.delete(t, ana, canceled)
	rendering := testenv.Request(t, f.store, ana, f.anas).ID
	if _, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: rendering}, time.Minute); err != nil {
		t.Fatal(err)
	}
	for id, says := range map[string]string{
		ready: "is ready; download its file", canceled: "is canceled; create a new one", rendering: "is rendering already",
		testenv.Request(t, f.store, ana, f.anas).ID: "is queued already",
	} {
		if p := wantProblem(t, retry(ana, id), 409); !strings.Contains(p.Detail, says) {
			t.Errorf("%q does not say %q", p.Detail, says)
		}
	}
	wantProblem(t, retry(ben, failed), 404)
	wantProblem(t, retry(ana, "0199aaaa-0000-7000-8000-000000000000"), 404)
	wantProblem(t, retry(ana, "x"), 404)
	if got := retry(eve, failed).export(t, 202); got.UserID != ana {
		t.Errorf("staff's retry: %+v", got)
	}
	past := f.failed(t, export.Internal).ID
	f.expire(t, past)
	wantProblem(t, retry(ana, past), 410)
}

func TestRetryFailed(t *testing.T) {
	t.Parallel()
	woken := make(chan struct{}, 100)
	f := setup(t, func(c *api.Config) { c.Wake = func() { woken <- struct{}{} } })
	var ids []string
	for _, code := range []export.FailureCode{export.Internal, export.RenderTimeout, export.Internal, export.Internal, export.StorageUnavailable} {
		ids = append(ids, f.failed(t, code).ID)
	}
	f.expire(t, ids[0])
	bens := f.fail(t, testenv.Request(t, f.store, ben, f.bens).ID, export.Internal).ID
	retry := func(body string, want ...string) {
		t.Helper()
		var got struct {
			Count int      `json:"count"`
			IDs   []string `json:"ids"`
		}
		f.call(t, eve, "POST", "/v1/exports/retry", body).decode(t, 202, &got)
		slices.Sort(got.IDs)
		if got.Count != len(want) || !slices.Equal(got.IDs, append([]string{}, want...)) {
			t.Errorf("%s: %+v, want %v", body, got, want)
		}
	}
	// Staff can list failed exports by failure code.
	var dead struct {
		Exports []api.Export `json:"exports"`
	}
	f.call(t, eve, "GET", "/v1/exports?status=failed&failure_code=internal", "").decode(t, 200, &dead)
	if len(dead.Exports) != 3 || dead.Exports[0].ID != bens {
		t.Errorf("%+v", dead)
	}
	for _, query := range []string{"status=failed&failure_code=none", "failure_code=internal", "status=ready&failure_code=internal"} {
		wantProblem(t, f.call(t, eve, "GET", "/v1/exports?"+query, ""), 422, "query.failure_code")
	}
	retry(`{"failure_code":"internal","limit":1}`, ids[2])
	retry(`{"failure_code":"internal","user_id":"user_ben"}`, bens)
	retry(`{"failure_code":"render_crashed"}`)
	retry(`{}`, ids[1], ids[3], ids[4])
	retry(`{}`)
	if len(woken) != 3 {
		t.Errorf("the dispatcher was woken %d times, want once for each call that found some", len(woken))
	}
	for _, want := range []string{ids[1], ids[2], ids[3], ids[4], bens} {
		due, err := f.store.TakeToDispatch(t.Context(), 1)
		if err != nil || len(due) != 1 || due[0].ID != want || due[0].DispatchGen != 2 {
			t.Errorf("next is %+v, %v; want %s", due, err, want)
		}
	}

	wantProblem(t, f.call(t, ana, "POST", "/v1/exports/retry", `{}`), 403)
	for body, location := range map[string]string{
		`{"limit":0}`: "body.limit", `{"limit":1001}`: "body.limit", `{"failure_code":"no"}`: "body.failure_code", `{"ids":[]}`: "body.ids",
		`{"limit":1,"limit":2}`: "body.limit", `{"user_id":"a\u0000"}`: "body.user_id",
	} {
		wantProblem(t, f.call(t, eve, "POST", "/v1/exports/retry", body), 422, location)
	}
}

// hanging is a publisher that never answers.
type hanging struct{ called chan struct{} }

func (h hanging) PublishRequest(ctx context.Context, _ export.Request) error {
	h.called <- struct{}{}
	<-ctx.Done()
	return fmt.Errorf("publishing: %w", ctx.Err())
}

func TestWake_PublisherFails(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	down := testenv.Queue(t, n)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	for name, publisher := range map[string]api.Publisher{"down": down, "hanging": hanging{make(chan struct{}, 100)}} {
		woken := 0
		f := setup(t, func(c *api.Config) { c.Publisher, c.Wake = publisher, func() { woken++ } })
		var ids []string
		for range 3 {
			ids = append(ids, f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`).export(t, 202).ID)
		}
		retried := f.failed(t, export.Internal).ID
		ids = append(ids, f.call(t, ana, "POST", "/v1/exports/"+retried+"/retry", "").export(t, 202).ID)
		due, err := f.store.TakeToDispatch(t.Context(), 10)
		if err != nil || len(due) != len(ids) || woken != len(ids) {
			t.Errorf("%s: %d are due, %v; woken %d times", name, len(due), err, woken)
		}
		// One that hangs is asked once, not by everybody.
		if h, ok := publisher.(hanging); ok && len(h.called) == len(ids) {
			t.Error("everybody waits for a publisher that hangs")
		}
	}
}

func TestOpenAPI_IdempotencyKey(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name string }
			Responses  map[string]struct {
				Headers map[string]json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(f.call(t, "", "GET", "/openapi.json", "").body, &doc); err != nil {
		t.Fatal(err)
	}
	post := doc.Paths["/v1/exports"]["post"]
	var names []string
	for _, p := range post.Parameters {
		names = append(names, p.Name)
	}
	if !slices.Contains(names, "Idempotency-Key") || !slices.Contains(names, "Prefer") {
		t.Errorf("parameters %v", names)
	}
	if _, ok := post.Responses["201"].Headers["Preference-Applied"]; !ok {
		t.Errorf("headers %v", post.Responses["201"].Headers)
	}
	if _, ok := post.Responses["202"].Headers["Idempotency-Replayed"]; !ok {
		t.Errorf("headers %v", post.Responses["202"].Headers)
	}
}
