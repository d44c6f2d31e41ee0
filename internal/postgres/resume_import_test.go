package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// plain returns a small resume of the user.
func plain(id, userID string) resume.Resume {
	return resume.Resume{
		ID: id, UserID: userID, Person: resume.Person{FirstName: "Ada", Email: "ada@example.org"},
		Sections: []resume.Section{{Type: resume.SectionExperience, Experience: []resume.Experience{
			{CompanyName: "Engine Works", JobTitle: "Analyst", Duration: resume.Duration{Start: resume.Date{Year: 1842, Month: 2}, Current: true}}}}},
	}
}

func TestImportResumes_AllOrNone(t *testing.T) {
	t.Parallel()
	s := setup(t)
	bad := plain("rsm_bad", "user_new")
	bad.Sections[0].Experience = append(bad.Sections[0].Experience, resume.Experience{
		Duration: resume.Duration{Start: resume.Date{Year: 2020}, End: resume.Date{Year: 2019}}})
	err := s.ImportResumes(t.Context(), []resume.Resume{plain("rsm_good", "user_new"), bad})
	wantCode(t, "import", err, export.InvalidResume)
	for _, part := range []string{"rsm_bad", "row 1 of experience", "check constraint"} {
		if !strings.Contains(fmt.Sprint(err), part) {
			t.Errorf("%q is not in the error: %v", part, err)
		}
	}
	_, err = s.LoadResume(t.Context(), "rsm_good", "")
	wantCode(t, "loading the good one", err, export.ResumeNotFound)
	_, err = s.Caller(t.Context(), "user_new")
	wantError(t, "looking for the user", err, export.ErrUserNotFound)
}

func TestImportResumes_Unstorable(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, spoil := range map[string]func(*resume.Resume){
		"NUL in a text":           func(r *resume.Resume) { r.Person.FirstName = "A\x00" },
		"invalid UTF-8":           func(r *resume.Resume) { r.Title = "\xff" },
		"NUL in JSON":             func(r *resume.Resume) { r.Details = resume.Details{"a": json.RawMessage(`"\u0000"`)} },
		"NUL in an override":      func(r *resume.Resume) { r.Person.Headline = "\x00" },
		"huge number in JSON":     func(r *resume.Resume) { r.Details = resume.Details{"a": json.RawMessage(`1e999999`)} },
		"unknown employment type": func(r *resume.Resume) { r.Sections[0].Experience[0].EmploymentType = "serfdom" },
		"unknown section type":    func(r *resume.Resume) { r.Sections[0].Type = "horoscope" },
		"month without year":      func(r *resume.Resume) { r.Sections[0].Experience[0].Duration.Start.Year = 0 },
		"no user id":              func(r *resume.Resume) { r.UserID = "" },
	} {
		t.Run(name, func(t *testing.T) {
			r := plain("rsm_spoilt", "user_2")
			spoil(&r)
			wantCode(t, "import", s.ImportResumes(t.Context(), []resume.Resume{r}), export.InvalidResume)
		})
	}
}

func TestImportResumes_ConcurrentBase(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for round := range 5 {
		// The user is there, but no resume yet: nothing else makes the imports wait.
		userID := fmt.Sprintf("user_at_once_%d", round)
		s.exec(t, `INSERT INTO "user" (id, first_name) VALUES ($1, 'Ada')`, userID)
		group, ctx := errgroup.WithContext(t.Context())
		for n := range 8 {
			group.Go(func() error {
				return s.ImportResumes(ctx, []resume.Resume{plain(fmt.Sprintf("rsm_%d_%d", round, n), userID)})
			})
		}
		if err := group.Wait(); err != nil {
			t.Fatal(err)
		}
		var resumes, bases int
		if err := s.Pool().QueryRow(t.Context(), `SELECT count(*), count(*) FILTER (WHERE base) FROM resumes WHERE user_id = $1`, userID).
			Scan(&resumes, &bases); err != nil {
			t.Fatal(err)
		}
		if resumes != 8 || bases != 1 {
			t.Errorf("%d resumes, %d of them base, want 8 and 1", resumes, bases)
		}
	}
}

func TestImportResumes_Canceled(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantError(t, "import", s.ImportResumes(ctx, []resume.Resume{plain("rsm_2", "user_2")}), context.Canceled)
	_, err := s.LoadResume(t.Context(), "rsm_2", "")
	wantCode(t, "loading it", err, export.ResumeNotFound)
}

// The notes of the import are shown until somebody changes the resume.
func TestImportResumes_Notes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := must(resume.ParseJSONResume([]byte(`{"basics": {"name": "Ana Lima"}}`)))(t)
	r.ID, r.UserID = "rsm_noted", s.userID
	r.Notes = []note.Note{{Path: "work[0].endDate", Code: note.Repaired, Message: "“March\x00 2011” was read as 2011-03", Hint: "write 2011-03"}, {Code: note.Guessed, Message: "m"}}
	if err := s.ImportResumes(t.Context(), []resume.Resume{r}); err != nil {
		t.Fatal(err)
	}
	want := []note.Note{{Path: "work[0].endDate", Code: note.Repaired, Message: "“March 2011” was read as 2011-03", Hint: "write 2011-03"}, {Code: note.Guessed, Message: "m"}}
	if d := cmp.Diff(want, must(s.LoadResume(t.Context(), r.ID, ""))(t).Notes); d != "" {
		t.Error(d)
	}
	s.exec(t, `UPDATE resumes SET notes = '[7]' WHERE id = $1`, r.ID) // by another program
	if got := must(s.LoadResume(t.Context(), r.ID, ""))(t).Notes; got != nil {
		t.Errorf("unreadable notes are %v", got)
	}
	s.exec(t, `UPDATE resumes SET notes = '[{"path": "", "code": "guessed", "message": "m"}]', updated_at = updated_at + interval '1 s' WHERE id = $1`, r.ID)
	if got := must(s.LoadResume(t.Context(), r.ID, ""))(t).Notes; got != nil {
		t.Errorf("a changed resume has the notes %v", got)
	}
}
