package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestOptions_Stored(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for members, c := range map[string]struct {
		want api.Export
		row  export.Options
	}{
		`"ats":true`:                             {row: export.Options{ATS: true}},
		`"fit":{"max_pages":1}`:                  {api.Export{Fit: &api.Fit{MaxPages: 1, MinFontPt: 8.5}}, export.Options{Fit: export.Fit{MaxPages: 1, MinFontPt: 8.5}}},
		`"fit":{"max_pages":20,"min_font_pt":7}`: {api.Export{Fit: &api.Fit{MaxPages: 20, MinFontPt: 7}}, export.Options{Fit: export.Fit{MaxPages: 20, MinFontPt: 7}}},
		`"fit":{"max_pages":2,"min_font_pt":12}`: {api.Export{Fit: &api.Fit{MaxPages: 2, MinFontPt: 12}}, export.Options{Fit: export.Fit{MaxPages: 2, MinFontPt: 12}}},
		`"embed_source":true,"format":"pdf"`:     {api.Export{EmbedSource: true}, export.Options{EmbedSource: true}},
		`"embed_source":false`:                   {},
		`"format":"txt","wrap":72`:               {api.Export{Wrap: 72}, export.Options{Wrap: 72}},
		`"language":"fr"`:                        {api.Export{Language: "fr"}, export.Options{Language: "fr"}},
		`"format":"docx","language":"pt-BR"`:     {api.Export{Language: "pt-BR"}, export.Options{Language: "pt-BR"}},
	} {
		got := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`",`+members+`}`).export(t, 202)
		ignored := cmpopts.IgnoreFields(api.Export{}, "ID", "ResumeID", "UserID", "Format", "Template", "Paper", "Lane", "Status", "CreatedAt", "ExpiresAt")
		if d := cmp.Diff(c.want, got, ignored); d != "" {
			t.Errorf("%s: %s", members, d)
		}
		if r, err := f.store.Export(t.Context(), got.ID); err != nil || r.Options != c.row {
			t.Errorf("%s: the row says %+v, %v", members, r.Options, err)
		}
	}
}

func TestOptions_Invalid(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for members, location := range map[string]string{
		`"fit":{}`:                                 "body.fit",
		`"fit":1`:                                  "body.fit",
		`"fit":{"max_pages":0}`:                    "body.fit.max_pages",
		`"fit":{"max_pages":-1}`:                   "body.fit.max_pages",
		`"fit":{"max_pages":21}`:                   "body.fit.max_pages",
		`"fit":{"max_pages":"1"}`:                  "body.fit.max_pages",
		`"fit":{"max_pages":1.5}`:                  "body.fit.max_pages",
		`"fit":{"max_pages":1,"min_font_pt":0}`:    "body.fit.min_font_pt",
		`"fit":{"max_pages":1,"min_font_pt":6.9}`:  "body.fit.min_font_pt",
		`"fit":{"max_pages":1,"min_font_pt":12.1}`: "body.fit.min_font_pt",
		`"fit":{"max_pages":1,"pages":1}`:          "body.fit.pages",
		`"fit":{"max_pages":1,"max_pages":2}`:      "body.fit.max_pages",
		`"fit":{"max_pages":1,"Max_pages":2}`:      "body.fit.Max_pages",
		`"fit":{"max_pages":1},"format":"html"`:    "body.fit",
		`"ats":true,"format":"html"`:               "body.ats",
		`"language":""`:                            "body.language",
		`"language":"french"`:                      "body.language",
		`"language":"fr_CA"`:                       "body.language",
		`"language":"zz"`:                          "body.language", // no language
		`"language":"und"`:                         "body.language",
		`"language":["fr"]`:                        "body.language",
		`"language":"fr\u0000"`:                    "body.language",
		`"embed_source":true,"format":"json"`:      "body.embed_source",
		`"embed_source":"yes"`:                     "body.embed_source",
		`"width":63`:                               "body.width",
		`"width":2049`:                             "body.width",
		`"width":1200`:                             "body.width", // of a PDF
		`"wrap":72`:                                "body.wrap",  // of a PDF
		`"wrap":19,"format":"txt"`:                 "body.wrap",
		`"wrap":501,"format":"txt"`:                "body.wrap",
		`"options":{}`:                             "body.options",
	} {
		wantProblem(t, f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`",`+members+`}`), 422, location)
	}
	if n := f.rows(t); n != "0" {
		t.Errorf("there are %s rows", n)
	}
}

