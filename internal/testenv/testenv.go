// Package testenv provides tests with real dependencies: a Postgres server with one
// database per test, NATS servers, and a browser engine. Each test binary starts them on
// first use and stops them in Main. It is for tests only.
package testenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/postgres"
)

// shared holds the dependencies that all tests of a binary share.
type shared struct {
	mu       sync.Mutex
	dir      string
	database *embedded.Postgres
	template string // URL of the migrated database that test databases are copied from
	count    int
	engine   *chrome.Engine
}

var parts shared

const startTimeout = time.Minute

// Main runs the tests of a package and then stops what they started. Use it as
//
//	func TestMain(m *testing.M) { os.Exit(testenv.Main(m)) }
func Main(m *testing.M) int {
	code := m.Run()
	if err := parts.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "testenv:", err)
		return 1
	}
	return code
}

func (s *shared) stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	if s.engine != nil {
		errs = append(errs, s.engine.Close())
	}
	if s.database != nil {
		errs = append(errs, s.database.Close())
	}
	if s.dir != "" {
		errs = append(errs, os.RemoveAll(s.dir))
	}
	return errors.Join(errs...)
}

// Database returns the URL of a new database with the current schema, dropped
// when the test ends.
func Database(t testing.TB) string {
	t.Helper()
	return create(t, " TEMPLATE template_migrated")
}

// EmptyDatabase returns the URL of a new database without any table.
func EmptyDatabase(t testing.TB) string {
	t.Helper()
	return create(t, "")
}

func create(t testing.TB, with string) string {
	t.Helper()
	parts.mu.Lock()
	defer parts.mu.Unlock()
	if err := parts.startDatabase(); err != nil {
		t.Fatalf("starting Postgres for the tests: %v", err)
	}
	parts.count++
	name := fmt.Sprintf("test_%d", parts.count)
	if err := parts.exec("CREATE DATABASE " + name + with); err != nil {
		t.Fatalf("creating a test database: %v", err)
	}
	t.Cleanup(func() {
		parts.mu.Lock()
		defer parts.mu.Unlock()
		if err := parts.exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("dropping the test database: %v", err)
		}
	})
	return databaseURL(parts.database.URL(), name)
}

// startDatabase starts Postgres and creates the template database, once.
func (s *shared) startDatabase() error {
	if s.template != "" {
		return nil
	}
	if s.database == nil {
		dir, err := ReachableDir()
		if err != nil {
			return err
		}
		s.dir = dir
		ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
		defer cancel()
		if s.database, err = embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: dir + "/postgres", Throwaway: true, MaxConnections: 200}); err != nil {
			return err
		}
	}
	if err := s.exec("CREATE DATABASE template_migrated"); err != nil {
		return err
	}
	url := databaseURL(s.database.URL(), "template_migrated")
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if _, err := postgres.Migrate(ctx, url); err != nil {
		return err
	}
	s.template = url
	return nil
}

func (s *shared) exec(statement string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.database.URL())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

// databaseURL returns url with the name of another database: postgres://user@/NAME?….
func databaseURL(url, name string) string {
	head, tail, _ := strings.Cut(url, "?")
	at := strings.LastIndex(head, "/")
	return head[:at+1] + name + "?" + tail
}

// Open returns a store on the database at url, closed when the test ends.
func Open(t testing.TB, url string, o postgres.Options) *postgres.Store {
	t.Helper()
	store, err := postgres.Open(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

// Engine returns a browser engine with two slots that the tests of the package share.
func Engine(t testing.TB) *chrome.Engine {
	t.Helper()
	parts.mu.Lock()
	defer parts.mu.Unlock()
	if parts.engine != nil {
		return parts.engine
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	engine, err := chrome.Start(ctx, chrome.Options{Slots: 2})
	if err != nil {
		t.Fatalf("starting the browser for the tests: %v", err)
	}
	parts.engine = engine
	return engine
}

// ReachableDir creates a temporary directory that unprivileged accounts may enter. They
// may not enter t.TempDir, and Postgres does not run as root.
func ReachableDir() (string, error) {
	dir, err := os.MkdirTemp("", "letraz-export-test-*")
	if err != nil {
		return "", fmt.Errorf("making a test directory: %w", err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", fmt.Errorf("opening a test directory: %w", err)
	}
	return dir, nil
}
