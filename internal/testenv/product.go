package testenv

import (
	_ "embed" // for the product's tables
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

//go:embed testdata/product.sql
var productTables string

// The user, the resume and the job posting of a Product.
const (
	ProductUser   = "11111111-1111-4111-8111-111111111111"
	ProductResume = "22222222-2222-4222-8222-222222222222"
	ProductJob    = "33333333-3333-4333-8333-333333333333"
)

// Product returns the URL of a database that belongs to another product: its tables have
// other names, and nothing of this program is there.
func Product(t testing.TB) string {
	t.Helper()
	url := EmptyDatabase(t)
	Exec(t, url, productTables)
	return url
}

// ProductViews creates the views of deploy/sql/views-letraz.sql in the database of a
// Product, and returns its URL with their schema as the search path.
func ProductViews(t testing.TB, url string) string {
	t.Helper()
	Exec(t, url, deployed(t, "views-letraz.sql"))
	return WithParameter(url, "search_path", "letraz_export")
}

// Reader creates a role with the rights of deploy/sql/grants.sql and no others on the
// database at url, where the service's tables are in the schema, and returns the URL to
// connect as that role. It is dropped when the test ends.
func Reader(t testing.TB, url, schema string) string {
	t.Helper()
	role := "reader_of_" + Value(t, url, "SELECT current_database()")
	Exec(t, url, "CREATE ROLE "+role+" LOGIN")
	t.Cleanup(func() {
		Exec(t, url, "DROP OWNED BY "+role)
		Exec(t, url, "DROP ROLE "+role)
	})
	versions := "letraz_export_version"
	if Value(t, url, "SELECT to_regclass('"+versions+"')") == "" {
		versions = "goose_db_version"
	}
	Exec(t, url, strings.NewReplacer("letraz_export_app", role, "letraz_export_version", versions,
		"letraz_export.", schema+".", "SCHEMA letraz_export", "SCHEMA "+schema).Replace(deployed(t, "grants.sql")))
	return AsRole(url, role)
}

// AsRole returns a database URL for another role.
func AsRole(url, role string) string {
	_, tail, _ := strings.Cut(url, "@")
	return "postgres://" + role + "@" + tail
}

// deployed returns a file of deploy/sql.
func deployed(t testing.TB, name string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "deploy", "sql", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// WithParameter returns a database URL with one more parameter.
func WithParameter(url, name, value string) string { return url + "&" + name + "=" + value }

// ProductForeignTables creates the foreign tables of deploy/sql/foreign-letraz.sql, over the
// views in two databases of a Product, in a database of its own. It returns the URL with
// their schema as the search path.
func ProductForeignTables(t testing.TB) string {
	t.Helper()
	url := EmptyDatabase(t)
	setting := func(of, query string) string { return Value(t, of, "SELECT "+query) }
	people, documents := ProductViews(t, Product(t)), ProductViews(t, Product(t))
	Exec(t, people, "DROP TABLE public.user_resumes, public.resume_sections CASCADE")
	Exec(t, documents, "DROP TABLE public.users CASCADE")
	// So many that no plan fetches all.
	Exec(t, people, "INSERT INTO public.users (id, email, first_name) SELECT gen_random_uuid(), 'other@example.com', 'Other' FROM generate_series(1, 5000)")
	Exec(t, documents, "INSERT INTO public.job_postings (id, title, company_name) SELECT gen_random_uuid(), 'Other', 'Example' FROM generate_series(1, 5000)")
	for _, of := range []string{people, documents} {
		Exec(t, of, "ANALYZE")
	}
	directory, _, _ := strings.Cut(setting(url, "current_setting('unix_socket_directories')"), ",")
	Exec(t, url, strings.NewReplacer(
		"'people.example.com'", "'"+directory+"'", "'documents.example.com'", "'"+directory+"'", "'5432'", "'"+setting(url, "current_setting('port')")+"'",
		"dbname 'people'", "dbname '"+setting(people, "current_database()")+"'", "dbname 'documents'", "dbname '"+setting(documents, "current_database()")+"'",
		"'letraz_export_reader'", "'"+setting(url, "current_user")+"'", "password 'secret'", "password_required 'false'",
	).Replace(deployed(t, "foreign-letraz.sql")))
	return WithParameter(url, "search_path", "letraz_export")
}
