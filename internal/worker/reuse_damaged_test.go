package worker

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// The second export's file is another name of the damaged one: both are found.
func TestReuse_DamagedFileIsPrintedAgain(t *testing.T) {
	t.Parallel()
	p := setup(t)
	page := &printer{}
	first := p.export(t, page, testenv.NewExport(user, p.resumeID))
	second := p.export(t, page, testenv.NewExport(user, p.resumeID))
	path := filepath.Join(p.fileDir, first.Artifact.BlobKey)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	third := p.export(t, page, testenv.NewExport(user, p.resumeID))
	if third.Status != export.Ready || third.Attempt != 1 || page.prints != 2 {
		t.Fatalf("the export is %s after %d attempts and %d prints", third.Status, third.Attempt, page.prints)
	}
	p.bytesOf(t, third)
	for _, r := range []export.Request{first, second} {
		if got := p.row(t, r.ID); got.Status != export.Failed || got.Failure == nil || got.Failure.Code != export.FileDamaged {
			t.Errorf("the export with a damaged file is %+v", got)
		}
	}
	p.export(t, page, testenv.NewExport(user, p.resumeID))
	if page.prints != 2 {
		t.Error("the file of the second print is not copied")
	}
}
