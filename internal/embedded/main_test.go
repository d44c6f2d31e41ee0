package embedded

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

const (
	// helperEnv makes the test binary a process that starts servers in the named directory and
	// waits to be killed.
	helperEnv = "LETRAZ_EMBEDDED_TEST_HELPER"
	deadline  = 60 * time.Second
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperEnv); dir != "" {
		os.Exit(helper(dir))
	}
	goleak.VerifyTestMain(m)
}

// helper starts both servers, prints a line when they are ready, and waits to be killed.
func helper(dir string) int {
	pg, err := StartPostgres(context.Background(), PostgresOptions{Dir: filepath.Join(dir, "pg")})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	if _, err := StartNATS(NATSOptions{Dir: filepath.Join(dir, "nats"), Listen: "127.0.0.1:0"}); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println("ready", pg.process.pid)
	select {}
}

// startHelper runs the helper process on dir and returns it with the pid of its Postgres.
func startHelper(t *testing.T, dir string) (*exec.Cmd, int) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), helperEnv+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("helper said %q: %v", line, err)
	}
	var pid int
	if _, err := fmt.Sscanf(line, "ready %d", &pid); err != nil {
		t.Fatalf("helper said %q", line)
	}
	return cmd, pid
}

// reachableDir returns a new directory that any account can enter; those of t.TempDir are
// closed to other accounts.
func reachableDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "embedded-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	resolved, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	return resolved
}

func startPG(t *testing.T, o PostgresOptions) *Postgres {
	t.Helper()
	if o.Logger == nil {
		o.Logger = testLogger(t)
	}
	pg, err := StartPostgres(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closePG(t, pg) })
	return pg
}

func closePG(t *testing.T, pg *Postgres) {
	t.Helper()
	if err := pg.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// query runs one statement with a new connection and returns the first column of the first
// row.
func query(t *testing.T, pg *Postgres, sql string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	conn, err := pgx.Connect(ctx, pg.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var first string
	for i := 0; rows.Next(); i++ {
		values, err := rows.Values()
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 && len(values) > 0 {
			first = fmt.Sprint(values[0])
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return first
}

func socketOf(t *testing.T, pg *Postgres) string {
	t.Helper()
	u, err := url.Parse(pg.URL())
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("host")
}

// eventually polls a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	timeout := time.After(deadline)
	for !condition() {
		select {
		case <-timeout:
			t.Fatalf("not within %s: %s", deadline, what)
		case <-ticker.C:
		}
	}
}

func testLogger(t *testing.T) *slog.Logger {
	t.Helper()
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func wantErrorWith(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not mention %q", err, part)
		}
	}
}
