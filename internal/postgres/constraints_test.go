package postgres_test

import "testing"

const (
	checkViolation  = "23514"
	uniqueViolation = "23505"
)

func TestConstraints_ResumeTables(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, c := range []struct{ name, sql, state, constraint string }{
		{"a second base resume", `INSERT INTO resumes (id, user_id, base) VALUES ('rsm_2', 'user_1', true)`, uniqueViolation, "resumes_one_base_per_user"},
		{"two resumes for one posting", `INSERT INTO jobs (id, title, company_name) VALUES ('j', 'T', 'C');
			INSERT INTO resumes (id, user_id, job_id) VALUES ('rsm_2', 'user_1', 'j'), ('rsm_3', 'user_1', 'j')`, uniqueViolation, "resumes_user_id_job_id_key"},
		{"two sections in one place", `INSERT INTO resume_section (resume_id, "index", type) SELECT id, 0, 'other' FROM resumes`, uniqueViolation, "resume_section_resume_id_index_key"},
		{"a section before the first", `UPDATE resume_section SET "index" = -1`, checkViolation, "resume_section_index_check"},
		{"section content that is a list", `UPDATE resume_section SET content = '[]'`, checkViolation, "resume_section_content_check"},
		{"personal_info that is a text", `UPDATE resumes SET personal_info = '"x"'`, checkViolation, "resumes_personal_info_check"},
		{"details that are a number", `UPDATE resumes SET details = '1'`, checkViolation, "resumes_details_check"},
		{"a user without an id", `INSERT INTO "user" (id, first_name) VALUES ('', 'A')`, checkViolation, "user_id_check"},
		{"a resume without an id", `INSERT INTO resumes (id, user_id) VALUES ('', 'user_1')`, checkViolation, "resumes_id_check"},
		{"a negative salary", `INSERT INTO jobs (id, title, company_name, salary_min) VALUES ('j', 'T', 'C', -1)`, checkViolation, "jobs_salary_min_check"},
		{"a salary from high to low", `INSERT INTO jobs (id, title, company_name, salary_min, salary_max) VALUES ('j', 'T', 'C', 2, 1)`, checkViolation, "jobs_check"},
		{"a row before the first", `UPDATE experience SET "index" = -1`, checkViolation, "experience_index_check"},
	} {
		t.Run(c.name, func(t *testing.T) {
			// Without arguments it is one transaction, whatever it holds.
			wantViolation(t, c.name, s.try(t, c.sql), c.state, c.constraint)
		})
	}
}

func TestConstraints_Durations(t *testing.T) {
	t.Parallel()
	s := setup(t)
	// Experience, education and projects have the same columns.
	for table, insert := range map[string]string{
		"experience": `INSERT INTO experience (user_id, resume_section_id, company_name, job_title, started_from_year, started_from_month, finished_at_year, finished_at_month, "current") SELECT 'user_1', id, 'C', 'T'`,
		"education":  `INSERT INTO education (user_id, resume_section_id, institution_name, started_from_year, started_from_month, finished_at_year, finished_at_month, "current") SELECT 'user_1', id, 'I'`,
		"projects":   `INSERT INTO projects (user_id, resume_section_id, name, started_from_year, started_from_month, finished_at_year, finished_at_month, "current") SELECT 'user_1', id, 'P'`,
	} {
		for _, c := range []struct{ name, duration, constraint string }{
			{"all of it", "2019, 3, 2020, 2, false", ""},
			{"nothing", "NULL, NULL, NULL, NULL, false", ""},
			{"one month", "2019, 3, 2019, 3, false", ""},
			{"years only", "2019, NULL, 2019, NULL, false", ""},
			{"an end only", "NULL, NULL, 2019, 3, false", ""},
			{"going on", "2019, 3, NULL, NULL, true", ""},
			{"from March to some time that year", "2019, 3, 2019, NULL, false", ""},
			{"from some time to March that year", "2019, NULL, 2019, 3, false", ""},
			{"month 0", "2019, 0, NULL, NULL, false", "_started_from_month_check"},
			{"month 13", "2019, 1, 2020, 13, false", "_finished_at_month_check"},
			{"year 999", "999, 1, NULL, NULL, false", "_started_from_year_check"},
			{"year 10000", "2019, 1, 10000, 1, false", "_finished_at_year_check"},
			{"a month of no year", "NULL, 3, NULL, NULL, false", "_check"},
			{"a last month of no year", "NULL, NULL, NULL, 3, false", "_check1"},
			{"ended and going on", "2019, 3, 2020, 3, true", "_check2"},
			{"end a month before start", "2019, 3, 2019, 2, false", "_check3"},
			{"end a year before start", "2019, 1, 2018, 12, false", "_check3"},
		} {
			t.Run(table+"/"+c.name, func(t *testing.T) {
				err := s.try(t, insert+", "+c.duration+" FROM resume_section LIMIT 1")
				if c.constraint == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				wantViolation(t, c.name, err, checkViolation, table+c.constraint)
			})
		}
	}
}

