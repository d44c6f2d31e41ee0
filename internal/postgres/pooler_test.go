package postgres_test

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// Through a transaction pooler each statement may run in another session.
func TestLife_TransactionPooler(t *testing.T) {
	t.Parallel()
	url := testenv.EmptyDatabase(t)
	pooled := testenv.WithParameter(testenv.TransactionPooler(t, url), "default_query_exec_mode", "cache_describe")
	must(postgres.Migrate(t.Context(), pooled))(t)
	resumeID := testenv.ImportSample(t, testenv.Open(t, pooled, postgres.Options{}), "user_1", "tailored")
	wholeLife(t, pooled, url, "user_1", resumeID, testenv.Value(t, url, "SELECT id FROM jobs"))
}

// The schema of a role or a database holds through a pooler, which passes on no search_path
// of a URL.
func TestLife_TransactionPoolerOwnSchema(t *testing.T) {
	t.Parallel()
	url := testenv.EmptyDatabase(t)
	name := testenv.Value(t, url, "SELECT current_database()")
	testenv.Exec(t, url, "ALTER DATABASE "+name+" SET search_path = exports")
	pooled := testenv.WithParameter(testenv.TransactionPooler(t, url), "default_query_exec_mode", "cache_describe")
	must(postgres.Migrate(t.Context(), pooled))(t)
	resumeID := testenv.ImportSample(t, testenv.Open(t, pooled, postgres.Options{}), "user_1", "tailored")
	wholeLife(t, pooled, url, "user_1", resumeID, testenv.Value(t, url, "SELECT id FROM jobs"))
	if schema := testenv.Value(t, url, "SELECT 'export_request'::regclass::text || relnamespace::regnamespace::text FROM pg_class WHERE relname = 'export_request'"); schema != "export_requestexports" {
		t.Errorf("the table is %s", schema)
	}
}
