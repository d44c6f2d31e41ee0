package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// documents returns how many resumes are kept with exports.
func (f *fixture) documents(t *testing.T) string {
	t.Helper()
	return testenv.Value(t, f.database, "SELECT count(*) FROM export_document")
}

func TestCreate_GivenResume(t *testing.T) {
	t.Parallel()
	f := setup(t)
	e := f.call(t, ana, "POST", "/v1/exports", `{"format":"txt","resume":`+strings.ReplaceAll(minimal, "1842-02", "March 1842")+`}`).export(t, 202)
	if e.ResumeID != "" || e.UserID != ana || len(e.Notes) == 0 || e.Notes[0].Path != "work[0].startDate" {
		t.Errorf("created %+v", e)
	}
	if got := f.call(t, ana, "GET", "/v1/exports/"+e.ID, "").export(t, 200); len(got.Notes) != len(e.Notes) {
		t.Errorf("the notes are not kept: %+v", got.Notes)
	}
	r, err := f.store.Export(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := f.store.LoadDocument(t.Context(), r)
	if err != nil || loaded.Person.FullName() != "Ada Byron" || loaded.UserID != ana || len(loaded.Notes) != len(e.Notes) {
		t.Errorf("a worker loads %+v, %v", loaded, err)
	}
	var list struct{ Resumes []api.Resume }
	f.call(t, ana, "GET", "/v1/resumes", "").decode(t, 200, &list)
	if len(list.Resumes) != 1 || list.Resumes[0].ID != f.anas {
		t.Errorf("listed %+v", list.Resumes)
	}
}

func TestCreate_GivenResumeRefused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	either := `"resume_id":"` + f.anas + `"`
	for name, c := range map[string]struct {
		body      string
		status    int
		locations []string
	}{
		"both":               {`{"resume":` + minimal + `,` + either + `}`, 422, []string{"body.resume"}},
		"null":               {`{"resume":null}`, 422, []string{"body.resume"}},
		"text":               {`{"resume":"Ada"}`, 422, []string{"body.resume"}},
		"list":               {`{"resume":[1]}`, 422, []string{"body.resume"}},
		"twice":              {`{"resume":` + minimal + `,"resume":` + minimal + `}`, 422, []string{"body.resume"}},
		"twice, escaped":     {`{"resume":` + minimal + `,"r\u0065sume":` + minimal + `}`, 422, []string{"body.resume"}},
		"in capitals":        {`{"Resume":` + minimal + `}`, 422, []string{"body.Resume"}},
		"empty":              {`{"resume":{}}`, 422, []string{"body.resume"}},
		"no resume":          {`{"resume":{"a":1}}`, 422, []string{"body.resume"}},
		"unknown field":      {`{"resume":` + minimal + `,"pages":1}`, 422, []string{"body.pages"}},
		"unknown job":        {`{"resume":` + minimal + `,"job_id":"none"}`, 422, []string{"body.job_id"}},
		"cut":                {`{"resume":` + minimal, 400, []string{"body"}},
		"too many values":    {`{"resume":{"work":[` + strings.Repeat("0,", 110_000) + `0]}}`, 422, []string{"body.resume"}},
		"too much text":      {`{"resume":{"basics":{"summary":"` + strings.Repeat("a ", 600_000) + `"}}}`, 413, []string{"body.resume"}},
		"too large":          {`{"resume":{"a":"` + strings.Repeat("a", 13<<20) + `"}}`, 413, nil},
		"too large a body":   {`{"resume":{"a":"` + strings.Repeat("a", 14<<20) + `"}}`, 413, nil},
		"much beside it":     {`{"resume":` + minimal + `,"template":"` + strings.Repeat("a", 70_000) + `"}`, 413, nil},
		"much, and none":     {`{"resume_id":"` + strings.Repeat("a", 70_000) + `"}`, 413, nil},
		"depth":              {`{"resume":{"a":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}}`, 422, []string{"body.resume"}},
		"an unknown option":  {`{"resume":` + minimal + `,"language":"xx-Nope-zz"}`, 422, []string{"body.language"}},
		"of another program": {`{"resume":{"sections":{"x":1}}}`, 422, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantProblem(t, f.call(t, ana, "POST", "/v1/exports", c.body), c.status, c.locations...)
		})
	}
	t.Cleanup(func() {
		if n := f.documents(t); n != "0" {
			t.Errorf("%s resumes of refused requests are kept", n)
		}
	})
}

