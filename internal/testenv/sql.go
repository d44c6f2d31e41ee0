package testenv

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Exec runs a statement on the database at url. Tests use it to create states that
// otherwise only time or another program causes.
func Exec(t testing.TB, url, statement string, args ...any) {
	t.Helper()
	connected(t, url, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statement, args...)
		return err
	})
}

// Value returns the one value of a query in the text format of Postgres. NULL is "".
func Value(t testing.TB, url, query string, args ...any) string {
	t.Helper()
	var value *string
	connected(t, url, func(ctx context.Context, conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "SELECT ("+query+")::text", args...).Scan(&value)
	})
	if value == nil {
		return ""
	}
	return *value
}

// Values returns a column of texts.
func Values(t testing.TB, url, query string, args ...any) []string {
	t.Helper()
	var values []string
	connected(t, url, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		values, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return values
}

// Locked locks a table, so that others cannot read it until unlock is called.
func Locked(t testing.TB, url, table string) (unlock func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("connecting to the test database: %v", err)
	}
	unlock = sync.OnceFunc(func() { _ = conn.Close(context.Background()) }) // also when the server has ended
	t.Cleanup(unlock)
	for _, statement := range []string{"BEGIN", "LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE"} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	return unlock
}

// Outage makes the database at url unreachable: it terminates all connections and
// accepts no new ones until end is called.
func Outage(t testing.TB, url string) (end func()) {
	t.Helper()
	head, _, _ := strings.Cut(url, "?")
	name := head[strings.LastIndex(head, "/")+1:]
	maintenance := databaseURL(url, "postgres")
	Exec(t, maintenance, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false")
	Exec(t, maintenance, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", name)
	return func() {
		t.Helper()
		Exec(t, maintenance, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS true")
	}
}

func connected(t testing.TB, url string, do func(context.Context, *pgx.Conn) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("connecting to the test database: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := do(ctx, conn); err != nil {
		t.Fatal(err)
	}
}
