package testenv

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TransactionPooler starts PgBouncer in transaction mode before the database at databaseURL,
// with several connections to it, and returns the URL to connect to. It is stopped when the
// test ends.
func TransactionPooler(t testing.TB, databaseURL string) string {
	t.Helper()
	binary, err := exec.LookPath("pgbouncer")
	if err != nil {
		binary = "/usr/sbin/pgbouncer"
		if _, err := os.Stat(binary); err != nil {
			t.Fatal("PgBouncer is not installed: run scripts/setup.sh test, or apt-get install pgbouncer")
		}
	}
	dir, err := ReachableDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	server, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	config := fmt.Sprintf(`[databases]
* = host=%s port=%s user=%s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 6
server_round_robin = 1
`, server.Query().Get("host"), server.Query().Get("port"), server.User.Username(), port)
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.Background(), binary, file)
	cmd.SysProcAttr = ownerOf(t, server.Query().Get("host"))
	var output bytes.Buffer
	cmd.Stderr, cmd.Stdout = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting PgBouncer: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("PgBouncer wrote:\n%s", output.String())
		}
	})
	pooled := fmt.Sprintf("postgres://%s@127.0.0.1:%d%s?sslmode=disable", server.User.Username(), port, server.Path)
	Eventually(t, "PgBouncer", func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, pooled)
		if err != nil {
			return false
		}
		return conn.Close(ctx) == nil
	})
	return pooled
}

// freePort returns a port of the loopback address that is free now.
func freePort(t testing.TB) int {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}

// ownerOf returns attributes that start a program as the owner of the directory if the test
// runs as root: PgBouncer refuses to run as root, and the server's socket is for its owner.
func ownerOf(t testing.TB, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		t.Fatalf("the owner of %s is unknown", dir)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
}