func TestIdempotencyKey_CoversOptions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	first := f.ask(t, ana, "k", `,"fit":{"max_pages":1}`).export(t, 202)
	if again := f.ask(t, ana, "k", `,"fit":{"min_font_pt":8.5,"max_pages":1},"embed_source":false`).export(t, 202); again.ID != first.ID || again.Fit == nil {
		t.Errorf("the same request, written in another way: %+v", again)
	}
	for _, members := range []string{"", `,"fit":{"max_pages":2}`, `,"fit":{"max_pages":1,"min_font_pt":9}`, `,"fit":{"max_pages":1},"embed_source":true`} {
		wantProblem(t, f.ask(t, ana, "k", members), 422, "header.Idempotency-Key")
	}
}

func TestOptions_Report(t *testing.T) {
	t.Parallel()
	f := setup(t)
	n := testenv.NewExport(ana, f.anas)
	n.Options.Fit = export.Fit{MaxPages: 1, MinFontPt: 8.5}
	r, err := f.store.CreateExport(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	before := f.call(t, ana, "GET", "/v1/exports/"+r.ID, "").export(t, 200)
	if d := cmp.Diff(&api.Fit{MaxPages: 1, MinFontPt: 8.5}, before.Fit); d != "" || before.ATS != nil {
		t.Errorf("before: %s, %+v", d, before.ATS)
	}
	if r, err = f.store.ClaimExport(t.Context(), export.Message{ExportID: r.ID}, time.Minute); err != nil {
		t.Fatal(err)
	}
	for _, fitted := range []bool{true, false} {
		a := export.Artifact{BlobKey: export.BlobKey(r), Size: 1, Pages: 1, Filename: "x.pdf", Report: export.Report{
			Fit: &export.FitReport{Fitted: fitted, Pages: 1, Space: .5, Leading: .94, Size: .98, BodyFontPt: 9.55, TightestPages: 2},
			ATS: &export.ATSReport{Fields: 40, Found: 39},
		}}
		if fitted {
			if _, err := f.store.CompleteExport(t.Context(), r, a); err != nil {
				t.Fatal(err)
			}
		} else {
			f.sql(t, `UPDATE export_request SET report = jsonb_set(report, '{fit,fitted}', 'false')`)
		}
		want := &api.Fit{MaxPages: 1, MinFontPt: 8.5, Fitted: &fitted, Space: .5, Leading: .94, Size: .98, BodyFontPt: 9.55, TightestPages: 2}
		for name, got := range map[string]api.Export{"alone": f.call(t, ana, "GET", "/v1/exports/"+r.ID, "").export(t, 200), "in the list": f.list(t, ana, "").Exports[0]} {
			if d := cmp.Diff(want, got.Fit) + cmp.Diff(&api.ATS{Fields: 40, Found: 39}, got.ATS); d != "" {
				t.Errorf("%s: %s", name, d)
			}
		}
	}
}

// The bounds are written in the struct tags of the API and in the domain.
func TestOptions_SameBoundsAsDomain(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, c := range []struct {
		pages int
		pt    float64
		want  int
	}{
		{1, export.LowestMinFontPt, 202}, {export.MaxFitPages, export.HighestMinFontPt, 202},
		{export.MaxFitPages + 1, export.DefaultMinFontPt, 422}, {1, export.LowestMinFontPt - .1, 422}, {1, export.HighestMinFontPt + .1, 422},
	} {
		body := fmt.Sprintf(`{"resume_id":%q,"fit":{"max_pages":%d,"min_font_pt":%g}}`, f.anas, c.pages, c.pt)
		if a := f.call(t, ana, "POST", "/v1/exports", body); a.status != c.want {
			t.Errorf("%s: %d", body, a.status)
		}
	}
}
