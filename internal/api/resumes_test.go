package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// minimal is a resume without a flaw, with a word that stands nowhere else.
const minimal = `{"basics":{"name":"Ada Byron","email":"ada@example.org"},"work":[{"name":"Engine Works","position":"Analyst","startDate":"1842-02","summary":"Wrote the Ketterschwang notes."}]}`

// put stores a resume.
func (f *fixture) put(t *testing.T, user, id, body string, header ...string) answer {
	t.Helper()
	return f.call(t, user, "PUT", "/v1/resumes/"+id, body, header...)
}

// resume decodes a resume without content.
func (a answer) resume(t *testing.T, status int) api.Resume {
	t.Helper()
	var r api.Resume
	a.decode(t, status, &r)
	if tag := a.header.Get("ETag"); tag != `"`+r.Version+`"` || r.Version == "" {
		t.Errorf("ETag %s of version %q", tag, r.Version)
	}
	return r
}

func TestPutResume(t *testing.T) {
	t.Parallel()
	f := setup(t)
	created := f.put(t, ana, "a-resume", minimal)
	first := created.resume(t, 201)
	if created.header.Get("Location") != "/v1/resumes/a-resume" || first.ID != "a-resume" || first.UserID != ana || !first.CreatedAt.Equal(first.UpdatedAt) {
		t.Errorf("created %+v, %v", first, created.header)
	}
	got := f.call(t, ana, "GET", "/v1/resumes/a-resume", "")
	if got.status != 200 || got.header.Get("ETag") != created.header.Get("ETag") || !bytes.Contains(got.body, []byte("Ketterschwang")) {
		t.Errorf("it is %d %v %s", got.status, got.header, got.body)
	}
	same := f.put(t, ana, "a-resume", string(got.body)).resume(t, 200)
	first.Notes, same.Notes = nil, nil
	if d := cmp.Diff(first, same); d != "" {
		t.Errorf("what is stored already was stored again: %s", d)
	}
	changed := f.put(t, ana, "a-resume?title=My+notes", strings.ReplaceAll(minimal, "Analyst", "Countess")).resume(t, 200)
	if changed.Version == first.Version || !changed.UpdatedAt.After(first.UpdatedAt) || !changed.CreatedAt.Equal(first.CreatedAt) || changed.Title != "My notes" {
		t.Errorf("changed %+v, was %+v", changed, first)
	}
	if kept := f.put(t, ana, "a-resume", minimal).resume(t, 200); kept.Title != "My notes" || kept.Version != first.Version {
		t.Errorf("without a title: %+v", kept)
	}
	if text := f.call(t, ana, "GET", "/v1/resumes/a-resume", ""); bytes.Contains(text.body, []byte("Countess")) {
		t.Error("a replaced entry is still there")
	}
}

// Every sample is stored, read, and stored again without a change.
func TestPutResume_Samples(t *testing.T) {
	t.Parallel()
	f := setup(t)
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		first := f.put(t, ana, s.Slug, string(s.JSON)).resume(t, 201)
		got := f.call(t, ana, "GET", "/v1/resumes/"+s.Slug, "")
		if again := f.put(t, ana, s.Slug, string(got.body)).resume(t, 200); again.Version != first.Version || !again.UpdatedAt.Equal(first.UpdatedAt) {
			t.Errorf("%s: what was read is another resume: %s, was %s", s.Slug, again.Version, first.Version)
		}
		replaced := f.put(t, ana, "other-"+s.Slug, minimal).resume(t, 201)
		if over := f.put(t, ana, "other-"+s.Slug, string(s.JSON)).resume(t, 200); over.Version != first.Version || over.Version == replaced.Version {
			t.Errorf("%s: in place of another resume it is another one", s.Slug)
		}
	}
}

