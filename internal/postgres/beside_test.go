package postgres_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestLife_Reader(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	resumeID := testenv.ImportSample(t, testenv.Open(t, url, postgres.Options{}), "user_1", "tailored")
	wholeLife(t, testenv.Reader(t, url, "public"), url, "user_1", resumeID, testenv.Value(t, url, "SELECT id FROM jobs"))
}

func TestLife_ViewsReader(t *testing.T) {
	t.Parallel()
	url := testenv.ProductViews(t, testenv.Product(t))
	must(postgres.MigrateService(t.Context(), url))(t)
	role := testenv.Reader(t, url, "letraz_export")
	wholeLife(t, role, url, testenv.ProductUser, testenv.ProductResume, testenv.ProductJob)
	if differences := must(postgres.Check(t.Context(), role))(t); len(differences) > 0 {
		t.Errorf("check: %q", differences)
	}
	_, err := testenv.Open(t, role, postgres.Options{}).Pool().Exec(t.Context(), `DELETE FROM public.users`)
	if err == nil {
		t.Error("the role may change the product's tables")
	}
}

// A product that keeps its users in one database and its resumes in another.
func TestLife_ForeignTables(t *testing.T) {
	t.Parallel()
	url := testenv.ProductForeignTables(t)
	must(postgres.MigrateService(t.Context(), url))(t)
	role := testenv.Reader(t, url, "letraz_export")
	wholeLife(t, role, url, testenv.ProductUser, testenv.ProductResume, testenv.ProductJob)
	if differences := must(postgres.Check(t.Context(), role))(t); len(differences) > 0 {
		t.Errorf("check: %q", differences)
	}
	// No look-up fetches a whole table.
	for _, query := range []string{
		`SELECT u.* FROM resumes r JOIN "user" u ON u.id = r.user_id WHERE r.id = 'x'`,
		`SELECT j.* FROM resumes r JOIN jobs j ON j.id = coalesce(NULL, r.job_id) WHERE r.id = 'x'`,
		`SELECT * FROM resume_section WHERE resume_id = 'x' ORDER BY "index"`,
		`SELECT t.* FROM experience t JOIN resume_section s ON s.id = t.resume_section_id WHERE s.resume_id = 'x'`,
	} {
		plan := testenv.Values(t, url, "EXPLAIN (VERBOSE) "+query)
		remote := 0
		for _, line := range plan {
			if strings.Contains(line, "Remote SQL:") {
				remote++
				if !strings.Contains(line, " WHERE ") && !strings.Contains(line, "= 'x'") { // a join has it in ON
					t.Errorf("%s\nfetches all: %s", query, line)
				}
			}
		}
		if remote == 0 {
			t.Errorf("%s\nasks no other server: %q", query, plan)
		}
	}
}

func TestLife_OwnSchema(t *testing.T) {
	t.Parallel()
	url := testenv.WithParameter(testenv.EmptyDatabase(t), "search_path", "exports")
	must(postgres.Migrate(t.Context(), url))(t)
	resumeID := testenv.ImportSample(t, testenv.Open(t, url, postgres.Options{}), "user_1", "tailored")
	wholeLife(t, url, url, "user_1", resumeID, testenv.Value(t, url, "SELECT id FROM jobs"))
	if tables := testenv.Values(t, url, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"); len(tables) > 0 {
		t.Errorf("in public: %q", tables)
	}
}

