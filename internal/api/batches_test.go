package api_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
)

// batchPage is the answer to GET /v1/batches/{id}.
type batchPage struct {
	api.Batch
	Exports    []api.Export `json:"exports"`
	NextCursor string       `json:"next_cursor"`
}

// ofResume returns the body of a batch of n exports of one resume.
func ofResume(resumeID string, n int) string {
	return `{"exports":[` + strings.TrimSuffix(strings.Repeat(`{"resume_id":"`+resumeID+`"},`, n), ",") + `]}`
}

// batch creates a batch of n exports of ana's.
func (f *fixture) batch(t *testing.T, n int) batchPage {
	t.Helper()
	var b api.Batch
	f.call(t, ana, "POST", "/v1/batches", ofResume(f.anas, n)).decode(t, 202, &b)
	return f.getBatch(t, b.ID, "?limit=500")
}

func (f *fixture) getBatch(t *testing.T, id, query string) batchPage {
	t.Helper()
	var p batchPage
	f.call(t, ana, "GET", "/v1/batches/"+id+query, "").decode(t, 200, &p)
	return p
}

// complete makes a queued export ready with the bytes.
func (f *fixture) complete(t *testing.T, id string, data []byte, name string) export.Request {
	t.Helper()
	r, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: id}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	a := export.Artifact{BlobKey: export.BlobKey(r), Size: int64(len(data)), SHA256: sha256.Sum256(data), Pages: 1, Filename: name}
	if err := f.files.Put(t.Context(), a.BlobKey, data, "application/pdf"); err != nil {
		t.Fatal(err)
	}
	if r, err = f.store.CompleteExport(t.Context(), r, a); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCreateBatch(t *testing.T) {
	t.Parallel()
	f := setup(t)
	a := f.call(t, ana, "POST", "/v1/batches", `{"exports":[{"resume_id":"`+f.anas+`"},{"resume_id":"`+f.anas+`","format":"html","template":"modern","paper":"letter"}],"expires_in":3600}`, "Idempotency-Key", "k")
	var b api.Batch
	a.decode(t, 202, &b)
	if a.header.Get("Location") != "/v1/batches/"+b.ID || a.header.Get("Retry-After") == "" || a.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("header %v", a.header)
	}
	if b.Total != 2 || b.Counts != (api.BatchCounts{Queued: 2}) || b.Finished || b.UserID != ana || b.DownloadURL != "" || b.ExpiresAt.Sub(b.CreatedAt) != time.Hour {
		t.Errorf("batch %+v", b)
	}
	page := f.getBatch(t, b.ID, "")
	if page.Batch != b || len(page.Exports) != 2 || page.NextCursor != "" {
		t.Fatalf("page %+v", page)
	}
	for i, want := range []string{"pdf classic a4", "html modern letter"} {
		e := page.Exports[i]
		if got := fmt.Sprint(e.Format, " ", e.Template, " ", e.Paper); got != want || e.BatchID != b.ID || e.Lane != "bulk" || e.Status != "queued" {
			t.Errorf("export %d: %+v, want %s", i, e, want)
		}
	}
	// The message of each is in the lane bulk.
	receiver, err := f.queue.Receive(t.Context(), export.Bulk)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(receiver.Stop)
	for range 2 {
		if _, err := receiver.Next(t.Context(), 9*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	again := f.call(t, ana, "POST", "/v1/batches", `{"expires_in":3600,"exports":[{"resume_id":"`+f.anas+`","format":"pdf"},{"resume_id":"`+f.anas+`","format":"html","template":"modern","paper":"letter"}]}`, "Idempotency-Key", "k")
	var replayed api.Batch
	if again.decode(t, 202, &replayed); replayed != b || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("the same again: %+v, %v", replayed, again.header)
	}
	wantProblem(t, f.call(t, ana, "POST", "/v1/batches", ofResume(f.anas, 1), "Idempotency-Key", "k"), 422, "header.Idempotency-Key")
}

