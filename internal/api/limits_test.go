package api_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// hourly is a rate of which nothing becomes available again during a test.
func hourly(n int) api.Rate { return api.Rate{Requests: n, Per: 10 * time.Hour} }

// wantLimited checks for 429 with its headers, and that Retry-After is not longer than it takes
// until there is a request again.
func wantLimited(t *testing.T, a answer, policy string) {
	t.Helper()
	wantType(t, a, 429, "rate-limited")
	after, err := strconv.Atoi(a.header.Get("Retry-After"))
	if err != nil || after < 1 || after > 36_000 {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	if !strings.Contains(a.header.Get("RateLimit-Policy"), `"`+policy+`";q=`) || !strings.Contains(a.header.Get("RateLimit"), `"`+policy+`";r=0;t=`) {
		t.Errorf("RateLimit-Policy %q, RateLimit %q", a.header.Get("RateLimit-Policy"), a.header.Get("RateLimit"))
	}
}

func TestLimits_User(t *testing.T) {
	t.Parallel()
	o := &seen{}
	f := setup(t, func(c *api.Config) { c.Limits.User = hourly(3); c.Observer = o })
	form := regexp.MustCompile(`^"user";r=(\d);t=\d+$`)
	for _, left := range []string{"2", "1", "0"} {
		a := f.call(t, ana, "GET", "/v1/exports", "")
		if m := form.FindStringSubmatch(a.header.Get("RateLimit")); a.status != 200 || m == nil || m[1] != left {
			t.Errorf("%d, RateLimit %q, want %s left", a.status, a.header.Get("RateLimit"), left)
		}
		if got := a.header.Get("RateLimit-Policy"); got != `"user";q=3;w=36000` {
			t.Errorf("RateLimit-Policy %q", got)
		}
	}
	wantLimited(t, f.call(t, ana, "GET", "/v1/exports", ""), "user")
	wantLimited(t, f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`), "user")
	if a := f.call(t, ben, "GET", "/v1/exports", ""); a.status != 200 {
		t.Errorf("another user: %d", a.status)
	}
	if a := f.call(t, "", "GET", "/healthz", ""); a.status != 200 || a.header.Get("RateLimit") != "" {
		t.Errorf("a probe: %d, %v", a.status, a.header)
	}
	if got := o.take(&o.exports); len(got) != 2 || got[0] != "limited user" {
		t.Errorf("the observer was told %v", got)
	}
}

func TestLimits_Refill(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Limits.User = api.Rate{Requests: 1, Per: 100 * time.Millisecond} })
	testenv.Eventually(t, "a request is refused", func() bool { return f.call(t, ana, "GET", "/v1/exports", "").status == 429 })
	testenv.Eventually(t, "a request is allowed again", func() bool { return f.call(t, ana, "GET", "/v1/exports", "").status == 200 })
}

// A key is limited as a whole, and its users each.
func TestLimits_Key(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Limits.User, c.Limits.Key = hourly(3), hourly(5) })
	key, _ := f.key(t, apikey.Scopes())
	list := func(key, user string) answer { return f.as(t, key, user, "GET", "/v1/exports", "") }
	for range 3 {
		if a := list(key, ana); a.status != 200 || !strings.HasPrefix(a.header.Get("RateLimit"), `"user";r=`) || !strings.Contains(a.header.Get("RateLimit"), `, "key";r=`) {
			t.Errorf("%d, %v", a.status, a.header)
		}
	}
	wantLimited(t, list(key, ana), "user")
	if a := list(key, ben); a.status != 200 { // the refused request counts for the key, too
		t.Errorf("another user: %d", a.status)
	}
	wantLimited(t, list(key, ben), "key")
	other, _ := f.key(t, apikey.Scopes())
	if a := list(other, ben); a.status != 200 {
		t.Errorf("another key: %d", a.status)
	}
}

func TestLimits_Failures(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) {
		c.Limits.Failures = hourly(3)
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	})
	key, _ := f.key(t, apikey.Scopes(), ana)
	fail := func(authorization, from string) answer {
		return f.call(t, "", "GET", "/v1/exports", "", "Authorization", authorization, "X-Forwarded-For", from)
	}
	unknown, _ := apikey.Generate()
	for _, authorization := range []string{"", "Bearer x.y.z", "Bearer " + unknown} {
		wantType(t, fail(authorization, "192.0.2.1"), 401, "unauthenticated")
	}
	wantLimited(t, fail("", "192.0.2.1"), "failures")
	wantLimited(t, fail("Bearer x.y.z", "192.0.2.1"), "failures")
	wantLimited(t, fail("Bearer "+unknown, "192.0.2.1"), "failures")
	wantLimited(t, fail("", "198.51.100.1, 192.0.2.1, 10.1.2.3"), "failures") // the first is invented by the client
	wantType(t, fail("", "192.0.2.2"), 401, "unauthenticated")
	// Whoever has a token is not limited by the failures of others behind the same address.
	if a := f.call(t, ana, "GET", "/v1/exports", "", "X-Forwarded-For", "192.0.2.1"); a.status != 200 {
		t.Errorf("a valid token: %d", a.status)
	}
	// Keys cost a look at the database, unless it was just made.
	wantLimited(t, fail("Bearer "+key, "192.0.2.1"), "failures")
	if a := fail("Bearer "+key, "192.0.2.2"); a.status != 200 {
		t.Errorf("a valid key: %d", a.status)
	}
	if a := fail("Bearer "+key, "192.0.2.1"); a.status != 200 {
		t.Errorf("a known key: %d", a.status)
	}
	for i := range 3 {
		wantType(t, fail("", fmt.Sprintf("2001:db8:0:1::%x", i)), 401, "unauthenticated")
	}
	wantLimited(t, fail("", "2001:db8:0:1:ffff::1"), "failures")
	wantType(t, fail("", "2001:db8:0:2::1"), 401, "unauthenticated")
}

// Without trusted proxies, X-Forwarded-For means nothing.
func TestLimits_UntrustedForwardedFor(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Limits.Failures = hourly(1) })
	wantType(t, f.call(t, "", "GET", "/v1/exports", "", "X-Forwarded-For", "192.0.2.1"), 401, "unauthenticated")
	wantLimited(t, f.call(t, "", "GET", "/v1/exports", "", "X-Forwarded-For", "192.0.2.2"), "failures")
}

func TestWaiting_User(t *testing.T) {
	t.Parallel()
	o := &seen{}
	f := setup(t, func(c *api.Config) { c.Limits.UserWaiting = 2; c.Observer = o })
	create := func(user, resume string) answer {
		return f.call(t, user, "POST", "/v1/exports", `{"resume_id":"`+resume+`"}`)
	}
	first := create(ana, f.anas).export(t, 202)
	create(ana, f.anas).export(t, 202)
	for _, a := range []answer{create(ana, f.anas), create(eve, f.anas)} { // also staff, for the same user
		wantType(t, a, 429, "too-many-waiting")
		if a.header.Get("Retry-After") != "5" {
			t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
		}
	}
	create(ben, f.bens).export(t, 202)
	f.call(t, ana, "DELETE", "/v1/exports/"+first.ID, "")
	create(ana, f.anas).export(t, 202)
	if got := strings.Count(strings.Join(o.take(&o.exports), ","), "limited user-waiting"); got != 2 {
		t.Errorf("the observer was told %d times", got)
	}
}

func TestWaiting_Key(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Limits.KeyWaiting = 2 })
	key, _ := f.key(t, apikey.Scopes())
	create := func(at *fixture, key, user, resume string) answer {
		return at.as(t, key, user, "POST", "/v1/exports", `{"resume_id":"`+resume+`"}`, "Idempotency-Key", uuid.NewString())
	}
	first := create(f, key, ana, f.anas).export(t, 202)
	create(f, key, ben, f.bens).export(t, 202)
	wantType(t, create(f, key, ana, f.anas), 429, "too-many-waiting")
	// Another process counts them when it reads the key.
	other := setupOn(t, f, func(c *api.Config) { c.Limits.KeyWaiting = 2 })
	wantType(t, create(other, key, ana, f.anas), 429, "too-many-waiting")
	if a := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`); a.status != 202 {
		t.Errorf("the user without the key: %d", a.status)
	}
	f.call(t, ana, "DELETE", "/v1/exports/"+first.ID, "")
	testenv.Eventually(t, "the key may create another", func() bool { return create(f, key, ana, f.anas).status == 202 })
}
