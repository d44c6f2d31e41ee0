package worker

import (
	"bytes"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// A fit takes several prints, all of them in the slot, and a copy knows what the
// first one took.
func TestHandle_FittedExport(t *testing.T) {
	t.Parallel()
	p := setup(t)
	page := &counting{Printer: testenv.Engine(t)}
	n := testenv.NewExport(user, testenv.ImportSample(t, p.store, user, "vietnamese"))
	n.Options.Fit = export.Fit{MaxPages: 1, MinFontPt: 8.5}
	r, err := p.store.CreateExport(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.queue.PublishRequest(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	var inSlot int32
	p.worker(t, reusing).handle(t.Context(), page, p.next(t), func() { inSlot = page.prints.Load() })
	first := p.row(t, r.ID)
	f := first.Artifact.Report.Fit
	if first.Status != export.Ready || f == nil || !f.Fitted || f.Pages != 1 || first.Artifact.Pages != 1 || f.Space >= 1 {
		t.Fatalf("%s, %+v, %+v", first.Status, first.Artifact, f)
	}
	if all := page.prints.Load(); all < 2 || inSlot != all {
		t.Errorf("%d of %d prints while the slot was held", inSlot, all)
	}
	before := page.prints.Load()
	n.ID = testenv.NewExport("", "").ID
	copied := p.export(t, page, n)
	if g := copied.Artifact.Report.Fit; page.prints.Load() != before || g == nil || *g != *f || !bytes.Equal(p.bytesOf(t, copied), p.bytesOf(t, first)) {
		t.Errorf("report of the copy %+v after %d more prints, want %+v", g, page.prints.Load()-before, f)
	}
	n.ID, n.Options = testenv.NewExport("", "").ID, export.Options{}
	if plain := p.export(t, page, n); plain.Artifact.Pages != 2 || plain.Artifact.Report.Fit != nil {
		t.Errorf("without a fit: %+v", plain.Artifact)
	}
}
