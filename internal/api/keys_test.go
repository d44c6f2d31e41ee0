package api_test

import (
	"context"
	"errors"
	"hash/crc32"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

const tag = "tag:letraz.app,2026:"

// key creates a key for the users; for all without one.
func (f *fixture) key(t *testing.T, scopes []apikey.Scope, users ...string) (text, id string) {
	t.Helper()
	text, id = apikey.Generate()
	n := apikey.New{ID: id, Hash: apikey.Hash(text), Name: id, Scopes: scopes, Users: users, AllUsers: len(users) == 0}
	if _, err := f.store.CreateAPIKey(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	return text, id
}

// as makes a call with a key, for the user unless it is empty.
func (f *fixture) as(t *testing.T, key, user, method, path, body string, header ...string) answer {
	t.Helper()
	header = append(header, "Authorization", "Bearer "+key)
	if user != "" {
		header = append(header, "On-Behalf-Of", user)
	}
	return f.call(t, "", method, path, body, header...)
}

// wantType checks the problem and its type.
func wantType(t *testing.T, a answer, status int, kind string, locations ...string) {
	t.Helper()
	if p := wantProblem(t, a, status, locations...); p.Type != tag+kind {
		t.Errorf("type %q, want %q: %s", p.Type, tag+kind, a.body)
	}
}

func TestKey_ActsForUser(t *testing.T) {
	t.Parallel()
	f := setup(t)
	all, allID := f.key(t, apikey.Scopes())
	anas, _ := f.key(t, []apikey.Scope{apikey.ExportsRead, apikey.ExportsWrite}, ana)
	two, _ := f.key(t, []apikey.Scope{apikey.ExportsRead}, ana, ben)
	list := func(key, user string) answer { return f.as(t, key, user, "GET", "/v1/exports", "") }

	e := f.as(t, all, ben, "POST", "/v1/exports", `{"resume_id":"`+f.bens+`"}`).export(t, 202)
	if e.UserID != ben {
		t.Errorf("the export belongs to %s", e.UserID)
	}
	f.sql(t, `UPDATE export_request SET paper = 'a4' WHERE id = $1 AND key_id = $2`, e.ID, allID)
	wantProblem(t, f.as(t, all, ana, "GET", "/v1/exports/"+e.ID, ""), 404)
	wantProblem(t, f.as(t, all, ana, "POST", "/v1/exports", `{"resume_id":"`+f.bens+`"}`), 404)

	if a := list(anas, ""); a.status != 200 {
		t.Errorf("the only user, not named: %d %s", a.status, a.body)
	}
	if a := list(anas, ana); a.status != 200 {
		t.Errorf("the only user, named: %d %s", a.status, a.body)
	}
	wantType(t, list(all, ""), 400, "on-behalf-of-missing", "header.On-Behalf-Of")
	wantType(t, list(two, ""), 400, "on-behalf-of-missing", "header.On-Behalf-Of")
	wantType(t, list(two, strings.Repeat("x", 201)), 400, "on-behalf-of-missing", "header.On-Behalf-Of")
	wantType(t, f.raw(t, "GET", "GET /v1/exports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+two+"\r\nOn-Behalf-Of: "+ana+"\r\nOn-Behalf-Of: "+ben+"\r\n\r\n"),
		400, "on-behalf-of-missing", "header.On-Behalf-Of")
	unknown, others := list(two, "user_none"), list(two, eve)
	wantType(t, others, 403, "on-behalf-of-refused", "header.On-Behalf-Of")
	if d := cmp.Diff(string(others.body), string(unknown.body)); d != "" {
		t.Errorf("a user that exists is told from one that does not: %s", d)
	}
	wantType(t, list(all, "user_none"), 403, "unknown-user")
	f.sql(t, `UPDATE "user" SET is_active = false WHERE id = $1`, ben)
	wantType(t, list(all, ben), 403, "inactive-user")
	wantType(t, list(two, ben), 403, "inactive-user")

	// A token acts for nobody else, whoever it belongs to.
	wantType(t, f.call(t, eve, "GET", "/v1/exports", "", "On-Behalf-Of", ana), 403, "on-behalf-of-refused", "header.On-Behalf-Of")
	if a := f.call(t, ana, "GET", "/v1/exports", "", "On-Behalf-Of", ana); a.status != 200 {
		t.Errorf("a token with its own user: %d", a.status)
	}
}

func TestKey_Scopes(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	for _, c := range f.calls(id) {
		method, path, body := c[0], c[1], c[2]
		need := apikey.ExportsWrite
		switch {
		case path == "/v1/templates":
			need = ""
		case strings.HasPrefix(path, "/v1/batches"):
			need = apikey.Batches
		case strings.HasPrefix(path, "/v1/resumes") && method == "GET":
			need = apikey.ResumesRead
		case strings.HasPrefix(path, "/v1/resumes"):
			need = apikey.ResumesWrite
		case method == "GET":
			need = apikey.ExportsRead
		}
		for _, has := range apikey.Scopes() {
			key, _ := f.key(t, []apikey.Scope{has}, ana)
			a := f.as(t, key, "", method, path, body)
			if need == "" || has == need {
				if a.status == 401 || strings.Contains(string(a.body), "scope") {
					t.Errorf("%s %s with %s: %d %s", method, path, has, a.status, a.body)
				}
				continue
			}
			wantType(t, a, 403, "scope-missing")
			if !strings.Contains(string(a.body), string(need)) {
				t.Errorf("%s %s with %s does not say which: %s", method, path, has, a.body)
			}
		}
	}
}

// Every operation has a scope, so that none is added which no key may call.
func TestKey_ScopeOfEveryOperation(t *testing.T) {
	t.Parallel()
	c, err := contractOf()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(c.text), "Not for API keys") {
		t.Error("an operation has no scope: see scopeOf")
	}
}

// Of a staff user, a key has the rights of an ordinary user unless it has the scope staff.
func TestKey_StaffNeedsScope(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	plain, _ := f.key(t, []apikey.Scope{apikey.ExportsRead, apikey.ExportsWrite})
	staff, _ := f.key(t, []apikey.Scope{apikey.ExportsRead, apikey.ExportsWrite, apikey.Staff})
	wantProblem(t, f.as(t, plain, eve, "GET", "/v1/exports/"+id, ""), 404)
	wantProblem(t, f.as(t, plain, eve, "POST", "/v1/exports/retry", "{}"), 403)
	f.as(t, staff, eve, "GET", "/v1/exports/"+id, "").export(t, 200)
	wantProblem(t, f.as(t, staff, ben, "GET", "/v1/exports/"+id, ""), 404) // he is no staff
}

// Unknown, forged, edited, expired and revoked keys get the same answer.
func TestKey_RefusedAlike(t *testing.T) {
	t.Parallel()
	f := setup(t)
	good, _ := f.key(t, apikey.Scopes())
	expired, expiredID := f.key(t, apikey.Scopes())
	f.sql(t, `UPDATE api_key SET created_at = now() - interval '2 hours', expires_at = now() - interval '1 second' WHERE id = $1`, expiredID)
	revoked, revokedID := f.key(t, apikey.Scopes())
	if _, err := f.store.RevokeAPIKey(t.Context(), revokedID); err != nil {
		t.Fatal(err)
	}
	unknown, _ := apikey.Generate()
	if a := f.as(t, good, ana, "GET", "/v1/exports", ""); a.status != 200 {
		t.Fatalf("the good key: %d %s", a.status, a.body)
	}
	want := ""
	for name, key := range map[string]string{
		"unknown": unknown, "expired": expired, "revoked": revoked, "forged": forge(t, good),
		"edited": good[:30] + "_" + good[31:], "cut": good[:40], "prefix only": "letraz_", "in capitals": "LETRAZ_" + good[7:],
		"a token": "a.b.c", "zeros": "letraz_" + strings.Repeat("0", 62),
	} {
		for _, call := range [][2]string{{"GET", "/v1/exports"}, {"POST", "/v1/exports"}, {"DELETE", "/v1/exports/x"}} {
			a := f.as(t, key, ana, call[0], call[1], "")
			wantType(t, a, 401, "unauthenticated")
			if want == "" {
				want = string(a.body)
			}
			if string(a.body) != want || a.header.Get("WWW-Authenticate") != `Bearer realm="letraz-export"` {
				t.Errorf("%s is told apart: %s, %v", name, a.body, a.header)
			}
		}
		if strings.Contains(f.log.String(), key) && len(key) > 20 {
			t.Errorf("%s is in the log", name)
		}
	}
	if strings.Contains(f.log.String(), good[20:40]) {
		t.Error("a key's secret is in the log")
	}
}

// forge returns a key with the id of another and a secret of its own. Its checksum is valid: a
// forger can compute it.
func forge(t *testing.T, key string) string {
	t.Helper()
	const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	body := key[:20] + strings.Repeat("7", 43)
	n, sum := crc32.ChecksumIEEE([]byte(body)), []byte("000000")
	for i := len(sum) - 1; n > 0; i-- {
		sum[i] = digits[n%62]
		n /= 62
	}
	forged := body + string(sum)
	if id, err := apikey.Parse(forged); err != nil || id != key[7:19] {
		t.Fatalf("%s is not well-formed: %v", forged, err)
	}
	return forged
}

// A key that was used just now is refused by every process soon after it is revoked.
func TestKey_RevokedWithinSeconds(t *testing.T) {
	t.Parallel()
	f := setup(t)
	other := setupOn(t, f)
	key, id := f.key(t, apikey.Scopes(), ana)
	for _, at := range []*fixture{f, other} {
		if a := at.as(t, key, "", "GET", "/v1/templates", ""); a.status != 200 {
			t.Fatalf("before: %d", a.status)
		}
	}
	if _, err := f.store.RevokeAPIKey(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	for _, at := range []*fixture{f, other} {
		testenv.Eventually(t, "the key is refused", func() bool { return at.as(t, key, "", "GET", "/v1/templates", "").status == 401 })
	}
	wantType(t, f.as(t, key, "", "GET", "/v1/templates", ""), 401, "unauthenticated")
}

// countedKeys counts the reads of keys, and can fail.
type countedKeys struct {
	api.Store
	reads, uses atomic.Int64
	err         atomic.Pointer[error]
}

func (c *countedKeys) APIKey(ctx context.Context, id string, countUpTo int) (apikey.Presented, error) {
	c.reads.Add(1)
	if err := c.err.Load(); err != nil {
		return apikey.Presented{}, *err
	}
	return c.Store.APIKey(ctx, id, countUpTo)
}

func (c *countedKeys) APIKeyUsed(ctx context.Context, id string) error {
	c.uses.Add(1)
	return c.Store.APIKeyUsed(ctx, id)
}

func TestKey_CachedAndUseRecorded(t *testing.T) {
	t.Parallel()
	counted := &countedKeys{}
	f := setup(t, func(c *api.Config) { counted.Store = c.Store; c.Store = counted })
	key, id := f.key(t, apikey.Scopes(), ana)
	began := time.Now()
	for range 20 {
		if a := f.as(t, key, "", "GET", "/v1/templates", ""); a.status != 200 {
			t.Fatal(a.status)
		}
	}
	if most := 1 + int64(time.Since(began)/(2*time.Second)); counted.reads.Load() > most {
		t.Errorf("the key was read %d times, at most %d are needed", counted.reads.Load(), most)
	}
	testenv.Eventually(t, "the use is recorded", func() bool {
		k, err := f.store.FindAPIKey(t.Context(), id)
		return err == nil && !k.LastUsedAt.IsZero()
	})
	if n := counted.uses.Load(); time.Since(began) < time.Minute && n != 1 {
		t.Errorf("the use was recorded %d times", n)
	}
	// It fails closed when the database does.
	down := errors.Join(export.ErrUnavailable, errors.New("down"))
	counted.err.Store(&down)
	testenv.Eventually(t, "the cached key is too old", func() bool { return f.as(t, key, "", "GET", "/v1/templates", "").status == 503 })
	wantType(t, f.as(t, key, "", "GET", "/v1/templates", ""), 503, "unavailable")
}
