package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestAuthenticate_Tokens(t *testing.T) {
	t.Parallel()
	f := setup(t)
	in := func(d time.Duration) *jwt.NumericDate { return jwt.NewNumericDate(time.Now().Add(d)) }
	sign := func(m jwt.SigningMethod, key any, c jwt.RegisteredClaims) string {
		s, err := jwt.NewWithClaims(m, c).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return "Bearer " + s
	}
	valid := jwt.RegisteredClaims{Subject: ana, ExpiresAt: in(time.Minute)}
	for name, authorization := range map[string]string{
		"none":          "",
		"empty":         "Bearer ",
		"garbage":       "Bearer garbage",
		"three parts":   "Bearer a.b.c",
		"another kind":  "Basic YW5hOmFuYQ==",
		"no kind":       strings.TrimPrefix(sign(jwt.SigningMethodHS256, secret, valid), "Bearer "),
		"expired":       sign(jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{Subject: ana, ExpiresAt: in(-time.Minute)}),
		"not yet":       sign(jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{Subject: ana, ExpiresAt: in(time.Hour), NotBefore: in(time.Minute)}),
		"alg none":      sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, valid),
		"other secret":  sign(jwt.SigningMethodHS256, []byte("another secret, also long enough to do"), valid),
		"no subject":    sign(jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{ExpiresAt: in(time.Minute)}),
		"NUL subject":   sign(jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{Subject: "a\x00b", ExpiresAt: in(time.Minute)}),
		"no expiry":     sign(jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{Subject: ana}),
		"cut signature": sign(jwt.SigningMethodHS256, secret, valid)[:100],
	} {
		for _, call := range [][2]string{{"GET", "/v1/exports"}, {"POST", "/v1/exports"}, {"GET", "/v1/exports/x/download"}, {"DELETE", "/v1/exports/x"}, {"DELETE", "/v1/exports"}, {"POST", "/v1/exports/x/retry"}, {"POST", "/v1/exports/retry"}, {"GET", "/v1/templates"}} {
			a := f.call(t, "", call[0], call[1], "", "Authorization", authorization)
			wantProblem(t, a, 401)
			if !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer ") {
				t.Errorf("%s: WWW-Authenticate %q", name, a.header.Get("WWW-Authenticate"))
			}
		}
	}
	if a := f.call(t, "", "GET", "/v1/templates", "", "Authorization", "bearer "+token(t, ana)); a.status != 200 {
		t.Errorf("the scheme in lower case: %d (it is case-insensitive by RFC 9110)", a.status)
	}
}

func TestAuthenticate_UnknownAndInactiveUsers(t *testing.T) {
	t.Parallel()
	f := setup(t)
	wantProblem(t, f.call(t, "user_nobody", "GET", "/v1/exports", ""), 403)
	f.sql(t, `UPDATE "user" SET is_active = false WHERE id = $1`, ben)
	wantProblem(t, f.call(t, ben, "GET", "/v1/exports", ""), 403)
	wantProblem(t, f.call(t, ben, "POST", "/v1/exports", `{"resume_id":"`+f.bens+`"}`), 403)
	f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`).export(t, 202)
}

// Without a token, neither the query string nor the body is looked at.
func TestAuthenticate_BeforeAnythingElse(t *testing.T) {
	t.Parallel()
	f := setup(t)
	wantProblem(t, f.call(t, "", "POST", "/v1/exports", strings.Repeat("x", 1<<20)), 401)
	wantProblem(t, f.call(t, "", "GET", "/v1/exports?limit=none", ""), 401)
}

func TestProblem_DatabaseFails(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	f.store.Close()
	for _, call := range [][3]string{
		{"POST", "/v1/exports", `{"resume_id":"` + f.anas + `"}`}, {"GET", "/v1/exports", ""}, {"GET", "/v1/exports/" + id, ""},
		{"GET", "/v1/exports/" + id + "/download", ""}, {"DELETE", "/v1/exports/" + id, ""},
	} {
		wantInternal(t, f.call(t, ana, call[0], call[1], call[2]))
	}
	if !strings.Contains(f.log.String(), "closed pool") {
		t.Error("the reason is not in the log")
	}
}

// wantInternal checks for an internal error that does not tell its reason.
func wantInternal(t *testing.T, a answer) {
	t.Helper()
	p := wantProblem(t, a, 500)
	if p.Detail != "something went wrong on our side; please try again" || len(p.Errors) > 0 {
		t.Errorf("it says %s", a.body)
	}
}