func TestMigrateService(t *testing.T) {
	t.Parallel()
	bare := testenv.Product(t)
	// The product migrates with goose too.
	testenv.Exec(t, bare, `CREATE TABLE goose_db_version (id serial, version_id bigint, is_applied boolean, tstamp timestamptz)`)
	testenv.Exec(t, bare, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (7, true)`)
	if _, err := postgres.Migrate(t.Context(), bare); err == nil || !strings.Contains(err.Error(), "--only service") {
		t.Errorf("migrating everything among a product's tables: %v", err)
	}
	before := testenv.Values(t, bare, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")

	url := testenv.ProductViews(t, bare)
	first := must(postgres.MigrateService(t.Context(), url))(t)
	if first.Version == 0 || !strings.Contains(first.Note, `"user" is not a table`) {
		t.Errorf("migrated: %+v", first)
	}
	if again := must(postgres.Migrate(t.Context(), url))(t); again != first { // goes on as it began
		t.Errorf("migrated again: %+v, was %+v", again, first)
	}
	after := testenv.Values(t, bare, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%id_text' AND relname <> 'proficiencies_resume_section_id'")
	slices.Sort(before)
	slices.Sort(after)
	if !slices.Equal(before, after) {
		t.Errorf("in the product's schema: %q, was %q", after, before)
	}
	tables := testenv.Values(t, url, "SELECT relname FROM pg_class WHERE relnamespace = 'letraz_export'::regnamespace AND relkind = 'r' ORDER BY 1")
	if !slices.Contains(tables, "export_request") || !slices.Contains(tables, "letraz_export_version") || slices.Contains(tables, "resumes") {
		t.Errorf("the service has the tables %q", tables)
	}
	if _, err := postgres.MigrateService(t.Context(), testenv.Database(t)); err == nil {
		t.Error("the service's part of a database that has everything was migrated")
	}
}

// The product's own role deletes a user, with its own search path and no right on what the
// service owns.
func TestMigrateService_ProductDeletesUser(t *testing.T) {
	t.Parallel()
	bare := testenv.Product(t)
	url := testenv.ProductViews(t, bare)
	must(postgres.MigrateService(t.Context(), url))(t)
	testenv.Exec(t, bare, `CREATE TRIGGER user_erases_export_requests AFTER DELETE ON users
		FOR EACH ROW EXECUTE FUNCTION letraz_export.export_request_erase_user('id')`)
	if again := must(postgres.MigrateService(t.Context(), url))(t); again.Note != "" {
		t.Errorf("with the trigger: %s", again.Note)
	}
	store := testenv.Open(t, url, postgres.Options{})
	r := testenv.Request(t, store, testenv.ProductUser, testenv.ProductResume)

	app := "app_" + testenv.Value(t, url, "SELECT replace(current_database(), 'test_', '')")
	testenv.Exec(t, url, "CREATE ROLE "+app+" LOGIN")
	t.Cleanup(func() { testenv.Exec(t, url, "DROP OWNED BY "+app); testenv.Exec(t, url, "DROP ROLE "+app) })
	testenv.Exec(t, bare, "GRANT SELECT, DELETE ON users TO "+app)
	testenv.Exec(t, testenv.AsRole(bare, app), "DELETE FROM users")
	_, err := store.Export(t.Context(), r.ID)
	wantError(t, "an export of the deleted user", err, export.ErrNotFound)
}

// A product that has the tables themselves, not views of them.
func TestMigrateService_SameTables(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	testenv.Exec(t, url, `DROP TABLE export_request, export_batch, export_store, export_document, api_key, audit_log, goose_db_version; DROP TYPE export_status;
		DROP FUNCTION export_request_erase_user CASCADE; DROP FUNCTION export_document_drop CASCADE; DROP FUNCTION export_batch_erase`)
	if done := must(postgres.MigrateService(t.Context(), url))(t); done.Note != "" {
		t.Errorf("note: %s", done.Note)
	}
	store := testenv.Open(t, url, postgres.Options{})
	resumeID := testenv.ImportSample(t, store, "user_1", "first-job")
	r := testenv.Request(t, store, "user_1", resumeID)
	testenv.Exec(t, url, `DELETE FROM "user"`)
	_, err := store.Export(t.Context(), r.ID)
	wantError(t, "an export of the deleted user", err, export.ErrNotFound)
}

func TestCheck_Differences(t *testing.T) {
	t.Parallel()
	url := testenv.ProductViews(t, testenv.Product(t))
	want := func(lines ...string) {
		t.Helper()
		got := must(postgres.Check(t.Context(), url))(t)
		matches := len(got) == len(lines)
		for i := range got {
			matches = matches && strings.HasPrefix(got[i], lines[i])
		}
		if !matches {
			t.Errorf("differences\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
		}
	}
	const behind = "the service's own tables: migrations are missing"
	want(behind)
	must(postgres.MigrateService(t.Context(), url))(t)
	want()
	testenv.Exec(t, url, `DROP VIEW strengths; DROP VIEW skills; DROP VIEW resumes`)
	testenv.Exec(t, url, `CREATE TABLE skills AS SELECT NULL::uuid AS id, NULL::uuid AS resume_section_id, 0 AS "index", 'x' AS name, ''::text AS category, 'guru' AS proficiency, '{}'::jsonb AS details`)
	testenv.Exec(t, url, `CREATE VIEW resumes AS SELECT r.id, r.user_id::text AS user_id, NULL::boolean AS base, ''::text AS title, '{}'::jsonb AS personal_info,
		NULL::text AS language, r.job_id::text AS job_id, '{}'::jsonb AS details, r.created_at, r.updated_at, NULL::timestamptz AS noted_at FROM public.user_resumes r`)
	testenv.Exec(t, url, `DELETE FROM letraz_export_version WHERE version_id = 10`)
	want(behind,
		"resumes.id: has the type uuid; wanted is text, not null",
		"resumes.notes: missing; wanted is jsonb, not null; a view may have '[]'::jsonb",
		"skills.id: may be NULL", "skills.resume_section_id: may be NULL", "skills.index: may be NULL", "skills.name: may be NULL", "skills.details: may be NULL",
		"strengths: no such table or view in the search path (letraz_export)",
		"resumes.base: is NULL in some rows; wanted is boolean, not null; a view may have false",
		"skills.proficiency: has other values than beginner")
	wantError(t, "start", postgres.CheckSchema(t.Context(), url), postgres.ErrSchemaBehind)
	testenv.Exec(t, url, `INSERT INTO letraz_export_version (version_id, is_applied) VALUES (10, true)`)
	if err := postgres.CheckSchema(t.Context(), url); err == nil || !strings.Contains(err.Error(), "resumes.id") {
		t.Errorf("start with other tables: %v", err)
	}
}

func TestCheck_NoRight(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	role := testenv.Reader(t, url, "public")
	name, _, _ := strings.Cut(strings.TrimPrefix(role, "postgres://"), "@")
	testenv.Exec(t, url, "REVOKE SELECT ON strengths FROM "+name)
	testenv.Exec(t, url, `GRANT SELECT (id, resume_section_id, "index", name, description) ON strengths TO `+name)
	got := must(postgres.Check(t.Context(), role))(t)
	if len(got) != 1 || got[0] != "strengths.details: the role "+name+" has no right to SELECT it" {
		t.Errorf("differences %q", got)
	}
}
