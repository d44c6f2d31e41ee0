package client

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The API breaks the first connection, is unavailable for the second call and
// answers the third, as one that restarts.
func TestCreate_RepeatsWithKeyOnly(t *testing.T) {
	var keys, paths []string
	answers := []func(http.ResponseWriter){
		func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
		func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"id":"x","status":"queued"}`)) },
		func(w http.ResponseWriter) { http.Error(w, `{"detail":"no"}`, http.StatusUnprocessableEntity) },
		func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys, paths = append(keys, r.Header.Get("Idempotency-Key")), append(paths, r.Method+" "+r.URL.Path)
		answers[len(keys)-1](w)
	}))
	t.Cleanup(server.Close)
	client := New(server.URL, "token")
	a, err := client.Create(t.Context(), CreateRequest{ResumeID: "r", Key: "k"})
	if err != nil || a.ID != "x" {
		t.Fatalf("%+v, %v", a, err)
	}
	if len(keys) != 3 || keys[0] != "k" || keys[1] != "k" || keys[2] != "k" || paths[2] != "POST /v1/exports" {
		t.Errorf("it asked %v with the keys %v", paths, keys)
	}
	// What is refused is not asked for again, nor is anything without a key.
	if _, err = client.Create(t.Context(), CreateRequest{ResumeID: "r", Key: "k"}); err == nil || !strings.Contains(err.Error(), "422: no") {
		t.Errorf("refused: %v", err)
	}
	if _, err = client.Create(t.Context(), CreateRequest{ResumeID: "r"}); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("busy, without a key: %v", err)
	}
	if len(keys) != 5 {
		t.Errorf("it asked %d times", len(keys))
	}
}

// Wait asks the API to wait. It polls if that does not, and goes on after a restart.
func TestWait(t *testing.T) {
	var prefers []string
	answers := []func(http.ResponseWriter){
		func(w http.ResponseWriter) { // does not wait
			_, _ = w.Write([]byte(`{"id":"x","status":"queued"}`))
		},
		func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
		func(w http.ResponseWriter) { // has waited, and shuts down
			w.Header().Set("Preference-Applied", "wait=30")
			_, _ = w.Write([]byte(`{"id":"x","status":"rendering"}`))
		},
		func(w http.ResponseWriter) {
			w.Header().Set("Preference-Applied", "wait=30")
			_, _ = w.Write([]byte(`{"id":"x","status":"ready"}`))
		},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		prefers = append(prefers, r.Header.Get("Prefer"))
		answers[len(prefers)-1](w)
	}))
	t.Cleanup(server.Close)
	a, err := New(server.URL, "token").Wait(t.Context(), Export{ID: "x", Status: "queued"})
	if err != nil || a.Status != "ready" || len(prefers) != len(answers) {
		t.Errorf("%+v, %v after %d requests", a, err, len(prefers))
	}
	for _, prefer := range prefers {
		if prefer != "wait=30" {
			t.Errorf("Prefer: %s", prefer)
		}
	}
}

func TestURL(t *testing.T) {
	for _, c := range []struct{ base, link, want string }{
		{"http://127.0.0.1:8080", "/d/x", "http://127.0.0.1:8080/d/x"},
		{"https://example.com/base", "/d/x", "https://example.com/base/d/x"},
		{"http://127.0.0.1:8080", "https://example.com/base/d/x", "https://example.com/base/d/x"},
	} {
		if got, err := New(c.base, "token").URL(c.link); err != nil || got != c.want {
			t.Errorf("%s at %s: %s, %v", c.link, c.base, got, err)
		}
	}
}
