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
