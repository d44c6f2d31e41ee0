package postgres_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// Not parallel, because it measures memory.
func TestLoadResume_RefusesWhatIsTooLarge(t *testing.T) {
	for _, tc := range []struct{ name, update string }{
		{"the user's profile", `UPDATE "user" SET profile_text = repeat('x', 60000000) WHERE id = (SELECT user_id FROM resumes WHERE id = $1)`},
		{"the resume's profile", `UPDATE resumes SET personal_info = jsonb_build_object('profile_text', repeat('x', 60000000)) WHERE id = $1`},
		{"one description", `UPDATE experience SET description = repeat('x', 60000000) WHERE resume_section_id IN (SELECT id FROM resume_section WHERE resume_id = $1)`},
		{"many descriptions", `INSERT INTO experience (user_id, resume_section_id, "index", company_name, job_title, "current", description, details)
			SELECT r.user_id, s.id, n, 'x', 'x', false, repeat('x', 1000000), '{}' FROM resumes r, resume_section s, generate_series(1000, 1060) n
			WHERE r.id = $1 AND s.resume_id = r.id AND s.type = 'experience'`},
		{"many rows", `INSERT INTO experience (user_id, resume_section_id, "index", company_name, job_title, "current", details)
			SELECT r.user_id, s.id, n, 'x', 'x', false, '{}' FROM resumes r, resume_section s, generate_series(1000, 12000) n
			WHERE r.id = $1 AND s.resume_id = r.id AND s.type = 'experience'`},
		{"details", `UPDATE resumes SET details = jsonb_build_object('x', repeat('x', 60000000)) WHERE id = $1`},
		{"a number that is short as it is stored", `UPDATE resumes SET details = (SELECT jsonb_object_agg(n, 1e100000) FROM generate_series(1, 300) n) WHERE id = $1`},
		{"the posting", `UPDATE jobs SET description = repeat('x', 60000000) WHERE id = (SELECT job_id FROM resumes WHERE id = $1)`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			url := testenv.Database(t)
			store := testenv.Open(t, url, postgres.Options{MaxConns: 1})
			id := testenv.ImportSample(t, store, "user_large", "tailored")
			testenv.Exec(t, url, tc.update, id)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := store.LoadResume(t.Context(), id, "")
			runtime.ReadMemStats(&after)
			if f := export.FailureOf(err); err == nil || f.Code != export.DocumentTooLarge || !strings.Contains(f.Message, "more than") {
				t.Errorf("got %v, %q", err, f.Message)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 40<<20 {
				t.Errorf("%d bytes of memory were used to refuse it", used)
			}
			other := testenv.ImportSample(t, store, "user_other", "german")
			must(store.LoadResume(t.Context(), other, ""))(t)
		})
	}
}
