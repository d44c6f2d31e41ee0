package worker

import (
	"slices"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// noted imports a resume with a note and a member that no document shows, and returns its id.
func (p *fixture) noted(t *testing.T, id, badge string) string {
	t.Helper()
	r, err := resume.ParseJSONResume([]byte(`{"basics": {"name": "Ana Lima"}, "work": [{"name": "Acme", "position": "Nurse", "x-badge": "` + badge + `"}], "meta": {"language": "pt"}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.ID, r.UserID = id, user
	r.Notes = []note.Note{{Path: "work[0].endDate", Code: note.Repaired, Message: "m " + badge}}
	if err := p.store.ImportResumes(t.Context(), []resume.Resume{r}); err != nil {
		t.Fatal(err)
	}
	return id
}

func paths(notes []note.Note) (list []string) {
	for _, n := range notes {
		list = append(list, n.Path)
	}
	return list
}

func TestNotes_PrintedAndCopied(t *testing.T) {
	t.Parallel()
	p := setup(t)
	page := &printer{}
	id := p.noted(t, "rsm_x", "Blue")
	a := p.export(t, page, testenv.NewExport(user, id))
	if got := a.Artifact.Notes; a.Status != export.Ready || len(got) != 1 || got[0].Message != "m Blue" {
		t.Errorf("%s with the notes %v", a.Status, got)
	}
	// The page is the same; the notes are those that the resume has now.
	testenv.Exec(t, p.url, `UPDATE resumes SET notes = '[{"path": "", "code": "repaired", "message": "m Red"}]' WHERE id = $1`, id)
	b := p.export(t, page, testenv.NewExport(user, id))
	if got := b.Artifact.Notes; page.prints != 1 || len(got) != 1 || got[0].Message != "m Red" {
		t.Errorf("%d prints, the notes of the copy are %v", page.prints, got)
	}
}

func TestNotes_ComparedWithSource(t *testing.T) {
	t.Parallel()
	p := setup(t)
	id := p.noted(t, "rsm_x", "Blue 7")
	for i, badge := range []string{"x-badge", "x-other"} { // the second is a copy
		testenv.Exec(t, p.url, `UPDATE experience SET details = jsonb_build_object($1::text, 'Blue 7')`, badge)
		n := testenv.NewExport(user, id)
		n.Options.ATS = true
		var page render.Printer = testenv.Engine(t)
		if i > 0 {
			page = &printer{}
		}
		a := p.export(t, page, n).Artifact
		r := a.Report.ATS
		if r == nil || r.SourceValues != r.SourceFound+1 || !slices.Equal(r.SourceMissing, []string{"work[0]." + badge}) || len(r.Problems()) > 0 {
			t.Fatalf("%s: the report is %+v", badge, r)
		}
		if got := paths(a.Notes); !slices.Equal(got, []string{"work[0].endDate", "work[0]." + badge}) {
			t.Errorf("%s: the notes are on %q", badge, got)
		}
	}
}

func TestLanguage_AskedFor(t *testing.T) {
	t.Parallel()
	p := setup(t)
	page := &printer{}
	n := testenv.NewExport(user, p.noted(t, "rsm_x", "Blue"))
	first := p.export(t, page, n)
	n = testenv.NewExport(user, n.ResumeID)
	n.Options.Language = "pt"
	if same := p.export(t, page, n); page.prints != 1 || same.Artifact.SHA256 != first.Artifact.SHA256 {
		t.Errorf("%d prints of the language it is in already", page.prints)
	}
	n = testenv.NewExport(user, n.ResumeID)
	n.Options.Language = "fr"
	if r := p.export(t, page, n); page.prints != 2 || r.Status != export.Ready || r.Options.Language != "fr" {
		t.Errorf("%d prints, %s in %q", page.prints, r.Status, r.Options.Language)
	}
}