func TestPutResume_MediaTypes(t *testing.T) {
	t.Parallel()
	f := setup(t)
	const yaml = "basics:\n  name: Ada Byron\nwork:\n  - name: Engine Works\n    position: Analyst\n"
	pdf, err := os.ReadFile("testdata/embedded.pdf")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		kind, body string
		status     int
		locations  []string
	}{
		"JSON":                  {"application/json; charset=UTF-8", minimal, 201, nil},
		"no type":               {"", minimal, 201, nil},
		"YAML":                  {"application/yaml", yaml, 201, nil},
		"YAML by another name":  {"text/yaml", yaml, 201, nil},
		"JSON as YAML":          {"application/yaml", minimal, 201, nil},
		"PDF with a resume":     {"application/pdf", string(pdf), 201, nil},
		"YAML as JSON":          {"application/json", yaml, 422, []string{"body"}},
		"PDF as JSON":           {"application/json", string(pdf), 422, []string{"body"}},
		"ZIP as YAML":           {"application/yaml", "PK\x03\x04", 422, []string{"body"}},
		"text":                  {"text/plain", minimal, 415, []string{"header.Content-Type"}},
		"Latin-1":               {"application/json; charset=latin1", minimal, 415, []string{"header.Content-Type"}},
		"YAML in Latin-1":       {"application/yaml; charset=latin1", yaml, 415, []string{"header.Content-Type"}},
		"a damaged archive":     {"application/zip", "PK\x03\x04", 422, []string{"body"}},
		"a PDF without resume":  {"application/pdf", "%PDF-1.4\n", 422, []string{"body"}},
		"YAML with a tab":       {"application/yaml", "basics:\n\tname: Ada\n", 422, []string{"body"}},
		"another type of value": {"application/json", `["Ada"]`, 422, []string{"body"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := f.put(t, ana, strings.ReplaceAll(name, " ", "-"), c.body, "Content-Type", c.kind)
			if c.status == 201 {
				a.resume(t, 201)
				return
			}
			wantProblem(t, a, c.status, c.locations...)
		})
	}
}

func TestPutResume_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	large := `{"basics":{"name":"Ada","summary":"` + strings.Repeat("a ", 600_000) + `"}}`
	for name, c := range map[string]struct {
		path, body string
		header     []string
		status     int
		locations  []string
	}{
		"empty":               {"r", "", nil, 400, []string{"body"}},
		"no resume":           {"r", `{}`, nil, 422, []string{"body"}},
		"null":                {"r", `null`, nil, 422, []string{"body"}},
		"cut":                 {"r", minimal[:60], nil, 422, []string{"body"}},
		"too much text":       {"r", large, nil, 413, []string{"body"}},
		"too many values":     {"r", `{"work":[` + strings.Repeat("0,", 110_000) + `0]}`, nil, 422, []string{"body"}},
		"too deep":            {"r", strings.Repeat("[", 20_000), nil, 422, []string{"body"}},
		"too large":           {"r", strings.Repeat(" ", 14<<20), nil, 413, nil},
		"a coding":            {"r", minimal, []string{"Content-Encoding", "gzip"}, 415, []string{"header.Content-Encoding"}},
		"a blank in the id":   {"a%20b", minimal, nil, 422, []string{"path.id"}},
		"a slash in the id":   {"a%2Fb", minimal, nil, 422, []string{"path.id"}},
		"a long id":           {strings.Repeat("x", 201), minimal, nil, 422, []string{"path.id"}},
		"an unknown language": {"r?language=xx-Nope-zz", minimal, nil, 422, []string{"query.language"}},
		"a malformed tag":     {"r", minimal, []string{"If-Match", "0b5e"}, 422, []string{"header.If-Match"}},
		"an unknown tag":      {"r", minimal, []string{"If-Match", `"0b5e"`}, 412, nil},
		"any tag":             {"r", minimal, []string{"If-Match", "*"}, 412, nil},
		"If-None-Match a tag": {"r", minimal, []string{"If-None-Match", `"x"`}, 422, []string{"header.If-None-Match"}},
		"unknown parameter":   {"r?name=x", minimal, nil, 422, []string{"query.name"}},
		"somebody else's":     {f.bens, minimal, nil, 404, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := wantProblem(t, f.put(t, ana, c.path, c.body, append([]string{"Content-Type", "application/json"}, c.header...)...), c.status, c.locations...)
			if name == "cut" && !strings.Contains(p.Errors[0].Message, "line 1, column ") {
				t.Errorf("it does not say where: %+v", p.Errors)
			}
		})
	}
	if a := f.call(t, ben, "GET", "/v1/resumes/"+f.bens, ""); bytes.Contains(a.body, []byte("Ketterschwang")) {
		t.Error("somebody else's resume was changed")
	}
}

