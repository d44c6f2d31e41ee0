package embedded

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestPostgres_EndsWithItsProcess(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells a child that its parent died; elsewhere the next start stops the orphan")
	}
	dir := reachableDir(t)
	cmd, pid := startHelper(t, dir)
	data := filepath.Join(dir, "pg", "data")
	if !postmasterRuns(t, pid, data) {
		t.Fatalf("no server with pid %d on %s", pid, data)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server ends", func() bool { return !postmasterRuns(t, pid, data) })
	// A fast shutdown. An immediate one would leave the file.
	if _, err := os.Stat(filepath.Join(data, "postmaster.pid")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the server did not shut down in order: %v", err)
	}
}

func TestStartPostgres_RightAfterKill(t *testing.T) {
	t.Parallel()
	dir := reachableDir(t)
	cmd, _ := startHelper(t, dir)

	_, err := StartPostgres(t.Context(), PostgresOptions{Dir: filepath.Join(dir, "pg")})
	if !errors.Is(err, ErrInUse) {
		t.Errorf("start while another process runs: %v, want ErrInUse", err)
	}
	wantErrorWith(t, err, strconv.Itoa(cmd.Process.Pid))
	if _, err := StartNATS(NATSOptions{Dir: filepath.Join(dir, "nats")}); !errors.Is(err, ErrInUse) {
		t.Errorf("start while another process runs: %v, want ErrInUse", err)
	}

	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	pg := startPG(t, PostgresOptions{Dir: filepath.Join(dir, "pg")})
	query(t, pg, "SELECT 1")
	n := startNATSServer(t, NATSOptions{Dir: filepath.Join(dir, "nats")})
	closeNATS(t, n)
}

func TestStartPostgres_StopsOrphan(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{"usual path": "d", "long path": strings.Repeat("long-", 30)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := PostgresOptions{Dir: filepath.Join(reachableDir(t), dir), Throwaway: true}
			pg := startPG(t, o)
			query(t, pg, "CREATE TABLE kept (x int)")
			closePG(t, pg)

			// A busy server without a parent on the same directory, as after a crash of the
			// parent.
			socket, err := pg.cluster.makeSocketDir(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			args := []string{"-D", pg.cluster.data()}
			for _, setting := range pg.cluster.settings(socket) {
				args = append(args, "-c", setting)
			}
			orphan, err := startProcess(exec.Command(pg.cluster.program("postgres"), args...), pg.cluster.account, syscall.SIGKILL)
			if err != nil {
				t.Fatal(err)
			}
			if err := pg.cluster.awaitReady(t.Context(), orphan); err != nil {
				t.Fatal(err)
			}
			pg.socket = socket
			conn := connect(t, pg)
			if _, err := conn.Exec(t.Context(), "BEGIN; LOCK TABLE kept"); err != nil {
				t.Fatal(err)
			}

			pg = startPG(t, o)
			<-orphan.done
			query(t, pg, "SELECT count(*) FROM kept")
			if socket.temp {
				if _, err := os.Stat(socket.path); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("the orphan's socket directory is still there: %v", err)
				}
			}
		})
	}
}

func TestStartPostgres_StalePidFile(t *testing.T) {
	t.Parallel()
	o := PostgresOptions{Dir: reachableDir(t), Throwaway: true}
	pg := startPG(t, o)
	data := pg.cluster.data()
	lines, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	closePG(t, pg)

	// A running process of the same account that is not Postgres, but that Postgres would take
	// for a server.
	bystander, err := startProcess(exec.Command("sleep", "600"), pg.cluster.account, syscall.SIGKILL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bystander.signal(syscall.SIGKILL); err != nil {
			t.Error(err)
		}
		<-bystander.done
	})
	_, rest, _ := strings.Cut(string(lines), "\n")
	stale := strconv.Itoa(bystander.pid) + "\n" + rest
	if err := os.WriteFile(filepath.Join(data, "postmaster.pid"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(filepath.Join(data, "postmaster.pid"), int(pg.cluster.account.uid), int(pg.cluster.account.gid)); err != nil {
		t.Fatal(err)
	}

	query(t, startPG(t, o), "SELECT 1")
	select {
	case <-bystander.done:
		t.Error("a process that was not Postgres was stopped")
	default:
	}
}

func TestPostgres_RecoversFromKill(t *testing.T) {
	t.Parallel()
	o := PostgresOptions{Dir: reachableDir(t)}
	pg := startPG(t, o)
	query(t, pg, "CREATE TABLE kept (x int)")
	query(t, pg, "INSERT INTO kept VALUES (42)")
	if err := syscall.Kill(pg.process.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-pg.Done()
	closePG(t, pg)
	if got := query(t, startPG(t, o), "SELECT x FROM kept"); got != "42" {
		t.Errorf("after the crash the row is %q", got)
	}
}

func TestStartPostgres_WaitsForOldBackends(t *testing.T) {
	t.Parallel()
	o := PostgresOptions{Dir: reachableDir(t), Throwaway: true}
	pg := startPG(t, o)
	conn := connect(t, pg)
	backend := int(conn.PgConn().PID())
	busy := make(chan error, 1)
	go func() {
		// Computes for some time without checking whether the server has ended.
		_, err := conn.Exec(context.Background(), "SELECT count(*) FROM generate_series(1, 15000000)")
		busy <- err
	}()
	eventually(t, "the statement runs", func() bool {
		return query(t, pg, "SELECT state FROM pg_stat_activity WHERE pid = "+strconv.Itoa(backend)) == "active"
	})
	if err := syscall.Kill(pg.process.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-pg.Done()
	closePG(t, pg)
	if !postmasterRuns(t, backend, pg.cluster.data()) {
		t.Log("the backend ended at once; nothing to wait for")
	}
	query(t, startPG(t, o), "SELECT 1")
	<-busy //nolint:errcheck // the statement fails when its server ends
}

func postmasterRuns(t *testing.T, pid int, data string) bool {
	t.Helper()
	is, err := isPostmaster(pid, data)
	if err != nil {
		t.Fatal(err)
	}
	return is
}

// connect opens a connection that the server may break.
func connect(t *testing.T, pg *Postgres) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pg.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}
