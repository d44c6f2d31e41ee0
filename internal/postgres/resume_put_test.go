package postgres_test

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// A posting that the resume only refers to is neither changed nor deleted with it; one that
// came with the resume is.
func TestPutResume_Postings(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	s := testenv.Open(t, url, postgres.Options{})
	id := testenv.ImportSample(t, s, "user_1", "tailored")
	caller := export.Caller{UserID: "user_1", Active: true}
	shared := testenv.Value(t, url, "SELECT id FROM jobs")
	r := must(s.LoadResume(t.Context(), id, ""))(t)

	r.Person.Headline = "Another"
	if stored := must(s.PutResume(t.Context(), caller, resume.Put{Resume: r}))(t); stored.JobID != shared {
		t.Errorf("an unchanged posting became %s, was %s", stored.JobID, shared)
	}
	changed := *r.Job
	changed.Title = "Another job"
	r.Job = &changed
	own := must(s.PutResume(t.Context(), caller, resume.Put{Resume: r}))(t).JobID
	if own == shared || testenv.Value(t, url, "SELECT count(*) FROM jobs WHERE title = 'Another job'") != "1" {
		t.Errorf("a changed posting is %s", own)
	}
	if testenv.Value(t, url, "SELECT count(*) FROM jobs WHERE id = '"+shared+"' AND title <> 'Another job'") != "1" {
		t.Error("the posting of others was changed")
	}
	r.Job = nil
	must(s.PutResume(t.Context(), caller, resume.Put{Resume: r}))(t)
	if ids := testenv.Values(t, url, "SELECT id FROM jobs"); len(ids) != 1 || ids[0] != shared {
		t.Errorf("left are the postings %q", ids)
	}
}

func TestWritesResumes(t *testing.T) {
	t.Parallel()
	own := testenv.Database(t)
	views := testenv.ProductViews(t, testenv.Product(t))
	must(postgres.MigrateService(t.Context(), views))(t)
	tables := testenv.Database(t) // the tables have the same names, and are the product's
	testenv.Exec(t, tables, `DROP TABLE export_request, export_batch, export_store, export_document, api_key, audit_log, goose_db_version; DROP TYPE export_status;
		DROP FUNCTION export_request_erase_user CASCADE; DROP FUNCTION export_document_drop CASCADE; DROP FUNCTION export_batch_erase`)
	must(postgres.MigrateService(t.Context(), tables))(t)
	for name, c := range map[string]struct {
		url  string
		want bool
	}{
		"own tables": {own, true}, "own tables, to read only": {testenv.Reader(t, own, "public"), false},
		"views": {views, false}, "the tables of a product": {tables, false},
	} {
		if got := must(testenv.Open(t, c.url, postgres.Options{}).WritesResumes(t.Context()))(t); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
