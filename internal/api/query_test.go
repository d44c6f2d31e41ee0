package api_test

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// malformedQueries are query strings that parsers read in different ways or refuse.
var malformedQueries = []struct {
	name, query string
	status      int
	location    string
}{
	{"cut escape", "limit=%", 400, "query.limit"},
	{"escape without digits", "limit=%zz", 400, "query.limit"},
	{"escape without digits in the name", "lim%zzit=1", 400, "query"},
	{"semicolon", "limit=1;limit=2", 400, "query.limit"},
	{"semicolon in a name", "a;limit=1", 400, "query"},
	{"no name", "=1", 400, "query"},
	{"nothing between two", "limit=1&&status=ready", 400, "query"},
	{"nothing at the end", "limit=1&", 400, "query"},
	{"nothing but a separator", "&", 400, "query"},
	{"unknown parameter", "nothing=1", 422, "query.nothing"},
	{"unknown parameter without a value", "nothing", 422, "query.nothing"},
	{"unknown name that is no text", "%ff=1", 422, "query.\ufffd"},
}

func TestQuery_RefusedOnEveryRoute(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	calls := append(f.calls(id), [][3]string{
		{"GET", "/healthz", ""}, {"GET", "/readyz", ""}, {"GET", "/openapi.json", ""}, {"GET", "/openapi-3.0.json", ""},
		{"GET", "/openapi.yaml", ""}, {"GET", "/openapi-3.0.yaml", ""},
	}...)
	for _, c := range malformedQueries {
		for _, call := range calls {
			t.Run(c.name+"/"+call[0]+" "+call[1], func(t *testing.T) {

				wantProblem(t, f.call(t, ana, call[0], call[1]+"?"+c.query, call[2]), c.status, c.location)
			})
		}
	}
	f.wantStatus(t, id, export.Queued)
	if n := f.rows(t); n != "1" {
		t.Errorf("there are %s rows", n)
	}
}

func TestQuery_ParametersOfTheList(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, c := range []struct{ name, query, location string }{
		{"another case", "Limit=1", "query.Limit"},
		{"twice", "limit=1&limit=1", "query.limit"},
		{"twice with an escape", "limit=1&l%69mit=2", "query.limit"},
		{"empty", "limit=", "query.limit"},
		{"no value", "limit", "query.limit"},
		{"empty status", "status=", "query.status"},
		{"empty cursor", "cursor=", "query.cursor"},
		{"integer with a sign", "limit=%2B5", "query.limit"},
		{"integer with zeros", "limit=05", "query.limit"},
		{"integer with a blank", "limit=+5", "query.limit"},
		{"integer with an exponent", "limit=1e1", "query.limit"},
		{"integer beyond 64 bits", "limit=99999999999999999999", "query.limit"},
		{"integer out of range", "limit=101", "query.limit"},
		{"unknown status", "status=done", "query.status"},
		{"status in capitals", "status=READY", "query.status"},
		{"NUL", "resume_id=a%00", "query.resume_id"},
		{"not UTF-8", "resume_id=%ff", "query.resume_id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantProblem(t, f.call(t, ana, "GET", "/v1/exports?"+c.query, ""), 422, c.location)
		})
	}
	for _, query := range []string{"limit=5&status=ready", "st%61tus=ready", "resume_id=a%3Bb%26c%25d"} {
		if a := f.call(t, ana, "GET", "/v1/exports?"+query, ""); a.status != 200 {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
}

func TestErase_SaysWhose(t *testing.T) {
	t.Parallel()
	f := setup(t)
	mine, evesOwn := testenv.Request(t, f.store, ana, f.anas).ID, f.call(t, eve, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`).export(t, 202).ID
	for _, c := range []struct {
		name, user, query string
		status            int
		location          string
	}{
		{"nobody named", ana, "", 422, "query"},
		{"nobody named, by staff", eve, "", 422, "query"},
		{"all=false", ana, "?all=false", 422, "query"},
		{"all=1", ana, "?all=1", 422, "query.all"},
		{"all=TRUE", ana, "?all=TRUE", 422, "query.all"},
		{"all without a value", ana, "?all", 422, "query.all"},
		{"both", ana, "?all=true&user_id=" + ana, 422, "query.all"},
		{"empty", eve, "?user_id=", 422, "query.user_id"},
		{"malformed", eve, "?user_id=%zz", 400, "query.user_id"},
		{"malformed at the end", eve, "?user_id=nob%6fdy%", 400, "query.user_id"},
		{"two users", eve, "?user_id=" + ana + "&user_id=" + ben, 422, "query.user_id"},
		{"NUL", eve, "?user_id=a%00", 422, "query.user_id"},
		{"another case", eve, "?User_id=" + ana, 422, "query.User_id"},
		{"another name", eve, "?user=" + ana, 422, "query.user"},
		{"somebody else's", ana, "?user_id=" + ben, 403, ""},
		{"nobody's", ana, "?user_id=nobody", 403, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var locations []string
			if c.location != "" {
				locations = append(locations, c.location)
			}
			wantProblem(t, f.call(t, c.user, "DELETE", "/v1/exports"+c.query, ""), c.status, locations...)
		})
	}
	f.wantStatus(t, mine, export.Queued)
	f.wantStatus(t, evesOwn, export.Queued)
	if got := f.eraseAll(t, eve, "?user_id=nobody"); got != (erasure{}) {
		t.Errorf("of a user without exports: %+v", got)
	}
	if got := f.eraseAll(t, ana, "?user_id="+ana); got != (erasure{Erased: 2}) {
		t.Errorf("one's own by name: %+v", got)
	}
}
