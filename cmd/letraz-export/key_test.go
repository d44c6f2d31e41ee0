package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestKey_Commands(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	run := func(args ...string) string {
		t.Helper()
		return must(t, append([]string{"key", args[0], "--database-url", url}, args[1:]...)...)
	}
	text := strings.TrimSpace(run("create", "shop", "--scope", "exports:write,exports:read,exports:read", "--user", "user_1,user_2", "--expires-in", "24h"))
	id, err := apikey.Parse(text)
	if err != nil {
		t.Fatalf("it prints %q: %v", text, err)
	}
	var made struct {
		Key, ID string
		All     bool `json:"all_users"`
	}
	if err := json.Unmarshal([]byte(run("create", "backend", "--scope", "staff", "--all-users", "--json")), &made); err != nil || !made.All {
		t.Fatalf("%+v, %v", made, err)
	}
	if parsed, err := apikey.Parse(made.Key); err != nil || parsed != made.ID {
		t.Errorf("%+v, %v", made, err)
	}
	list := run("list")
	for _, want := range []string{id, "shop", "active", "exports:read,exports:write", "user_1,user_2", made.ID, "all", "never"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list has no %q:\n%s", want, list)
		}
	}
	if strings.Contains(list+run("list", "--json"), text) || strings.Contains(list, text[20:40]) {
		t.Error("the list shows a secret")
	}
	next := strings.TrimSpace(run("rotate", "shop"))
	if nextID, err := apikey.Parse(next); err != nil || nextID == id {
		t.Errorf("rotated: %q, %v", next, err)
	}
	var keys []struct{ ID, Name, State string }
	if err := json.Unmarshal([]byte(run("list", "--json")), &keys); err != nil || len(keys) != 3 || keys[0].Name != "shop ("+id+")" || keys[2].Name != "shop" {
		t.Errorf("after the rotation: %+v, %v", keys, err)
	}
	if out := run("revoke", id); !strings.Contains(out, "revoked "+id) {
		t.Errorf("revoked: %s", out)
	}
	if out := run("list", "--revoked"); !strings.Contains(out, "revoked") {
		t.Errorf("the list of all:\n%s", out)
	}
	log := must(t, "audit", "--database-url", url)
	for _, want := range []string{"key-create", "key-rotate", "key-revoke", "command", id} {
		if !strings.Contains(log, want) {
			t.Errorf("the audit log has no %q:\n%s", want, log)
		}
	}
	if out := must(t, "audit", "--database-url", url, "--resource", made.ID, "--json"); strings.Count(out, `"action"`) != 1 {
		t.Errorf("of one key: %s", out)
	}
	for name, args := range map[string][]string{
		"name taken":       {"create", "backend", "--scope", "staff", "--all-users"},
		"no scope":         {"create", "x", "--all-users"},
		"unknown scope":    {"create", "x", "--scope", "exports", "--all-users"},
		"no users":         {"create", "x", "--scope", "staff"},
		"users and all":    {"create", "x", "--scope", "staff", "--all-users", "--user", "a"},
		"empty name":       {"create", " ", "--scope", "staff", "--all-users"},
		"long name":        {"create", strings.Repeat("x", 101), "--scope", "staff", "--all-users"},
		"rotate none":      {"rotate", "none"},
		"rotate revoked":   {"rotate", id},
		"revoke none":      {"revoke", "none"},
		"revoke again":     {"revoke", id},
		"negative overlap": {"rotate", "shop", "--overlap", "-1h"},
	} {
		if status, _, errs := call(t, append([]string{"key", args[0], "--database-url", url}, args[1:]...)...); status == 0 || errs == "" || strings.Contains(errs, "SQLSTATE") {
			t.Errorf("%s: exit %d, %s", name, status, errs)
		}
	}
}

func TestCallerFlags_Check(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"rate without time":  {"--user-rate", "100"},
		"rate of nothing":    {"--user-rate", "0/1m"},
		"rate in words":      {"--key-rate", "many/1m"},
		"rate too short":     {"--failure-rate", "10/1ms"},
		"negative cap":       {"--user-waiting=-1"},
		"wildcard":           {"--cors-origin", "*"},
		"origin with a path": {"--cors-origin", "https://a.example/,https://b.example"},
		"proxy by name":      {"--trusted-proxy", "proxy.example"},
		"claim of its own":   {"--jwt-claim", "sub=x"},
		"old secret only":    {"--jwt-secret-old", strings.Repeat("x", 32)},
	} {
		status, _, errs := call(t, append([]string{"api", "--database-url", "postgres://127.0.0.1:1/x", "--nats-url", "nats://127.0.0.1:1", "--data-dir", t.TempDir()}, args...)...)
		if status == 0 || strings.Contains(errs, "database") {
			t.Errorf("%s: exit %d, %s", name, status, errs)
		}
	}
}

// The whole way of a program with a key: create it beside a running service, call the API.
func TestKey_WithService(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--grace", "5s")
	url := serveURL(t, dir)
	resume := strings.Fields(must(t, "import", sampleFile(t, "first-job"), "--user", "user_1", "--data-dir", dir))[0]
	key := strings.TrimSpace(must(t, "key", "create", "test", "--scope", "exports:read,exports:write", "--all-users", "--data-dir", dir))
	out := must(t, "export", resume, "--token", key, "--on-behalf-of", "user_1", "--server", url, "-o", t.TempDir())
	if !strings.Contains(out, ".pdf") {
		t.Errorf("it prints %q", out)
	}
	if log := must(t, "audit", "--data-dir", dir, "--user", "user_1"); !strings.Contains(log, "create-export") || !strings.Contains(log, key[7:19]) {
		t.Errorf("the audit log:\n%s", log)
	}
	if status, _, errs := call(t, "export", resume, "--token", key, "--server", url, "-o", t.TempDir()); status == 0 || !strings.Contains(errs, "On-Behalf-Of") {
		t.Errorf("without a user: %d, %s", status, errs)
	}
	must(t, "key", "revoke", "test", "--data-dir", dir)
	testenv.Eventually(t, "the key is refused", func() bool {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/exports", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+key)
		req.Header.Set("On-Behalf-Of", "user_1")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusUnauthorized
	})
}
