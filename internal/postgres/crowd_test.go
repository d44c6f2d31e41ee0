package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

// A crowd is a database with many rows: 2,000 users with a resume of six
// sections each, and 100,000 export requests of theirs, the newest last.
const (
	crowdUsers    = 2_000
	crowdRequests = 100_000
)

// The two shapes of export_request that a planner meets: %s is the number of a
// request, from 0 for the oldest.
const (
	// Years of operation: nearly all are done with, a handful is on the way.
	longHistory = `CASE WHEN n < 80000 THEN 'expired' WHEN n % 50 = 0 THEN 'failed' WHEN n % 50 = 1 THEN 'canceled'
	                    WHEN n >= 99500 AND n % 5 = 2 THEN 'rendering' WHEN n >= 99000 THEN 'queued' ELSE 'ready' END`
	unexpired = crowdRequests / 5 // of longHistory
	// A jam: nearly all wait.
	deepBacklog = `CASE WHEN n < 2000 THEN 'expired' WHEN n < 3000 THEN 'ready' WHEN n % 1000 = 0 THEN 'failed'
	                    WHEN n < 3500 THEN 'rendering' ELSE 'queued' END`
)

// crowd fills the database at url. In it every tenth request that could be due
// for something is due.
func crowd(t testing.TB, url, statuses string) *pgx.Conn {
	t.Helper()
	conn := connect(t, url)
	fill(t, conn, statuses)
	if _, err := conn.Exec(t.Context(), "VACUUM ANALYZE"); err != nil {
		t.Fatal(err)
	}
	return conn
}

// connect opens a connection for the time of the test.
func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return conn
}

// fill is crowd without updating the planner's statistics.
func fill(t testing.TB, conn *pgx.Conn, statuses string) {
	t.Helper()
	for _, statement := range []string{
		`INSERT INTO "user" (id, first_name) SELECT 'user_' || n, 'N' FROM generate_series(0, $1 - 1) n`,
		`INSERT INTO jobs (id, title, company_name) SELECT 'job_' || n, 'T', 'C' FROM generate_series(0, $1 - 1) n`,
		`INSERT INTO resumes (id, user_id, base, job_id)
		 SELECT 'rsm_' || n, 'user_' || n, true, 'job_' || n FROM generate_series(0, $1 - 1) n`,
		`INSERT INTO resume_section (resume_id, "index", type)
		 SELECT 'rsm_' || n, i, (enum_range(NULL::resume_section_type))[i + 1] FROM generate_series(0, $1 - 1) n, generate_series(0, 5) i`,
		`INSERT INTO experience (user_id, resume_section_id, "index", company_name, job_title)
		 SELECT 'user_1', id, i, 'C', 'T' FROM resume_section, generate_series(0, 3) i WHERE type = 'experience' AND $1 > 0`,
		`INSERT INTO education (user_id, resume_section_id, "index", institution_name)
		 SELECT 'user_1', id, i, 'I' FROM resume_section, generate_series(0, 3) i WHERE type = 'education' AND $1 > 0`,
		`INSERT INTO projects (user_id, resume_section_id, "index", name)
		 SELECT 'user_1', id, i, 'P' FROM resume_section, generate_series(0, 3) i WHERE type = 'project' AND $1 > 0`,
		`INSERT INTO skills (user_id, resume_section_id, "index", name)
		 SELECT 'user_1', id, i, 'S' FROM resume_section, generate_series(0, 3) i WHERE type = 'skill' AND $1 > 0`,
		`INSERT INTO strengths (user_id, resume_section_id, "index", name)
		 SELECT 'user_1', id, i, 'S' FROM resume_section, generate_series(0, 3) i WHERE type = 'strength' AND $1 > 0`,
	} {
		if _, err := conn.Exec(t.Context(), statement, crowdUsers); err != nil {
			t.Fatalf("%v in %s", err, statement)
		}
	}
	if _, err := conn.Exec(t.Context(), `
		WITH request AS (
		    SELECT n, `+statuses+` AS status, n % 10 = 0 AS due, now() - (99999 - n) * interval '30 seconds' AS created_at
		    FROM generate_series(0, $1 - 1) n)
		INSERT INTO export_request (id, user_id, resume_id, format, template, paper, status, status_at, announced, max_attempts,
		    dispatch_due_at, lease_token, lease_until, blob_key, size, sha256, content_hash, pages, filename,
		    failure_code, failure_message, created_at, finished_at, expires_at)
		SELECT (lpad(to_hex((extract(epoch FROM created_at) * 1000)::bigint), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
		       'user_' || n % $2, 'rsm_' || n % $2, 'pdf', 'classic', 'a4', status::export_status, created_at,
		       CASE WHEN NOT due OR n < 99900 THEN status::export_status END, 3,
		       now() + CASE WHEN due THEN - interval '1 minute' ELSE interval '1 hour' END,
		       CASE WHEN status = 'rendering' THEN gen_random_uuid() END,
		       CASE WHEN status = 'rendering' THEN now() + CASE WHEN due THEN - interval '1 minute' ELSE interval '1 minute' END END,
		       CASE WHEN status = 'ready' THEN 'exports/' || n END, CASE WHEN status = 'ready' THEN 1 END,
		       CASE WHEN status = 'ready' THEN sha256('') END,
		       CASE WHEN status = 'ready' THEN sha256((n % $2)::text::bytea) END, 1, 'a.pdf',
		       CASE WHEN status = 'failed' THEN 'internal' END, CASE WHEN status = 'failed' THEN 'M' END,
		       created_at, CASE WHEN status NOT IN ('queued', 'rendering') THEN created_at END,
		       CASE WHEN status = 'expired' OR due AND n % 100 = 0 THEN created_at + interval '1 second' ELSE now() + interval '1 day' END
		FROM request`, crowdRequests, crowdUsers); err != nil {
		t.Fatal(err)
	}
	// The resumes of some requests, as if they had come with them.
	if _, err := conn.Exec(t.Context(), `INSERT INTO export_document (export_id, body) SELECT id, '' FROM export_request WHERE expires_at > now()`); err != nil {
		t.Fatal(err)
	}
}
