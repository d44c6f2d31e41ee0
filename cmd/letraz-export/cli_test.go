package main

import (
	"encoding/json"
	"log/slog"
	"net"
	"strings"
	"testing"
)

func TestRun_UsageErrors(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"unknown command", []string{"exprot"}, "exprot"},
		{"unknown flag", []string{"serve", "--nope"}, "--nope"},
		{"missing argument", []string{"render", "--output", "x.pdf"}, "file"},
		{"missing flag", []string{"export", "rsm_1"}, "--out"},
		{"bad paper", []string{"render", "x.json", "-o", "x.pdf", "--paper", "a5"}, `"a4","letter"`},
		{"nobody's token", []string{"token", ""}, "name the user"},
		{"no address", []string{"export", "rsm_1", "-o", "x", "--server", "127.0.0.1:8080"}, "http://127.0.0.1:8080"},
		{"two callers", []string{"export", "rsm_1", "-o", "x", "--as", "a", "--token", "b"}, "--as"},
		{"bad duration", []string{"serve", "--lease", "soon"}, "lease"},
		{"no pages", []string{"worker", "--max-pages", "0"}, "--max-pages must be between 1 and 1000"},
		{"short lease", []string{"serve", "--lease", "1s"}, "--lease must be at least 5s"},
		{"more slots at least than at most", []string{"worker", "--slots", "1", "--slots-min", "2"}, "--slots-min 2 is more than --slots 1"},
		{"no slots", []string{"serve", "--slots-min", "0"}, "--slots-min must be between 1 and 256"},
		{"too many attempts", []string{"serve", "--max-attempts", "1000"}, "--max-attempts"},
		{"short retention", []string{"serve", "--retention", "1s"}, "--retention must be at least 1h"},
		{"young orphans", []string{"sweep", "--orphan-age", "9m"}, "--orphan-age must be at least 10m"},
		{"orphans that may be under way", []string{"serve", "--deadline", "1h"}, "--orphan-age must be longer than --deadline and --lease"},
		{"sweeping all the time", []string{"sweep", "--every", "0s"}, "one pass"},
		{"retry of nothing", []string{"retry"}, "--failed"},
		{"retry of both", []string{"retry", "x", "--failed"}, "--failed"},
		{"retry by reason", []string{"retry", "x", "--code", "internal"}, "go with --failed"},
		{"retry of too many", []string{"retry", "--failed", "--limit", "1001"}, "--limit"},
		{"list by reason", []string{"list", "--code", "internal"}, "--code goes with --status failed"},
		{"list of none", []string{"list", "--limit", "0"}, "--limit must be between 1 and 10000"},
		{"list of no status", []string{"list", "--status", "done"}, `"queued"`},
		{"status of nothing", []string{"status"}, "export-id"},
		{"cancel of nothing", []string{"cancel"}, "export-id"},
		{"two files to one stream", []string{"export", "a", "b", "-o", "-"}, "-o - takes one resume"},
		{"a file and JSON to one stream", []string{"batch", "create", "a", "--wait", "--json", "-o", "-"}, "both take standard output"},
		{"no time to wait", []string{"export", "a", "-o", "x", "--timeout", "0s"}, "--timeout must be positive"},
		{"a ZIP without waiting", []string{"batch", "create", "rsm_1", "-o", "x.zip"}, "-o goes with --wait"},
		{"too many batches", []string{"batch", "list", "--limit", "51"}, "--limit must be between 1 and 50"},
		{"no such lane", []string{"export", "rsm_1", "-o", "x", "--lane", "retry"}, `"interactive","bulk"`},
		{"a small pile", []string{"bench", "lanes", "--pile", "1"}, "--pile must be between 500"},
		{"erasing nobody", []string{"erase", ""}, "name the user"},
		{"replicas", []string{"migrate", "--nats-replicas", "9"}, "--nats-replicas"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, _, errs := call(t, tc.args...)
			if status != 2 || !strings.Contains(errs, tc.want) || !strings.Contains(errs, "--help") {
				t.Errorf("status %d, want 2 and %q in:\n%s", status, tc.want, errs)
			}
		})
	}
}

