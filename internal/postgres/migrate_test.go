package postgres_test

import (
	"database/sql"
	"io/fs"
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
	"github.com/letrazapp/letraz-export/schema"
)

func TestMigrate_Concurrent(t *testing.T) {
	t.Parallel()
	for range 4 { // without the lock they collide often, not always
		url := testenv.EmptyDatabase(t)
		versions := make([]int64, 6)
		for _, err := range race(len(versions), func(n int) error {
			done, err := postgres.Migrate(t.Context(), url)
			versions[n] = done.Version
			return err
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		for _, version := range versions {
			if version == 0 || version != versions[0] {
				t.Errorf("versions %v", versions)
			}
		}
		db := provider(t, url)
		files := must(fs.Glob(schema.Migrations, "*.sql"))(t)
		if applied := count(t, db, `SELECT count(*) FROM goose_db_version WHERE version_id > 0`); applied != len(files) {
			t.Errorf("%d migrations were applied, want each of %d once", applied, len(files))
		}
	}
}

func TestMigrate_Again(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.request(t)
	url := s.Pool().Config().ConnString()
	first := must(postgres.Migrate(t.Context(), url))(t)
	if again := must(postgres.Migrate(t.Context(), url))(t); again != first {
		t.Errorf("migrated %+v, then %+v", first, again)
	}
	if got := s.read(t, r.ID); !reflect.DeepEqual(got, r) {
		t.Errorf("a migration changed a row: %+v, was %+v", got, r)
	}
}

func TestMigrate_DownAndUp(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	p := provider(t, url)
	const tables = `SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'public' AND relkind IN ('r', 'i') AND relname NOT LIKE 'goose%'`
	const types = `SELECT count(*) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'public' AND typtype = 'e'`
	before, typesBefore := count(t, p, tables), count(t, p, types)
	if _, err := p.DownTo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if left, typesLeft := count(t, p, tables), count(t, p, types); left != 0 || typesLeft != 0 || before == 0 || typesBefore == 0 {
		t.Errorf("%d of %d tables and indexes and %d of %d types are left", left, before, typesLeft, typesBefore)
	}
	wantError(t, "check after taking it back", postgres.CheckSchema(t.Context(), url), postgres.ErrSchemaBehind)
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after, typesAfter := count(t, p, tables), count(t, p, types); after != before || typesAfter != typesBefore {
		t.Errorf("%d tables and indexes, %d types; were %d and %d", after, typesAfter, before, typesBefore)
	}
}

func TestCheckSchema(t *testing.T) {
	t.Parallel()
	empty := testenv.EmptyDatabase(t)
	wantError(t, "empty database", postgres.CheckSchema(t.Context(), empty), postgres.ErrSchemaBehind)
	if err := postgres.CheckSchema(t.Context(), testenv.Database(t)); err != nil {
		t.Errorf("migrated database: %v", err)
	}
	p := provider(t, empty)
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	wantError(t, "half migrated", postgres.CheckSchema(t.Context(), empty), postgres.ErrSchemaBehind)
}

// goosed is a goose provider and its database.
type goosed struct {
	*goose.Provider
	db *sql.DB
}

func provider(t *testing.T, url string) goosed {
	t.Helper()
	db := stdlib.OpenDB(*must(pgx.ParseConfig(url))(t))
	p := must(goose.NewProvider(goose.DialectPostgres, db, schema.Migrations))(t)
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return goosed{p, db}
}

func count(t *testing.T, p goosed, query string) (n int) {
	t.Helper()
	if err := p.db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
