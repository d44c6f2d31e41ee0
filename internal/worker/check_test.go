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

func TestCheck_CopyKeepsReport(t *testing.T) {
	t.Parallel()
	p := setup(t)
	p.resumeID = testenv.ImportSample(t, p.store, user, "german")
	asked := func() export.New {
		n := testenv.NewExport(user, p.resumeID)
		n.Options.ATS = true
		return n
	}
	first := p.export(t, testenv.Engine(t), asked())
	got := first.Artifact.Report.ATS
	if got == nil || got.Fields < 100 || got.Found != got.Fields || len(got.Problems()) > 0 || got.Language != "de" {
		t.Fatalf("the report is %+v", got)
	}
	second := p.export(t, &printer{}, asked()) // it prints nothing of the kind
	if second.Status != export.Ready || !reflect.DeepEqual(second.Artifact.Report, first.Artifact.Report) {
		t.Errorf("the copy's report is %+v", second.Artifact.Report.ATS)
	}
	if r := p.export(t, testenv.Engine(t), testenv.NewExport(user, p.resumeID)); r.Status != export.Ready || r.Artifact.Report.ATS != nil {
		t.Errorf("%s, with a report that was not requested: %+v", r.Status, r.Artifact.Report.ATS)
	}
}

// spoiling changes the fonts of what is printed into some that cannot be read.
type spoiling struct{ render.Printer }

func (s spoiling) Print(ctx context.Context, d chrome.Document) ([]byte, error) {
	data, err := s.Printer.Print(ctx, d)
	return bytes.ReplaceAll(data, []byte("/Identity-H"), []byte("/Identity-X")), err
}

func TestCheck_FailureDoesNotFailExport(t *testing.T) {
	t.Parallel()
	p := setup(t)
	var log bytes.Buffer
	n := testenv.NewExport(user, p.resumeID)
	n.Options.ATS = true
	r := p.export(t, spoiling{testenv.Engine(t)}, n, func(c *Config) {
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
	})
	if r.Status != export.Ready || r.Artifact.Report.ATS != nil || !strings.Contains(log.String(), "Identity-H") {
		t.Errorf("%s, %+v\n%s", r.Status, r.Artifact.Report.ATS, &log)
	}
}