func TestPutResume_NotesSayWhere(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.put(t, ana, "r", `{"basics":{"name":"Ada Byron"},"work":[{"company":"Engine Works","position":"Analyst","startDate":"March 2011"}]}`).resume(t, 201)
	var paths []string
	for _, n := range r.Notes {
		paths = append(paths, n.Path)
	}
	if !slices.Contains(paths, "work[0].startDate") {
		t.Errorf("notes at %q", paths)
	}
	notes := func() string {
		return testenv.Value(t, f.database, "SELECT notes::text FROM resumes WHERE id = 'r' AND coalesce(noted_at, created_at) = updated_at")
	}
	if !strings.Contains(notes(), "work[0].startDate") {
		t.Errorf("kept: %s", notes())
	}
	f.put(t, ana, "r", minimal).resume(t, 200)
	if text := notes(); text == "" || strings.Contains(text, "startDate") {
		t.Errorf("kept with another resume: %q", text)
	}
}

func TestPutResume_Conditions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	tag := f.put(t, ana, "r", minimal, "If-None-Match", "*").header.Get("ETag")
	wantProblem(t, f.put(t, ana, "r", minimal, "If-None-Match", "*"), 412)
	other := strings.ReplaceAll(minimal, "Analyst", "Countess")
	wantProblem(t, f.put(t, ana, "r", other, "If-Match", `"0b5e"`), 412)
	wantProblem(t, f.put(t, ana, "r", other, "If-Match", "W/"+tag), 412)
	f.put(t, ana, "r", other, "If-Match", `"0b5e", `+tag).resume(t, 200)
	wantProblem(t, f.put(t, ana, "r", minimal, "If-Match", tag), 412)
	wantProblem(t, f.call(t, ana, "DELETE", "/v1/resumes/r", "", "If-Match", tag), 412)
	now := f.call(t, ana, "GET", "/v1/resumes/r", "")
	if a := f.call(t, ana, "GET", "/v1/resumes/r", "", "If-None-Match", `"x", W/`+now.header.Get("ETag")); a.status != 304 || len(a.body) > 0 || a.header.Get("ETag") != now.header.Get("ETag") {
		t.Errorf("not modified: %d %v", a.status, a.header)
	}
	// What another program changes in the tables is another version, too.
	f.sql(t, `UPDATE experience SET job_title = 'Gardener' WHERE resume_section_id IN (SELECT id FROM resume_section WHERE resume_id = 'r')`)
	wantProblem(t, f.put(t, ana, "r", minimal, "If-Match", now.header.Get("ETag")), 412)
	f.put(t, ana, "r", minimal, "If-Match", "*").resume(t, 200)
	if a := f.call(t, ana, "DELETE", "/v1/resumes/r", "", "If-Match", tag); a.status != 204 {
		t.Errorf("deleting the version that is there: %d", a.status)
	}
}

