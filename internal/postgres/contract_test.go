package postgres_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

var update = flag.Bool("update", false, "write the contract to docs/database.md")

// The contract is what the statements read, no more and no less: a view of each statement
// depends on exactly the columns that it reads.
func TestContract_IsWhatStatementsRead(t *testing.T) {
	t.Parallel()
	conn := must(pgx.Connect(t.Context(), testenv.Database(t)))(t)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	parameter := regexp.MustCompile(`\$\d+`)
	for i, statement := range []string{
		dbsqlc.ResumeByID, dbsqlc.ResumeOwner, dbsqlc.ResumeJob, dbsqlc.ResumeSectionListByResume, dbsqlc.ExperienceListByResume,
		dbsqlc.EducationListByResume, dbsqlc.ProjectListByResume, dbsqlc.SkillListByResume, dbsqlc.StrengthListByResume,
		dbsqlc.UserCaller, dbsqlc.ExportRequestNotInserted,
	} {
		body := parameter.ReplaceAllString(statement, "NULL")
		if _, err := conn.Exec(t.Context(), fmt.Sprintf("CREATE VIEW reads_%d AS %s", i, body)); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
	}
	rows := must(conn.Query(t.Context(), `
		SELECT DISTINCT c.relname || '.' || a.attname || ' ' || CASE WHEN t.typtype = 'e' THEN t.typname ELSE format_type(t.oid, NULL) END
		       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
		FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class AND v.relname LIKE 'reads\_%'
		JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
		JOIN pg_class c ON c.oid = d.refobjid AND c.relkind = 'r'
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid JOIN pg_type t ON t.oid = a.atttypid`))(t)
	read := map[string]bool{}
	for _, column := range must(pgx.CollectRows(rows, pgx.RowTo[string]))(t) {
		read[column] = true
	}
	for _, column := range postgres.Contract() {
		if !read[column] {
			t.Errorf("%s is in the contract and not read", column)
		}
		delete(read, column)
	}
	for column := range read {
		t.Errorf("%s is read and not in the contract", column)
	}
}

func TestContract_Document(t *testing.T) {
	t.Parallel()
	const file, begin, end = "../../docs/database.md", "<!-- contract: begin -->\n", "<!-- contract: end -->"
	text := string(must(os.ReadFile(file))(t))
	head, rest, found := strings.Cut(text, begin)
	table, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the contract", file)
	}
	want := postgres.ContractTable()
	if table == want {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date: go test ./internal/postgres -run TestContract -update", file)
	}
	if err := os.WriteFile(file, []byte(head+begin+want+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
