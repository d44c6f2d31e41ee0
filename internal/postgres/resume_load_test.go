package postgres_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestLoadResume_NotFound(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, id := range []string{"", "rsm_nobody", "a\x00b", "\xff", "'; DROP TABLE resumes; --"} {
		_, err := s.LoadResume(t.Context(), id, "")
		wantCode(t, fmt.Sprintf("%q", id), err, export.ResumeNotFound)
	}
	must(s.LoadResume(t.Context(), s.resumeID, ""))(t)
}

func TestLoadResume_InvalidJSON(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const infoIs, contentIs = `UPDATE resumes SET personal_info = $2 WHERE id = $1`, `UPDATE resume_section SET type = 'other', content = $2 WHERE resume_id = $1`
	for name, c := range map[string]struct{ update, json string }{
		"number for a text":       {infoIs, `{"email": 5}`},
		"profiles are no list":    {infoIs, `{"profiles": {"network": "x"}}`},
		"a profile is a text":     {infoIs, `{"profiles": ["x"]}`},
		"details are a list":      {infoIs, `{"details": ["x"]}`},
		"profile details":         {infoIs, `{"profiles": [{"details": 1}]}`},
		"kind is a number":        {contentIs, `{"kind": 1}`},
		"items are no list":       {contentIs, `{"kind": "awards", "items": {"a": 1}}`},
		"an item is a text":       {contentIs, `{"kind": "awards", "items": ["x"]}`},
		"a personal info of null": {infoIs, `{"first_name": {"a": null}}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := s
			s.resumeID = testenv.ImportSample(t, s.Store, s.userID, "first-job")
			s.exec(t, c.update, s.resumeID, c.json)
			_, err := s.LoadResume(t.Context(), s.resumeID, "")
			wantCode(t, c.json, err, export.InvalidResume)
		})
	}
}

func TestLoadResume_PersonalInfo(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.exec(t, `UPDATE "user" SET title = 'Dr.', first_name = 'Ada', last_name = 'Lovelace', email = 'own@example.org', phone = '1', profile_text = 'Own.'`)
	s.exec(t, `UPDATE resumes SET personal_info = '{"email": "other@example.org", "phone": "", "profile_text": "", "headline": "Analyst", "unknown": 1}'`)
	got := must(s.LoadResume(t.Context(), s.resumeID, ""))(t).Person
	want := resume.Person{Title: "Dr.", FirstName: "Ada", LastName: "Lovelace", Email: "other@example.org", Headline: "Analyst"}
	got.City, got.Country, got.Website, got.Address, got.Postal = "", "", "", "", "" // as the sample has them
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("person (-want +got):\n%s", diff)
	}
}

func TestLoadResume_JobPosting(t *testing.T) {
	t.Parallel()
	s := setup(t)
	tailored := testenv.ImportSample(t, s.Store, s.userID, "tailored")
	s.exec(t, `INSERT INTO jobs (id, title, company_name, salary_min, requirements) VALUES ('job_other', 'Other', 'C', 7, '{a,b}')`)
	own := must(s.LoadResume(t.Context(), tailored, ""))(t).Job
	if own == nil || own.Title == "" || own.ID == "job_other" {
		t.Fatalf("the resume's own posting is %+v", own)
	}
	other := must(s.LoadResume(t.Context(), tailored, "job_other"))(t).Job
	want := &resume.Job{ID: "job_other", Title: "Other", CompanyName: "C", Salary: resume.Salary{Min: 7},
		Requirements: []string{"a", "b"}, Responsibilities: []string{}, Benefits: []string{}}
	if diff := cmp.Diff(want, other); diff != "" {
		t.Errorf("posting (-want +got):\n%s", diff)
	}
	if gone := must(s.LoadResume(t.Context(), tailored, "job_gone"))(t).Job; gone != nil {
		t.Errorf("a posting that does not exist reads as %+v", gone)
	}
}

func TestLoadResume_Order(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := plain("rsm_order", s.userID)
	for n := range 12 {
		r.Sections[0].Experience = append(r.Sections[0].Experience, resume.Experience{CompanyName: fmt.Sprint(n)})
		r.Sections = append(r.Sections, resume.Section{Type: resume.SectionExperience, Title: fmt.Sprint(n)})
	}
	if err := s.ImportResumes(t.Context(), []resume.Resume{r}); err != nil {
		t.Fatal(err)
	}
	// The order they are stored in is no order: turn them round in the tables.
	s.exec(t, `UPDATE experience SET "index" = 100 - "index"`)
	s.exec(t, `UPDATE resume_section SET "index" = 100 - "index"`)
	got := must(s.LoadResume(t.Context(), r.ID, ""))(t).Sections
	for n := range 12 {
		if first := got[12].Experience[n].CompanyName; first != fmt.Sprint(11-n) {
			t.Errorf("row %d is %q", n, first)
		}
		if got[n].Title != fmt.Sprint(11-n) {
			t.Errorf("section %d is %q", n, got[n].Title)
		}
	}
}

func TestLoadResume_Snapshot(t *testing.T) {
	t.Parallel()
	s := setup(t)
	if err := s.ImportResumes(t.Context(), []resume.Resume{plain("rsm_edited", "user_2")}); err != nil {
		t.Fatal(err)
	}
	edits, stop := context.WithCancel(t.Context())
	var editor errgroup.Group
	editor.Go(func() error {
		for n := 0; edits.Err() == nil; n++ {
			// One statement, one transaction: every table holds n, or none does.
			if _, err := s.Pool().Exec(t.Context(), `
				WITH a AS (UPDATE resumes SET title = $1 WHERE id = 'rsm_edited'),
				     b AS (UPDATE resume_section SET title = $1 WHERE resume_id = 'rsm_edited'),
				     c AS (UPDATE "user" SET city = $1 WHERE id = 'user_2')
				UPDATE experience SET company_name = $1 WHERE user_id = 'user_2'`, fmt.Sprint(n)); err != nil {
				return err
			}
		}
		return nil
	})
	for range 500 {
		r, err := s.LoadResume(t.Context(), "rsm_edited", "")
		if err != nil {
			t.Error(err)
			break
		}
		if r.Title == "" { // before the first edit
			continue
		}
		seen := []string{r.Title, r.Sections[0].Title, r.Person.City, r.Sections[0].Experience[0].CompanyName}
		if seen[0] != seen[1] || seen[0] != seen[2] || seen[0] != seen[3] {
			t.Errorf("one load saw the edits %v", seen)
			break
		}
	}
	stop()
	if err := editor.Wait(); err != nil {
		t.Error(err)
	}
}

func TestLoadResume_Canceled(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.LoadResume(ctx, s.resumeID, "")
	wantError(t, "load", err, context.Canceled)
}
