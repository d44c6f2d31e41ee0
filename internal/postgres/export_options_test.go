package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestCreateExport_Options(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, want := range []export.Options{
		{},
		{Fit: export.Fit{MaxPages: 1, MinFontPt: 8.25}},
		{EmbedSource: true, ATS: true},
		{Width: 1200},
		{Language: "pt-BR"},
		{EmbedSource: true, Language: "ja"},
		{Wrap: 72},
		{Fit: export.Fit{MaxPages: 20, MinFontPt: 12}, EmbedSource: true, Width: 4000},
	} {
		n := testenv.NewExport(s.userID, s.resumeID)
		n.Options = want
		r := must(s.CreateExport(t.Context(), n))(t)
		for name, got := range map[string]export.Request{"created": r, "read": s.read(t, r.ID), "claimed": must(s.ClaimExport(t.Context(), r.ID, lease))(t)} {
			if got.Options != want {
				t.Errorf("%s: options %+v, want %+v", name, got.Options, want)
			}
		}
	}
}

// reported returns a report with all fields set.
func reported() export.Report {
	return export.Report{
		Fit: &export.FitReport{Fitted: true, Pages: 1, Space: .5, Leading: .94, Size: .98, BodyFontPt: 9.55, TightestPages: 3},
		ATS: &export.ATSReport{Fields: 40, Found: 39},
	}
}

func TestCompleteExport_Report(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for _, want := range []export.Report{reported(), {Fit: reported().Fit}, {ATS: reported().ATS}, {}} {
		r := s.claimed(t)
		a := artifact(r)
		a.Report = want
		a.Content = [32]byte{1, byte(len(r.ID)), r.ID[35], r.ID[34]}
		done := must(s.CompleteExport(t.Context(), r, a))(t)
		same := must(s.SameContent(t.Context(), s.userID, a.Content))(t)
		for name, got := range map[string]export.Report{"completed": done.Artifact.Report, "read": s.read(t, r.ID).Artifact.Report, "same content": same.Report} {
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: %s", name, d)
			}
		}
	}
}

// What somebody else wrote there must not keep a row from being read.
func TestExport_UnreadableOptionsAndReport(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.ready(t)
	s.exec(t, `UPDATE export_request SET options = '{"fit": 7}', report = '{"fit": "x"}' WHERE id = $1`, r.ID)
	if got := s.read(t, r.ID); got.Options != (export.Options{}) || got.Artifact.Report != (export.Report{}) {
		t.Errorf("options %+v, report %+v", got.Options, got.Artifact.Report)
	}
	s.exec(t, `UPDATE export_request SET options = '{"width": 300, "glitter": true}' WHERE id = $1`, r.ID)
	if got := s.read(t, r.ID); got.Options.Width != 300 {
		t.Errorf("options %+v", got.Options)
	}
}

func TestEraseExports_Report(t *testing.T) {
	t.Parallel()
	for name, erase := range map[string]func(stage, *testing.T){
		"everything of the user's": func(s stage, t *testing.T) { must(s.EraseExports(t.Context(), s.userID, "", lease, 10))(t) },
		"the user's row":           func(s stage, t *testing.T) { s.exec(t, `DELETE FROM "user"`) },
	} {
		s := setup(t)
		r := s.claimed(t)
		a := artifact(r)
		a.Report = reported()
		must(s.CompleteExport(t.Context(), r, a))(t)
		if s.column(t, "report", r.ID) == "" {
			t.Fatal("there was none")
		}
		erase(s, t)
		if got := s.column(t, "report", r.ID); got != "" {
			t.Errorf("after erasing %s: %s", name, got)
		}
	}
}
