package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
)

// noted completes an export with notes and a report that quote the resume.
func (s stage) noted(t *testing.T, notes ...note.Note) export.Request {
	t.Helper()
	r := s.claimed(t)
	a := artifact(r)
	a.Notes = notes
	a.Report.ATS = &export.ATSReport{SourceValues: 2, SourceFound: 1, SourceMissing: []string{"x-mine"}}
	return must(s.CompleteExport(t.Context(), r, a))(t)
}

func aNote() note.Note {
	return note.Note{Path: "x-mine", Code: note.NotShown, Message: "No place in the document shows “mine”", Hint: "move it"}
}

func TestCompleteExport_Notes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, want := range map[string][]note.Note{
		"none": nil,
		"two":  {aNote(), {Code: note.Guessed, Message: "The language was guessed: fr"}},
	} {
		done := s.noted(t, want...)
		for how, got := range map[string]export.Request{"completed": done, "read": s.read(t, done.ID)} {
			if d := cmp.Diff(want, got.Artifact.Notes); d != "" {
				t.Errorf("%s, %s: %s", name, how, d)
			}
		}
		if name == "none" && s.column(t, "notes", done.ID) != "" {
			t.Errorf("the column holds %q", s.column(t, "notes", done.ID))
		}
	}
	// What no note may do: make the row unwritable, or too large.
	many := []note.Note{{Message: "a\x00b\xff"}}
	for n := range 500 {
		many = append(many, note.Note{Path: fmt.Sprintf("x[%d]", n), Code: note.NotShown, Message: "not shown"})
	}
	if got := s.noted(t, many...).Artifact.Notes; len(got) != note.MaxKept || got[note.MaxKept-1].Code != note.More {
		t.Errorf("%d notes are kept, the last is %v", len(got), got[len(got)-1])
	}
}

func TestExport_UnreadableNotes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.noted(t, aNote())
	s.exec(t, `UPDATE export_request SET notes = '["x"]' WHERE id = $1`, r.ID)
	if got := s.read(t, r.ID); got.Status != export.Ready || got.Artifact.Notes != nil {
		t.Errorf("%s with the notes %v", got.Status, got.Artifact.Notes)
	}
}

// Nothing of the resume is told after the expiry, or stays on the row.
func TestNotes_GoWithTheFile(t *testing.T) {
	t.Parallel()
	s := setup(t)
	quotes := func(id string) string {
		var text string
		if err := s.Pool().QueryRow(t.Context(), `SELECT concat(notes, report) FROM export_request WHERE id = $1`, id).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, end := range map[string]func(r export.Request){
		"swept": func(r export.Request) {
			s.expire(t, r.ID)
			if got := s.read(t, r.ID); got.Artifact.Notes != nil || got.Artifact.Report.ATS.SourceMissing != nil || got.Artifact.Report.ATS.SourceValues != 2 {
				t.Errorf("past its expiry: %v, %+v", got.Artifact.Notes, got.Artifact.Report.ATS)
			}
			must(s.MarkToSweep(t.Context(), time.Time{}, time.Minute, 10))(t)
			must(s.FinishSweep(t.Context(), []string{r.ID}))(t)
		},
		"damaged": func(r export.Request) { must(s.FailDamaged(t.Context(), r.ID, r.Artifact.BlobKey))(t) },
		"erased":  func(export.Request) { must(s.EraseExports(t.Context(), s.userID, "", lease, 10))(t) },
	} {
		r := s.noted(t, aNote())
		if quotes(r.ID) == "" {
			t.Fatal("there are no notes")
		}
		end(r)
		if got := quotes(r.ID); strings.Contains(got, "mine") || name == "swept" && !strings.Contains(got, `"source_values": 2`) {
			t.Errorf("%s: the row holds %s", name, got)
		}
	}
	r := s.noted(t, aNote())
	s.exec(t, `DELETE FROM "user"`)
	if got := quotes(r.ID); got != "" {
		t.Errorf("after the user's row was deleted: %s", got)
	}
}