func TestCreateBatch_Invalid(t *testing.T) {
	t.Parallel()
	f := setup(t)
	post := func(body string) answer { return f.call(t, ana, "POST", "/v1/batches", body) }
	mine := `{"resume_id":"` + f.anas + `"}`
	for body, locations := range map[string][]string{
		`{"exports":[]}`:                   {"body.exports"},
		`{}`:                               {"body"},
		ofResume(f.anas, 501):              {"body.exports"},
		`{"exports":[` + mine + `,{}]}`:    {"body.exports[1]"},
		`{"exports":[` + mine + `],"a":1}`: {"body.a"},
		`{"exports":null}`:                 {"body.exports"},
		`{"exports":[` + mine + `,{"resume_id":"` + f.anas + `","lane":"bulk"}]}`:                                                        {"body.exports[1].lane"},
		`{"exports":[{"resume_id":"x","format":"exe"},` + mine + `,{"resume_id":"` + f.anas + `","paper":"b5"}]}`:                        {"body.exports[0].format", "body.exports[2].paper"},
		`{"exports":[` + mine + `,{"resume_id":"` + f.anas + `","template":"none"}]}`:                                                    {"body.exports[1].template"},
		`{"exports":[{"resume_id":"` + f.anas + `","width":100},` + mine + `,{"resume_id":"` + f.anas + `","format":"txt","ats":true}]}`: {"body.exports[0].width", "body.exports[2].ats"},
		`{"exports":[{"resume_id":"` + f.bens + `"},` + mine + `,{"resume_id":"none"},{"resume_id":"` + f.anas + `","job_id":"none"}]}`:  {"body.exports[0].resume_id", "body.exports[2].resume_id", "body.exports[3].job_id"},
		`{"exports":[` + mine + `],"expires_in":59}`:                                                                                     {"body.expires_in"},
	} {
		wantProblem(t, post(body), 422, locations...)
	}
	// Each of 500 is named.
	var p problem
	a := post(ofResume(f.bens, 500))
	if err := json.Unmarshal(a.body, &p); err != nil || a.status != 422 || len(p.Errors) != 500 || p.Errors[499].Location != "body.exports[499].resume_id" {
		t.Errorf("%d, %d errors: %.300s", a.status, len(p.Errors), a.body)
	}
	wantProblem(t, post(`{"exports":[`+strings.Repeat(" ", 512<<10)+mine+`]}`), 413)
	var none struct {
		Batches    []api.Batch `json:"batches"`
		NextCursor string      `json:"next_cursor"`
	}
	f.call(t, ana, "GET", "/v1/batches", "").decode(t, 200, &none)
	if len(none.Batches) != 0 {
		t.Errorf("refused batches left %+v", none)
	}
}

// 500 exports are published, or given to the dispatcher, and none is lost.
func TestCreateBatch_Publishes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		publisher api.Publisher
		due       int // for the dispatcher at once
	}{
		"the stream answers":         {nil, 0},
		"the stream does not answer": {hanging{make(chan struct{}, 1000)}, 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			woken := 0
			f := setup(t, func(c *api.Config) {
				c.Wake = func() { woken++ }
				if tc.publisher != nil {
					c.Publisher = tc.publisher
				}
			})
			f.batch(t, 500)
			n, err := f.queue.Messages(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			due, err := f.store.TakeToDispatch(t.Context(), 1000)
			if err != nil {
				t.Fatal(err)
			}
			// On a slow machine the dispatcher gets some of those that could be published.
			if n+len(due) < 500 || len(due) < tc.due || len(due) > 0 && woken == 0 {
				t.Errorf("%d messages, %d exports are due, the dispatcher was woken %d times", n, len(due), woken)
			}
		})
	}
}

func TestGetBatch_Pages(t *testing.T) {
	t.Parallel()
	f := setup(t)
	b := f.batch(t, 5)
	f.complete(t, b.Exports[1].ID, []byte("x"), "a.pdf")
	f.fail(t, b.Exports[3].ID, export.Internal)
	var ids []string
	for query := "?limit=2"; query != ""; {
		page := f.getBatch(t, b.ID, query)
		if page.Counts != (api.BatchCounts{Queued: 3, Ready: 1, Failed: 1}) {
			t.Errorf("counts of a page: %+v", page.Counts)
		}
		for _, e := range page.Exports {
			ids = append(ids, e.ID)
		}
		if query = ""; page.NextCursor != "" {
			query = "?limit=2&cursor=" + page.NextCursor
		}
	}
	for i, e := range b.Exports {
		if ids[i] != e.ID {
			t.Fatalf("pages have %v, want the order of the request", ids)
		}
	}
	if failed := f.getBatch(t, b.ID, "?status=failed"); len(failed.Exports) != 1 || failed.Exports[0].Failure == nil {
		t.Errorf("failed ones: %+v", failed)
	}
	for query, location := range map[string]string{"limit=501": "query.limit", "cursor=x": "query.cursor", "status=lost": "query.status", "a=b": "query.a"} {
		wantProblem(t, f.call(t, ana, "GET", "/v1/batches/"+b.ID+"?"+query, ""), 422, location)
	}
}