// Of callers who replace the same version at the same time one succeeds; of those who create
// the same resume, too.
func TestPutResume_Concurrent(t *testing.T) {
	t.Parallel()
	f := setup(t)
	race := func(word, header, value string, created int) {
		var group errgroup.Group
		statuses := make([]int, 8)
		for i := range statuses {
			group.Go(func() error {
				statuses[i] = f.put(t, ana, "r", strings.ReplaceAll(minimal, "Analyst", fmt.Sprint(word, i)), header, value).status
				return nil
			})
		}
		_ = group.Wait()
		slices.Sort(statuses)
		if want := append([]int{created}, slices.Repeat([]int{412}, 7)...); !slices.Equal(statuses, want) {
			t.Errorf("%s: %s: %v", header, value, statuses)
		}
	}
	race("Countess ", "If-None-Match", "*", 201)
	race("Gardener ", "If-Match", f.call(t, ana, "GET", "/v1/resumes/r", "").header.Get("ETag"), 200)
	var group errgroup.Group
	for i := range 8 {
		group.Go(func() error {
			if a := f.put(t, ana, "s", strings.ReplaceAll(minimal, "Analyst", fmt.Sprint("Analyst ", i))); a.status/100 != 2 {
				t.Errorf("without a condition: %d %s", a.status, a.body)
			}
			return nil
		})
	}
	_ = group.Wait()
}

func TestResume_OthersAndStaff(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.put(t, ana, "r", minimal).resume(t, 201)
	for _, call := range [][2]string{{"GET", ""}, {"PUT", minimal}, {"DELETE", ""}} {
		foreign := f.call(t, ben, call[0], "/v1/resumes/r", call[1])
		if d := cmp.Diff(string(f.call(t, ben, "GET", "/v1/resumes/none", "").body), string(foreign.body)); d != "" || foreign.status != 404 {
			t.Errorf("%s: somebody else's resume is told from an unknown one: %d %s", call[0], foreign.status, d)
		}
	}
	if r := f.put(t, eve, "r", strings.ReplaceAll(minimal, "Analyst", "Countess")).resume(t, 200); r.UserID != ana {
		t.Errorf("staff took it over: %+v", r)
	}
	if a := f.call(t, eve, "GET", "/v1/resumes/r", ""); a.status != 200 || !bytes.Contains(a.body, []byte("Countess")) {
		t.Errorf("staff get %d %s", a.status, a.body)
	}
}

func TestDeleteResume(t *testing.T) {
	t.Parallel()
	f := setup(t)
	posting := strings.Replace(minimal, `{"basics"`, `{"meta":{"letraz":{"job":{"title":"Analyst","companyName":"Engine Works"}}},"basics"`, 1)
	if r := f.put(t, ana, "r", posting).resume(t, 201); r.JobID == "" {
		t.Fatalf("no posting: %+v", r)
	}
	waiting := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"r"}`).export(t, 202)
	if a := f.call(t, ana, "DELETE", "/v1/resumes/r", ""); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	wantProblem(t, f.call(t, ana, "DELETE", "/v1/resumes/r", ""), 404)
	wantProblem(t, f.call(t, ana, "GET", "/v1/resumes/r", ""), 404)
	wantProblem(t, f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"r"}`), 404, "body.resume_id")
	f.call(t, ana, "GET", "/v1/exports/"+waiting.ID, "").export(t, 200)
	if n := testenv.Value(t, f.database, `SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM resume_section WHERE resume_id = 'r')`); n != "0" {
		t.Errorf("%s rows are left", n)
	}
}

func TestListResumes_Pages(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for i := range 5 {
		f.put(t, ana, fmt.Sprint("r", i), minimal).resume(t, 201)
	}
	var ids []string
	for path := "/v1/resumes?limit=2"; path != ""; {
		var page struct {
			Resumes    []api.Resume `json:"resumes"`
			NextCursor string       `json:"next_cursor"`
		}
		f.call(t, ana, "GET", path, "").decode(t, 200, &page)
		for _, r := range page.Resumes {
			ids = append(ids, r.ID)
		}
		path = ""
		if page.NextCursor != "" {
			path = "/v1/resumes?limit=2&cursor=" + page.NextCursor
		}
	}
	if want := []string{"r4", "r3", "r2", "r1", "r0", f.anas}; !slices.Equal(ids, want) {
		t.Errorf("listed %q, want %q", ids, want)
	}
	var all struct{ Resumes []api.Resume }
	if err := json.Unmarshal(f.call(t, eve, "GET", "/v1/resumes", "").body, &all); err != nil || len(all.Resumes) != 8 {
		t.Errorf("staff list %d resumes, %v", len(all.Resumes), err)
	}
	for _, cursor := range []string{"x", "e30", "MjAyNi0wMS0wMQ", "MDAwMC0wMS0wMVQwMDowMDowMFogeA"} {
		wantProblem(t, f.call(t, ana, "GET", "/v1/resumes?cursor="+cursor, ""), 422, "query.cursor")
	}
}

