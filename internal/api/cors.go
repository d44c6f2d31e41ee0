package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Headers of CORS. Pages authenticate with Authorization, which is no credential in its sense:
// cookies are not used, so Access-Control-Allow-Credentials is never sent.
const (
	corsMethods = "GET, HEAD, POST, PUT, DELETE"
	corsHeaders = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Last-Event-ID, On-Behalf-Of, Prefer, Range, " +
		"Traceparent, X-Request-Id"
	corsExposed = "Content-Disposition, Content-Range, ETag, Idempotency-Replayed, Location, Preference-Applied, RateLimit, RateLimit-Policy, " +
		"Retry-After, WWW-Authenticate, X-Request-Id"
	corsMaxAge = "7200" // in seconds; no browser caches for longer
)

// CheckOrigin returns an error unless text is an origin as browsers send it: scheme, host and
// port, such as https://app.example.com.
func CheckOrigin(text string) error {
	u, err := url.Parse(text)
	usualPort := map[string]string{"https": "443", "http": "80"}
	if err == nil && usualPort[u.Scheme] != "" && u.Hostname() != "" && u.Port() != usualPort[u.Scheme] &&
		text == u.Scheme+"://"+u.Host && text == strings.ToLower(text) && !strings.Contains(text, "*") {
		return nil
	}
	return fmt.Errorf("%q is no origin: give scheme, host and, unless it is the usual one, port, as https://app.example.com; there are no wildcards", text)
}

// cors lets pages of the origins read answers, and answers their preflight requests. Other
// origins get no header of CORS.
func cors(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin") // also without one: the answer depends on it
		origin := r.Header.Get("Origin")
		if !slices.Contains(origins, origin) {
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
		if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
			h.Set("Access-Control-Expose-Headers", corsExposed)
			next.ServeHTTP(w, r)
			return
		}
		h.Add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers")
		h.Set("Access-Control-Allow-Methods", corsMethods)
		h.Set("Access-Control-Allow-Headers", corsHeaders)
		h.Set("Access-Control-Max-Age", corsMaxAge)
		w.WriteHeader(http.StatusNoContent)
	})
}