func TestListBatches(t *testing.T) {
	t.Parallel()
	f := setup(t)
	first, second := f.batch(t, 1), f.batch(t, 2)
	var list struct {
		Batches    []api.Batch `json:"batches"`
		NextCursor string      `json:"next_cursor"`
	}
	f.call(t, ana, "GET", "/v1/batches?limit=1", "").decode(t, 200, &list)
	if len(list.Batches) != 1 || list.Batches[0] != second.Batch || list.NextCursor != second.ID {
		t.Errorf("first page %+v", list)
	}
	cursor := list.NextCursor
	list.NextCursor = ""
	f.call(t, ana, "GET", "/v1/batches?limit=1&cursor="+cursor, "").decode(t, 200, &list)
	if len(list.Batches) != 1 || list.Batches[0] != first.Batch || list.NextCursor != "" {
		t.Errorf("second page %+v", list)
	}
	f.call(t, ben, "GET", "/v1/batches", "").decode(t, 200, &list)
	if len(list.Batches) != 0 {
		t.Errorf("ben sees %+v", list)
	}
	f.call(t, eve, "GET", "/v1/batches", "").decode(t, 200, &list)
	if len(list.Batches) != 2 {
		t.Errorf("staff sees %+v", list)
	}
	wantProblem(t, f.call(t, ana, "GET", "/v1/batches?limit=51", ""), 422, "query.limit")
	wantProblem(t, f.call(t, ana, "GET", "/v1/batches?cursor=x", ""), 422, "query.cursor")
}

// Every route of a batch answers 404 for one that the caller may not see.
func TestBatch_NotVisible(t *testing.T) {
	t.Parallel()
	f := setup(t)
	b := f.batch(t, 1)
	for _, route := range []string{"GET ", "DELETE ", "POST /retry", "GET /download"} {
		method, path, _ := strings.Cut(route, " ")
		for name, a := range map[string]answer{
			"another user's": f.call(t, ben, method, "/v1/batches/"+b.ID+path, ""),
			"unknown":        f.call(t, ana, method, "/v1/batches/"+uuid.NewString()+path, ""),
			"no id":          f.call(t, ana, method, "/v1/batches/x"+path, ""),
		} {
			if p := wantProblem(t, a, 404); !strings.Contains(p.Detail, "no such batch") {
				t.Errorf("%s, %s: %s", route, name, p.Detail)
			}
		}
		wantProblem(t, f.call(t, "", method, "/v1/batches/"+b.ID+path, ""), 401)
	}
	wantProblem(t, f.call(t, "", "POST", "/v1/batches", ofResume(f.anas, 1)), 401)
	wantProblem(t, f.call(t, "", "GET", "/v1/batches", ""), 401)
}

func TestRetryBatch(t *testing.T) {
	t.Parallel()
	woken := 0
	f := setup(t, func(c *api.Config) { c.Wake = func() { woken++ } })
	b := f.batch(t, 3)
	woken = 0
	f.fail(t, b.Exports[0].ID, export.RenderCrashed)
	f.complete(t, b.Exports[1].ID, []byte("x"), "a.pdf")
	var got struct {
		Count int      `json:"count"`
		IDs   []string `json:"ids"`
	}
	f.call(t, ana, "POST", "/v1/batches/"+b.ID+"/retry", "").decode(t, 202, &got)
	if got.Count != 1 || len(got.IDs) != 1 || got.IDs[0] != b.Exports[0].ID || woken != 1 {
		t.Errorf("retried %+v, the dispatcher was woken %d times", got, woken)
	}
	f.call(t, ana, "POST", "/v1/batches/"+b.ID+"/retry", "").decode(t, 202, &got)
	if got.Count != 0 || got.IDs == nil || woken != 1 {
		t.Errorf("nothing has failed, and %+v were retried", got)
	}
	f.sql(t, `UPDATE export_request SET created_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' WHERE batch_id = $1`, b.ID)
	wantProblem(t, f.call(t, ana, "POST", "/v1/batches/"+b.ID+"/retry", ""), 410)
}

func TestDeleteBatch(t *testing.T) {
	t.Parallel()
	f := setup(t)
	b := f.batch(t, 4)
	ready := f.complete(t, b.Exports[0].ID, []byte("the file"), "a.pdf")
	f.fail(t, b.Exports[1].ID, export.Internal)
	if a := f.call(t, ana, "DELETE", "/v1/batches/"+b.ID, ""); a.status != 204 {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	if got := f.getBatch(t, b.ID, ""); got.Counts != (api.BatchCounts{Canceled: 2, Expired: 2}) || !got.Finished || got.DownloadURL != "" {
		t.Errorf("deleted: %+v", got.Batch)
	}
	if _, _, err := f.files.Open(t.Context(), ready.Artifact.BlobKey); err == nil {
		t.Error("the file is still there")
	}
	wantProblem(t, f.call(t, ana, "GET", "/v1/batches/"+b.ID+"/download", ""), 410)
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+ready.ID+"/download", ""), 410)
	if a := f.call(t, ana, "DELETE", "/v1/batches/"+b.ID, ""); a.status != 204 {
		t.Errorf("deleted again: %d", a.status)
	}
	if !strings.Contains(f.log.String(), `"batch deleted"`) {
		t.Error("the log does not say so")
	}
}
