package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestPostgres_RestartKeepsData(t *testing.T) {
	t.Parallel()
	o := PostgresOptions{Dir: filepath.Join(reachableDir(t), "made", "by us")}
	begin := time.Now()
	pg := startPG(t, o)
	t.Logf("initdb and start: %s", time.Since(begin).Round(time.Millisecond))
	query(t, pg, "CREATE TABLE kept (word text)")
	query(t, pg, "INSERT INTO kept VALUES ('é ✓')")
	for setting, want := range map[string]string{
		"server_encoding": "UTF8", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
	} {
		if got := query(t, pg, "SHOW "+setting); got != want {
			t.Errorf("%s = %s, want %s", setting, got, want)
		}
	}
	closePG(t, pg)

	begin = time.Now()
	pg = startPG(t, o)
	t.Logf("restart: %s", time.Since(begin).Round(time.Millisecond))
	if got := query(t, pg, "SELECT word FROM kept"); got != "é ✓" {
		t.Errorf("after the restart the row is %q", got)
	}
	begin = time.Now()
	closePG(t, pg)
	t.Logf("close: %s", time.Since(begin).Round(time.Millisecond))
}

func TestPostgres_ListensOnNoPort(t *testing.T) {
	t.Parallel()
	pg := startPG(t, PostgresOptions{Dir: reachableDir(t), Throwaway: true, MaxConnections: 7})
	for setting, want := range map[string]string{"listen_addresses": "", "fsync": "off", "max_connections": "7"} {
		if got := query(t, pg, "SHOW "+setting); got != want {
			t.Errorf("%s = %q, want %q", setting, got, want)
		}
	}
	if n := listeningSockets(t, pg.process.pid); n != 0 {
		t.Errorf("the server listens on %d TCP ports", n)
	}
	info, err := os.Stat(socketOf(t, pg))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o700 {
		t.Errorf("the socket directory has mode %o, others must not enter it", got)
	}
}

func TestStartPostgres_CreatesDatabaseOnce(t *testing.T) {
	t.Parallel()
	dir := reachableDir(t)
	for _, name := range []string{"first", `odd "name"/?`, "first", "postgres"} {
		pg := startPG(t, PostgresOptions{Dir: dir, Database: name, Throwaway: true})
		if got := query(t, pg, "SELECT current_database()"); got != name {
			t.Errorf("connected to %q, want %q", got, name)
		}
		closePG(t, pg)
	}

	// The list of databases is not authoritative.
	if err := os.Remove(filepath.Join(dir, "databases")); err != nil {
		t.Fatal(err)
	}
	pg := startPG(t, PostgresOptions{Dir: dir, Database: "first", Throwaway: true})
	query(t, pg, "SELECT 1")
}

func TestStartPostgres_SecondInstance(t *testing.T) {
	t.Parallel()
	dir := reachableDir(t)
	pg := startPG(t, PostgresOptions{Dir: dir, Throwaway: true})
	_, err := StartPostgres(t.Context(), PostgresOptions{Dir: dir, Throwaway: true})
	if !errors.Is(err, ErrInUse) {
		t.Errorf("second start: %v, want ErrInUse", err)
	}
	wantErrorWith(t, err, dir, fmt.Sprint(os.Getpid()), "--data-dir")
	query(t, pg, "SELECT 1")
}