func TestConstraints_SectionsSwapIndex(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.exec(t, `UPDATE resume_section SET "index" = CASE "index" WHEN 0 THEN 1 ELSE 0 END WHERE "index" IN (0, 1)`)
	_, err := s.Pool().Exec(t.Context(), `BEGIN; SET CONSTRAINTS ALL DEFERRED;
		UPDATE resume_section SET "index" = 1 WHERE "index" = 0; UPDATE resume_section SET "index" = 1 WHERE "index" = 1; COMMIT`)
	wantViolation(t, "both in one place", err, uniqueViolation, "resume_section_resume_id_index_key")
}

func TestConstraints_ExportRequest(t *testing.T) {
	t.Parallel()
	s := setup(t)
	queued, rendering, ready := s.request(t).ID, s.claimed(t).ID, s.ready(t).ID
	for _, c := range []struct{ name, id, set, constraint string }{
		{"expiry before creation", queued, `expires_at = created_at`, "export_request_check"},
		{"more attempts than allowed", queued, `attempt = max_attempts + 1`, "export_request_check1"},
		{"fewer attempts than none", queued, `attempt = -1`, "export_request_check1"},
		{"rendering without a lease", queued, `status = 'rendering'`, "export_request_check2"},
		{"queued with a lease", rendering, `status = 'queued'`, "export_request_check2"},
		{"a lease without end", rendering, `lease_until = NULL`, "export_request_check3"},
		{"an end without a lease", queued, `lease_until = now()`, "export_request_check3"},
		{"canceled but not finished", queued, `status = 'canceled'`, "export_request_check4"},
		{"queued but finished", queued, `finished_at = now()`, "export_request_check4"},
		{"ready without a file", ready, `blob_key = NULL`, "export_request_check5"},
		{"ready without a size", ready, `size = NULL`, "export_request_check5"},
		{"ready without a checksum", ready, `sha256 = NULL`, "export_request_check5"},
		{"ready without a name", ready, `filename = NULL`, "export_request_check5"},
		{"a file that is not ready", ready, `status = 'expired'`, "export_request_check6"},
		{"failed without a reason", queued, `status = 'failed', finished_at = now()`, "export_request_check7"},
		{"downloaded at no time", ready, `downloaded = true, download_count = 1`, "export_request_check8"},
		{"downloaded, but never", ready, `downloaded = true, downloaded_at = now()`, "export_request_check8"},
		{"counted, but not downloaded", ready, `download_count = 1`, "export_request_check8"},
		{"an empty file", ready, `size = 0`, "export_request_size_check"},
		{"half a checksum", ready, `sha256 = '\x0102'`, "export_request_sha256_check"},
		{"half a key", queued, `idempotency_key = '\x0102', idempotency_request = sha256('')`, "export_request_idempotency_key_check"},
		{"a key for nothing", queued, `idempotency_key = sha256('')`, "export_request_idempotency_check"},
		{"half a content", ready, `content_hash = '\x0102'`, "export_request_content_hash_check"},
		{"fewer pages than none", ready, `pages = -1`, "export_request_pages_check"},
		{"no attempt allowed", queued, `max_attempts = 0`, "export_request_max_attempts_check"},
		{"a report that is a text", ready, `report = '"x"'`, "export_request_report_check"},
		{"options that are a list", queued, `options = '[]'`, "export_request_options_check"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := s.try(t, `UPDATE export_request SET `+c.set+` WHERE id = $1`, c.id)
			wantViolation(t, c.name, err, checkViolation, c.constraint)
		})
	}
}
