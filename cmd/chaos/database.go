package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// database is a private Postgres with full durability, as in production: it must not lose a
// commit when it is killed.
type database struct {
	dir    string
	mu     sync.Mutex
	server *embedded.Postgres
	pool   *pgxpool.Pool // directly to the server, not through a link
}

func startDatabase(ctx context.Context, dir string) (*database, error) {
	d := &database{dir: dir}
	if err := d.launch(ctx); err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(d.server.URL())
	if err != nil {
		return nil, err
	}
	config.MaxConns = 8
	d.pool, err = pgxpool.NewWithConfig(ctx, config)
	return d, err
}

func (d *database) launch(ctx context.Context) (err error) {
	d.server, err = embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: d.dir})
	return err
}

// socket is the directory of the server's socket; a restart does not change it.
func (d *database) socket() string { return filepath.Join(d.dir, "run", ".s.PGSQL.5432") }

// restart ends the server with a signal (SIGINT: fast shutdown, SIGQUIT: immediate shutdown,
// SIGKILL) and starts it again.
func (d *database) restart(ctx context.Context, sig syscall.Signal) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if sig != syscall.SIGINT {
		pid, err := d.pid()
		if err != nil {
			return err
		}
		if err := syscall.Kill(pid, sig); err != nil {
			return fmt.Errorf("ending Postgres: %w", err)
		}
		select {
		case <-d.server.Done():
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := d.server.Close(); err != nil {
		return err
	}
	return d.launch(ctx)
}

func (d *database) pid() (int, error) {
	data, err := os.ReadFile(filepath.Join(d.dir, "data", "postmaster.pid"))
	if err != nil {
		return 0, fmt.Errorf("finding Postgres: %w", err)
	}
	line, _, _ := strings.Cut(string(data), "\n")
	return strconv.Atoi(strings.TrimSpace(line))
}

func (d *database) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pool != nil {
		d.pool.Close()
	}
	return d.server.Close()
}

// exec executes a statement of the harness. It repeats it until it succeeds or ctx ends,
// because the server may be starting.
func (d *database) exec(ctx context.Context, statement string, args ...any) error {
	return checker.Retry(ctx, func() error {
		_, err := d.pool.Exec(ctx, statement, args...)
		return err
	})
}