func TestCreate_GivenResumeWithKey(t *testing.T) {
	t.Parallel()
	f := setup(t)
	post := func(body string) answer { return f.call(t, ana, "POST", "/v1/exports", body, "Idempotency-Key", "k") }
	first := post(`{"resume":`+minimal+`}`).export(t, 202)
	again := post(`{ "format" : "pdf", "resume": ` + strings.ReplaceAll(minimal, ",", ",\n ") + `}`)
	if again.export(t, 202).ID != first.ID || again.header.Get("Idempotency-Replayed") != "true" || f.documents(t) != "1" {
		t.Errorf("repeated: %s, %s resumes are kept", again.body, f.documents(t))
	}
	wantProblem(t, post(`{"resume":`+strings.ReplaceAll(minimal, "Analyst", "Countess")+`}`), 422, "header.Idempotency-Key")
	wantProblem(t, post(`{"resume_id":"`+f.anas+`"}`), 422, "header.Idempotency-Key")
}

// A failed export has its resume still, so it can be retried.
func TestCreate_GivenResumeRetried(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := f.call(t, ana, "POST", "/v1/exports", `{"resume":`+minimal+`}`).export(t, 202).ID
	f.fail(t, id, export.RenderTimeout)
	f.call(t, ana, "POST", "/v1/exports/"+id+"/retry", "").export(t, 202)
	r, err := f.store.Export(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if loaded, err := f.store.LoadDocument(t.Context(), r); err != nil || loaded.Person.FirstName != "Ada" {
		t.Errorf("loaded %+v, %v", loaded.Person, err)
	}
}

// The resume is gone as soon as nothing can need it any more.
func TestCreate_GivenResumeDeleted(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.CreateUsers = true })
	for name, end := range map[string]func(id string){
		"canceled": func(id string) { f.delete(t, "user_joe", id) },
		"deleted": func(id string) {
			f.fail(t, id, export.RenderTimeout)
			f.delete(t, "user_joe", id)
		},
		"erased":    func(string) { f.call(t, "user_joe", "DELETE", "/v1/exports?all=true", "") },
		"user gone": func(string) { f.sql(t, `DELETE FROM "user" WHERE id = 'user_joe'`) },
		"row gone":  func(id string) { f.sql(t, `DELETE FROM export_request WHERE id = $1`, id) },
		"swept": func(id string) {
			f.expire(t, id)
			f.sql(t, `UPDATE export_request SET sweep_until = now() WHERE id = $1`, id)
		},
	} {
		id := f.call(t, "user_joe", "POST", "/v1/exports", `{"resume":`+minimal+`}`).export(t, 202).ID
		if f.documents(t) != "1" {
			t.Fatalf("%s: %s resumes are kept", name, f.documents(t))
		}
		if end(id); f.documents(t) != "0" {
			t.Errorf("%s: the resume is still there", name)
			f.sql(t, `DELETE FROM export_document`)
		}
	}
	if text := testenv.Value(t, f.database, `SELECT coalesce(string_agg(e::text, ' '), '') FROM export_request e`); strings.Contains(text, "Ada") || strings.Contains(text, "Ketterschwang") {
		t.Errorf("rows have the resume: %s", text)
	}
	if log := f.log.String(); strings.Contains(log, "Ketterschwang") || strings.Contains(log, "Byron") {
		t.Errorf("the log has the resume: %s", log)
	}
}

func TestCreate_GivenResumeOfDeletedUser(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := f.call(t, ben, "POST", "/v1/exports", `{"resume":`+minimal+`}`).export(t, 202).ID
	r, err := f.store.Export(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	// As when the user is deleted while the request is inserted: the trigger saw none.
	testenv.Exec(t, f.database, `ALTER TABLE "user" DISABLE TRIGGER USER`)
	f.sql(t, `DELETE FROM "user" WHERE id = $1`, ben)
	if _, err := f.store.LoadDocument(t.Context(), r); !strings.Contains(fmt.Sprint(err), string(export.ResumeNotFound)) {
		t.Errorf("loading: %v", err)
	}
}