// A user whom only the token knows owns nothing. Their row is made with their first resume.
func TestCreateUsers(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.CreateUsers = true })
	const joe = "user_joe"
	users := func() string {
		return testenv.Value(t, f.database, `SELECT count(*) FROM "user" WHERE id = 'user_joe'`)
	}
	for _, path := range []string{"/v1/exports", "/v1/resumes", "/v1/templates"} {
		if a := f.call(t, joe, "GET", path, ""); a.status != 200 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	wantProblem(t, f.call(t, joe, "GET", "/v1/resumes/"+f.anas, ""), 404)
	wantProblem(t, f.call(t, joe, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`), 404)
	wantProblem(t, f.put(t, joe, f.anas, minimal), 404)
	wantProblem(t, f.put(t, joe, "r", `{}`), 422)
	if users() != "0" {
		t.Error("a call that stores nothing made a user")
	}
	r := f.put(t, joe, "r", minimal).resume(t, 201)
	if r.UserID != joe || users() != "1" || !r.Base {
		t.Errorf("stored %+v", r)
	}
	f.call(t, joe, "POST", "/v1/exports", `{"resume_id":"r"}`).export(t, 202)
	// Deleting the resume leaves nothing about the person.
	if row := testenv.Value(t, f.database, `SELECT first_name || coalesce(email, '') FROM "user" WHERE id = 'user_joe'`); row != "" {
		t.Errorf("the user's row says %q", row)
	}
	f.sql(t, `UPDATE "user" SET is_active = false WHERE id = $1`, joe)
	wantProblem(t, f.put(t, joe, "r", minimal), 403)
}

func TestResumes_ReadOnly(t *testing.T) {
	t.Parallel()
	off := setup(t, func(c *api.Config) { c.WriteResumes = false })
	refusing := setup(t)
	// The rights are lost while the service runs.
	testenv.Exec(t, refusing.database, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE insufficient_privilege; END $$`)
	testenv.Exec(t, refusing.database, `CREATE TRIGGER refuse BEFORE INSERT OR DELETE ON resumes FOR EACH ROW EXECUTE FUNCTION refuse()`)
	for name, f := range map[string]*fixture{"switched off": off, "no right": refusing} {
		for _, call := range [][3]string{{"PUT", "r", minimal}, {"DELETE", f.anas, ""}} {
			a := f.call(t, ana, call[0], "/v1/resumes/"+call[1], call[2])
			if p := wantProblem(t, a, 405); a.header.Get("Allow") != "GET, HEAD" || !strings.Contains(p.Detail, "another product") {
				t.Errorf("%s: %v %s", name, a.header, a.body)
			}
		}
		if a := f.call(t, ana, "GET", "/v1/resumes/"+f.anas, ""); a.status != 200 {
			t.Errorf("%s: reading: %d", name, a.status)
		}
	}
}

// Nothing of a resume is in the log.
func TestLog_NoResumes(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.put(t, ana, "r?title=Ketterschwang", minimal).resume(t, 201)
	f.put(t, ana, "r", minimal[:150])
	f.put(t, ana, "r", strings.ReplaceAll(minimal, `"1842-02"`, `"Ketterschwang"`))
	f.put(t, ana, "r", strings.ReplaceAll(minimal, "Wrote", `\u0000`))
	if log := f.log.String(); strings.Contains(log, "Ketterschwang") || strings.Contains(log, "Ada") || !strings.Contains(log, "resume stored") {
		t.Errorf("log: %s", log)
	}
}
