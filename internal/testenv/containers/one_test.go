package containers

import (
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// oneExport sends one export through every container, from the API to the downloaded PDF.
func (tr *trial) oneExport(t *testing.T) {
	p := tr.load.People[0]
	w := checker.Wish{ResumeID: p.Resume, Format: "pdf", Paper: "a4"}
	a, err := p.Create(t.Context(), w, "one")
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); !export.Status(a.Status).Final(); {
		if time.Now().After(deadline) || !checker.Pause(t.Context(), 100*time.Millisecond) {
			t.Fatalf("the export is still %s", a.Status)
		}
		if a, err = p.Get(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
	}
	_, data, err := p.Download(t.Context(), a.ID, "GET", "")
	if err != nil {
		t.Fatal(err)
	}
	if checker.Sum(data) != a.SHA256 {
		t.Errorf("the file's checksum is %s, the export says %s", checker.Sum(data), a.SHA256)
	}
	if trouble := checker.NewReadings().Of(data, "pdf").Trouble(p.Canary); trouble != "" {
		t.Errorf("the file %s", trouble)
	}
}