func TestStartPostgres_IncompleteCluster(t *testing.T) {
	t.Parallel()
	dir := reachableDir(t)
	half := filepath.Join(dir, "data.init-123")
	if err := os.MkdirAll(filepath.Join(half, "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	pg := startPG(t, PostgresOptions{Dir: dir, Throwaway: true})
	query(t, pg, "SELECT 1")
	if _, err := os.Stat(half); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the half-made cluster is still there: %v", err)
	}
}

func TestStartPostgres_Canceled(t *testing.T) {
	t.Parallel()
	programs := filepath.Join(reachableDir(t), "bin")
	fakePrograms(t, programs, "17.1")
	// An initdb that hangs in a child process, like the real one.
	script := "#!/bin/sh\nsleep 600 &\necho $! > \"${1#--pgdata=}/child\"\nwait\n"
	if err := os.WriteFile(filepath.Join(programs, "initdb"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	dir := reachableDir(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("changed my mind")
	result := make(chan error, 1)
	go func() {
		_, err := startPostgres(ctx, PostgresOptions{Dir: dir}, finder{lookPath: nothingOnPath, globs: []string{programs}})
		result <- err
	}()
	made := func() []string {
		found, err := filepath.Glob(filepath.Join(dir, "data*"))
		if err != nil {
			t.Error(err)
		}
		return found
	}
	var child int
	eventually(t, "initdb starts", func() bool {
		for _, half := range made() {
			if b, err := os.ReadFile(filepath.Join(half, "child")); err == nil {
				child, _ = strconv.Atoi(strings.TrimSpace(string(b)))
			}
		}
		return child != 0
	})
	cancel(reason)
	if err := <-result; !errors.Is(err, reason) {
		t.Fatalf("canceled start: %v", err)
	}
	eventually(t, "initdb's child ends", func() bool { return ended(child) })
	if found := made(); len(found) != 0 {
		t.Errorf("left behind: %v", found)
	}
	query(t, startPG(t, PostgresOptions{Dir: dir, Throwaway: true}), "SELECT 1")
}

// ended reports whether a process has ended or is a zombie: in some containers process 1 does
// not reap orphans.
func ended(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestStartPostgres_LongPath(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{
		"long":  strings.Repeat("long-", 30),
		"comma": `a,b "c"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pg := startPG(t, PostgresOptions{Dir: filepath.Join(reachableDir(t), dir), Throwaway: true})
			query(t, pg, "SELECT 1")
			socket := socketOf(t, pg)
			closePG(t, pg)
			if _, err := os.Stat(socket); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the socket directory %s outlived the server: %v", socket, err)
			}
		})
	}
}

func TestStartPostgres_OtherVersion(t *testing.T) {
	t.Parallel()
	dir := reachableDir(t)
	closePG(t, startPG(t, PostgresOptions{Dir: dir, Throwaway: true}))
	if err := os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := StartPostgres(t.Context(), PostgresOptions{Dir: dir})
	wantErrorWith(t, err, "made by Postgres 9", "install Postgres 9", "--data-dir")
}

func TestStartPostgres_ErrorQuotesLog(t *testing.T) {
	t.Parallel()
	dir := reachableDir(t)
	closePG(t, startPG(t, PostgresOptions{Dir: dir, Throwaway: true}))
	if err := os.Remove(filepath.Join(dir, "data", "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	_, err := StartPostgres(t.Context(), PostgresOptions{Dir: dir})
	wantErrorWith(t, err, "could not find the database system", filepath.Join(dir, "postgres.log"))
}

func TestPostgres_DoneWhenServerEnds(t *testing.T) {
	t.Parallel()
	pg := startPG(t, PostgresOptions{Dir: reachableDir(t), Throwaway: true})
	if err := pg.Err(); err != nil {
		t.Errorf("Err while running: %v", err)
	}
	if err := syscall.Kill(pg.process.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-pg.Done():
	case <-time.After(deadline):
		t.Fatal("Done was not closed")
	}
	wantErrorWith(t, pg.Err(), "killed", "postgres.log")
}

func TestPostgres_CloseIsNotReported(t *testing.T) {
	t.Parallel()
	pg := startPG(t, PostgresOptions{Dir: reachableDir(t), Throwaway: true})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { closePG(t, pg) })
	}
	wg.Wait()
	select {
	case <-pg.Done():
		t.Errorf("Done was closed by Close: %v", pg.Err())
	default:
	}
}

func TestPostgres_CloseWithOpenTransaction(t *testing.T) {
	t.Parallel()
	o := PostgresOptions{Dir: reachableDir(t), Throwaway: true}
	pg := startPG(t, o)
	query(t, pg, "CREATE TABLE t (x int)")
	conn := connect(t, pg)
	if _, err := conn.Exec(t.Context(), "BEGIN; INSERT INTO t VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	closePG(t, pg)
	pg = startPG(t, o)
	if got := query(t, pg, "SELECT count(*) FROM t"); got != "0" {
		t.Errorf("%s rows of a transaction that was never committed", got)
	}
}
