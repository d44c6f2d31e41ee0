package api_test

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/api"
)

const webPage = "https://app.example.com"

func TestCORS(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Origins = []string{webPage, "http://localhost:3000"} })
	preflight := func(origin string) answer {
		return f.call(t, "", "OPTIONS", "/v1/exports", "", "Origin", origin, "Access-Control-Request-Method", "POST",
			"Access-Control-Request-Headers", "authorization,content-type,idempotency-key,prefer,on-behalf-of")
	}
	a := preflight(webPage)
	h := a.header
	if a.status != 204 || h.Get("Access-Control-Allow-Origin") != webPage || h.Get("Access-Control-Max-Age") != "7200" ||
		!strings.Contains(h.Get("Access-Control-Allow-Methods"), "POST") || h.Get("X-Request-Id") == "" || !strings.Contains(strings.Join(h.Values("Vary"), ","), "Origin") {
		t.Errorf("preflight: %d %v", a.status, h)
	}
	for _, name := range []string{"Authorization", "Content-Type", "Idempotency-Key", "Prefer", "On-Behalf-Of", "If-Match", "Last-Event-ID"} {
		if !strings.Contains(h.Get("Access-Control-Allow-Headers"), name) {
			t.Errorf("%s is not allowed", name)
		}
	}
	// Also errors can be read.
	for _, a := range []answer{f.call(t, ana, "GET", "/v1/exports", "", "Origin", webPage), f.call(t, "", "GET", "/v1/exports", "", "Origin", webPage), f.call(t, "", "GET", "/none", "", "Origin", webPage)} {
		if a.header.Get("Access-Control-Allow-Origin") != webPage || a.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%d: %v", a.status, a.header)
		}
		for _, name := range []string{"Location", "ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-Id", "Content-Disposition"} {
			if !strings.Contains(a.header.Get("Access-Control-Expose-Headers"), name) {
				t.Errorf("%s is not exposed", name)
			}
		}
	}
	for _, origin := range []string{"https://evil.example", webPage + ".evil.example", webPage + ":443", "http://app.example.com", "https://APP.example.com", "null", ""} {
		for _, a := range []answer{preflight(origin), f.call(t, ana, "GET", "/v1/exports", "", "Origin", origin)} {
			for name := range a.header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%q gets %s: %s", origin, name, a.header.Get(name))
				}
			}
			if !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Origin") {
				t.Errorf("%q: an answer does not vary", origin)
			}
		}
	}
	if a := setup(t).call(t, ana, "GET", "/v1/exports", "", "Origin", webPage); len(a.header.Values("Vary")) > 0 || a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("without origins: %v", a.header)
	}
}

func TestCheckOrigin(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{webPage, "http://localhost:3000", "https://[2001:db8::1]:8443", "http://127.0.0.1"} {
		if err := api.CheckOrigin(origin); err != nil {
			t.Errorf("%s: %v", origin, err)
		}
	}
	for _, origin := range []string{"", "*", "null", "https://*.example.com", "app.example.com", webPage + "/", webPage + "/x", webPage + "?x", webPage + ":443", "http://app.example.com:80",
		"https://user@app.example.com", "https://App.example.com", "ftp://app.example.com", "https://", " " + webPage} {
		if err := api.CheckOrigin(origin); err == nil {
			t.Errorf("%q is accepted", origin)
		}
	}
}
