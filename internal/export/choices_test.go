package export

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestPaper_Size(t *testing.T) {
	t.Parallel()
	const mm = 1 / 25.4
	for paper, want := range map[Paper][2]float64{A4: {210 * mm, 297 * mm}, Letter: {8.5, 11}} {
		if w, h := paper.Size(); math.Abs(w-want[0]) > 1e-9 || math.Abs(h-want[1]) > 1e-9 {
			t.Errorf("%s is %g × %g inches", paper, w, h)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	if Papers()[0] != A4 || Formats()[0] != PDF {
		t.Errorf("papers %v, formats %v", Papers(), Formats())
	}
	if MinExpiresIn <= 0 || MinExpiresIn > DefaultExpiresIn || DefaultExpiresIn > MaxExpiresIn {
		t.Error("the default lifetime is out of its bounds")
	}
}

func TestFormatTable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range FormatTable() {
		if f.Name == "" || !strings.HasPrefix(f.Ending, ".") || f.MediaType == "" || f.Description == "" {
			t.Errorf("%s is incomplete: %+v", f.Name, f)
		}
		if seen[f.Ending] || seen[string(f.Name)] {
			t.Errorf("%s is there twice", f.Name)
		}
		seen[f.Ending], seen[string(f.Name)] = true, true
		if got, ok := FormatOf(f.Ending); got != f.Name || !ok {
			t.Errorf("%s is the ending of %q", f.Ending, got)
		}
		if !f.Name.Valid() || f.Name.Ending() != f.Ending || f.Name.Takes(TakesFit) != (f.Name == PDF) || f.Name.Takes(TakesWidth) != (f.Name == PNG) || f.Name.Takes(TakesWrap) != (f.Name == Text) {
			t.Errorf("%s: what its methods say is not in the table", f.Name)
		}
	}
	if _, ok := FormatOf(".exe"); ok {
		t.Error("anything is an ending")
	}
}

func TestFormat_ContentType(t *testing.T) {
	t.Parallel()
	for format, want := range map[Format]string{
		PDF: "application/pdf", HTML: "text/html; charset=utf-8",
		DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", JSON: "application/json",
		Text: "text/plain; charset=utf-8", Markdown: "text/markdown; charset=utf-8; variant=CommonMark", TeX: "application/x-tex", PNG: "image/png",
	} {
		if got := format.ContentType(); got != want {
			t.Errorf("%s: %q", format, got)
		}
		if !format.Valid() || format.Printed() != (format == PDF || format == PNG) {
			t.Errorf("%s: valid %t, printed %t", format, format.Valid(), format.Printed())
		}
	}
	if Format("exe").Valid() || Format("").Valid() {
		t.Error("anything is a format")
	}
}

func TestEventOf(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := Request{ID: "E", UserID: "U", ResumeID: "R", Status: Failed, StatusAt: at, Failure: &Failure{Code: Internal, Message: "M"}}
	if got, want := EventOf(r), (Event{ExportID: "E", UserID: "U", ResumeID: "R", Status: Failed, At: at, ErrorMessage: "M"}); got != want {
		t.Errorf("got %+v", got)
	}
	// A failed export that expired still has its failure.
	if r.Status = Expired; EventOf(r).ErrorMessage != "" {
		t.Error("an expired export announces an error")
	}
	if r.Status, r.Failure = Failed, nil; EventOf(r).ErrorMessage != "" {
		t.Error("a message from nowhere")
	}
}

func TestCaller_MaySee(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		caller Caller
		owner  string
		want   bool
	}{
		{Caller{UserID: "a"}, "a", true},
		{Caller{UserID: "a"}, "b", false},
		{Caller{UserID: "a", Staff: true}, "b", true},
	} {
		if got := tc.caller.MaySee(tc.owner); got != tc.want {
			t.Errorf("%+v sees one of %s: %t", tc.caller, tc.owner, got)
		}
	}
}
