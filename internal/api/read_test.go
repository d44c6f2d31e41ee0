package api_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// page is a page of the list.
type page struct {
	Exports    []api.Export `json:"exports"`
	NextCursor string       `json:"next_cursor"`
}

func (f *fixture) list(t *testing.T, user, query string) page {
	t.Helper()
	var p page
	f.call(t, user, "GET", "/v1/exports"+query, "").decode(t, 200, &p)
	return p
}

func ids(exports []api.Export) []string {
	list := make([]string, len(exports))
	for i, e := range exports {
		list[i] = e.ID
	}
	return list
}

func TestGet_Permissions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	for _, user := range []string{ana, eve} {
		if got := f.call(t, user, "GET", "/v1/exports/"+id, "").export(t, 200); got.ID != id || got.UserID != ana {
			t.Errorf("%s sees %+v", user, got)
		}
	}
	others := f.call(t, ben, "GET", "/v1/exports/"+id, "")
	wantProblem(t, others, 404)
	for _, none := range []string{"0199aaaa-0000-7000-8000-000000000000", "x", "%00", "%ff", strings.ToUpper(id) + "0", "urn:uuid:" + id, strings.Repeat("9", 100)} {
		a := f.call(t, ben, "GET", "/v1/exports/"+none, "")
		if d := cmp.Diff(string(others.body), string(a.body)); d != "" || a.status != 404 {
			t.Errorf("%q is told from somebody else's export: %d %s", none, a.status, d)
		}
	}
	wantProblem(t, f.call(t, ben, "GET", "/v1/exports/"+strings.Repeat("9", 101), ""), 422, "path.id")
}

func TestGet_ReadyExport(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.ready(t, []byte("a file"), "Ana Resume.pdf")
	got := f.call(t, ana, "GET", "/v1/exports/"+r.ID, "").export(t, 200)
	if got.Status != "ready" || got.Size != 6 || got.Pages != 1 || got.Filename != "Ana Resume.pdf" || len(got.SHA256) != 64 ||
		got.DownloadURL != "/v1/exports/"+r.ID+"/download" || got.StartedAt == nil || got.FinishedAt == nil || got.Attempt != 1 {
		t.Errorf("export %+v", got)
	}
	f.expire(t, r.ID)
	got = f.call(t, ana, "GET", "/v1/exports/"+r.ID, "").export(t, 200)
	if got.Status != "expired" || got.DownloadURL != "" {
		t.Errorf("past its expiry: %+v", got)
	}
}

func TestGet_FailedExport(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: testenv.Request(t, f.store, ana, f.anas).ID}, export.MinExpiresIn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.FailExport(t.Context(), r, export.FailureOf(export.Fail(export.InvalidResume, "row 7 is broken"))); err != nil {
		t.Fatal(err)
	}
	got := f.call(t, ana, "GET", "/v1/exports/"+r.ID, "").export(t, 200)
	if d := cmp.Diff(&api.Failure{Code: "invalid_resume", Message: export.InvalidResume.Message()}, got.Failure); d != "" || got.Status != "failed" {
		t.Errorf("%s %s", got.Status, d)
	}
}

func TestList_Pages(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var want []string
	for range 45 {
		want = append(want, testenv.Request(t, f.store, ana, f.anas).ID)
	}
	slices.Reverse(want)
	bens := testenv.Request(t, f.store, ben, f.bens).ID
	for limit, sizes := range map[string][]int{"": {20, 20, 5}, "&limit=15": {15, 15, 15}, "&limit=100": {45}, "&limit=44": {44, 1}} {
		var got []string
		var pages []int
		for cursor := ""; ; {
			p := f.list(t, ana, "?"+strings.TrimPrefix(cursor+limit, "&"))
			got, pages = append(got, ids(p.Exports)...), append(pages, len(p.Exports))
			if p.NextCursor == "" {
				break
			}
			cursor = "&cursor=" + p.NextCursor
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("limit %q: %s", limit, d)
		}
		if d := cmp.Diff(sizes, pages); d != "" {
			t.Errorf("limit %q: %s", limit, d)
		}
	}
	if all := f.list(t, eve, "?limit=100").Exports; len(all) != 46 || all[0].ID != bens {
		t.Errorf("staff sees %d exports", len(all))
	}
	if got := ids(f.list(t, ben, "").Exports); !slices.Equal(got, []string{bens}) {
		t.Errorf("ben sees %v", got)
	}
}

func TestList_Filters(t *testing.T) {
	t.Parallel()
	f := setup(t)
	second := testenv.ImportSample(t, f.store, ana, "first-job")
	ready := f.ready(t, []byte("a file"), "a.pdf").ID
	queued := testenv.Request(t, f.store, ana, f.anas).ID
	other := testenv.Request(t, f.store, ana, second).ID
	for query, want := range map[string][]string{
		"?status=queued":                             {other, queued},
		"?status=ready":                              {ready},
		"?status=failed":                             {},
		"?resume_id=" + f.anas:                       {queued, ready},
		"?resume_id=" + second:                       {other},
		"?resume_id=" + f.bens:                       {},
		"?resume_id=" + f.anas + "&status=queued":    {queued},
		"?resume_id=" + f.anas + "&cursor=" + queued: {ready},
	} {
		if d := cmp.Diff(want, ids(f.list(t, ana, query).Exports)); d != "" {
			t.Errorf("%s: %s", query, d)
		}
	}
	if body := string(f.call(t, ana, "GET", "/v1/exports?status=failed", "").body); strings.TrimSpace(body) != `{"exports":[]}` {
		t.Errorf("no exports: %s", body)
	}
}

func TestList_InvalidQueries(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	for query, location := range map[string]string{
		"limit=0": "query.limit", "limit=-1": "query.limit", "limit=101": "query.limit", "limit=x": "query.limit", "limit=1e1": "query.limit",
		"cursor=x": "query.cursor", "cursor=" + id + "0": "query.cursor", "cursor=urn:uuid:" + id: "query.cursor", "cursor={" + id + "}": "query.cursor",
		"cursor=" + strings.ReplaceAll(id, "-", ""): "query.cursor",
		"status=done": "query.status", "resume_id=%00": "query.resume_id", "resume_id=%ff": "query.resume_id",
		"resume_id=" + strings.Repeat("x", 201): "query.resume_id", "sort=id": "query.sort", "Limit=1": "query.Limit",
	} {
		a := f.call(t, ana, "GET", "/v1/exports?"+query, "")
		wantProblem(t, a, 422, location)
	}
	wantProblem(t, f.call(t, ana, "POST", "/v1/exports?dry_run=1", `{"resume_id":"`+f.anas+`"}`), 422, "query.dry_run")
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+id+"?"+url.QueryEscape(strings.Repeat("x", 5000)), ""), 422)
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var got struct {
		Templates []api.Template `json:"templates"`
	}
	f.call(t, ana, "GET", "/v1/templates", "").decode(t, 200, &got)
	if d := cmp.Diff([]api.Template{{Name: "classic", Title: "Classic", PreviewURL: "/v1/templates/classic/preview.png"}, {Name: "modern", Title: "Modern"}}, got.Templates); d != "" {
		t.Error(d)
	}
}