// With --log-format json, an error is an object, too. Every line of a log has the version.
func TestRun_LogFormat(t *testing.T) {
	failing := []string{"sweep", "--data-dir", t.TempDir()}
	if status, _, errs := call(t, failing...); status != 1 || !strings.HasPrefix(errs, "letraz-export: ") {
		t.Errorf("as text: status %d\n%s", status, errs)
	}
	status, _, errs := call(t, append(failing, "--log-format", "json")...)
	var line struct{ Level, Msg, Version, Error string }
	if err := json.Unmarshal([]byte(errs), &line); err != nil || status != 1 || line.Level != "ERROR" || line.Version != version() ||
		!strings.Contains(line.Error, "start letraz-export serve") {
		t.Errorf("as JSON: status %d, %v\n%s", status, err, errs)
	}
	var log strings.Builder
	newLogger(&log, slog.LevelInfo, "text").Info("a line", "export_id", "x")
	if !strings.Contains(log.String(), `msg="a line" version=`+version()+" export_id=x") {
		t.Errorf("the line is %s", log.String())
	}
}

func TestRun_Help(t *testing.T) {
	if out := must(t); !strings.Contains(out, "Start with: letraz-export serve") {
		t.Errorf("without arguments it prints:\n%s", out)
	}
	for _, command := range []string{"serve", "api", "worker", "dispatch", "sweep", "migrate", "import", "export", "list", "status", "cancel", "templates", "retry", "erase", "render", "bench", "token", "healthcheck", "version"} {
		if out := must(t, command, "--help"); !strings.Contains(out, "Usage: letraz-export "+command) {
			t.Errorf("%s --help prints:\n%s", command, out)
		}
	}
}

func TestRun_FailedStart(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	dir := dataDir(t)
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"address taken", []string{"serve", "--data-dir", dir, "--listen", busy.Addr().String()}, "choose another address"},
		{"no address", []string{"serve", "--data-dir", dir, "--listen", "nowhere", "--jwt-secret", strings.Repeat("s", 32)}, "host:port"},
		{"open address without authentication", []string{"serve", "--data-dir", dir, "--listen", "0.0.0.0:0"}, "JWT_SECRET"},
		{"short secret", []string{"serve", "--data-dir", dir, "--jwt-secret", "short"}, "at least 32"},
		{"two ways to check tokens", []string{"serve", "--data-dir", dir, "--jwt-secret", strings.Repeat("s", 32), "--jwks-url", "http://127.0.0.1:1"}, "not both"},
		{"api without servers", []string{"api", "--data-dir", dir}, "DATABASE_URL and NATS_URL"},
		{"worker without servers", []string{"worker"}, "DATABASE_URL and NATS_URL"},
		{"dispatch without servers", []string{"dispatch"}, "DATABASE_URL and NATS_URL"},
		{"migrate without servers", []string{"migrate"}, "DATABASE_URL"},
		{"sweep without serve", []string{"sweep", "--data-dir", dir}, "start letraz-export serve"},
		{"erase without serve", []string{"erase", "user_1", "--data-dir", dir}, "start letraz-export serve"},
		{"retry without serve", []string{"retry", "x", "--data-dir", dir, "--token", "x"}, "--server"},
		{"import without serve", []string{"import", "--samples", "--data-dir", dir}, "start letraz-export serve"},
		{"export without serve", []string{"export", "rsm_1", "-o", dir, "--data-dir", dir, "--token", "x"}, "--server"},
		{"export without token", []string{"export", "rsm_1", "-o", dir, "--server", "http://127.0.0.1:1"}, "--token"},
		{"token without secret", []string{"token", "user_1", "--data-dir", dir + "/none"}, "JWT_SECRET"},
		{"database away", []string{"migrate", "--database-url", "postgres://u:hunter2@127.0.0.1:1/x"}, "127.0.0.1"},
		{"database url broken", []string{"migrate", "--database-url", "postgres://u:hunter2@[/x"}, "postgres://user:password@host"},
		{"nobody to check", []string{"healthcheck", "http://127.0.0.1:1/readyz"}, "127.0.0.1:1"},
		{"no browser", []string{"serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--chrome", "/nonexistent"}, "/nonexistent"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, _, errs := call(t, tc.args...)
			if status != 1 || !strings.Contains(errs, tc.want) {
				t.Errorf("status %d, want 1 and %q in:\n%s", status, tc.want, errs)
			}
			if strings.Contains(errs, "hunter2") {
				t.Errorf("a password is printed:\n%s", errs)
			}
		})
	}
}
