package worker

import (
	"bytes"
	"context"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestAPrintedFileIsCheckedAndACopyTakesTheReportAlong(t *testing.T) {
	t.Parallel()
	p := setup(t)
	p.resumeID = testenv.ImportSample(t, p.store, user, "german")
	first := p.export(t, testenv.Engine(t), testenv.NewExport(user, p.resumeID))
	got := first.Artifact.Report.ATS
	if got == nil || got.Fields < 100 || got.Found != got.Fields || len(got.Problems()) > 0 || got.Language != "de" {
		t.Fatalf("the report is %+v", got)
	}
	second := p.export(t, &printer{}, testenv.NewExport(user, p.resumeID)) // it prints nothing of the kind
	if second.Status != export.Ready || !reflect.DeepEqual(second.Artifact.Report, first.Artifact.Report) {
		t.Errorf("the copy's report is %+v", second.Artifact.Report.ATS)
	}
	n := testenv.NewExport(user, p.resumeID)
	n.Format = export.HTML
	if r := p.export(t, &printer{}, n); r.Status != export.Ready || r.Artifact.Report.ATS != nil {
		t.Errorf("%s, with a report of what is no PDF: %+v", r.Status, r.Artifact.Report.ATS)
	}
}

// spoiling changes the fonts of what is printed into some that cannot be read.
type spoiling struct{ render.Printer }

func (s spoiling) Print(ctx context.Context, d chrome.Document) ([]byte, error) {
	data, err := s.Printer.Print(ctx, d)
	return bytes.ReplaceAll(data, []byte("/Identity-H"), []byte("/Identity-X")), err
}

func TestAFileThatCannotBeCheckedIsReadyAllTheSame(t *testing.T) {
	t.Parallel()
	p := setup(t)
	var log bytes.Buffer
	r := p.export(t, spoiling{testenv.Engine(t)}, testenv.NewExport(user, p.resumeID), func(c *Config) {
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
	})
	if r.Status != export.Ready || r.Artifact.Report.ATS != nil || !strings.Contains(log.String(), "Identity-H") {
		t.Errorf("%s, %+v\n%s", r.Status, r.Artifact.Report.ATS, &log)
	}
}
