package worker

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// smallDisk gives the fixture a store on a file system of 2 MB.
func (p *fixture) smallDisk(t *testing.T) {
	t.Helper()
	p.fileDir = t.TempDir()
	if err := syscall.Mount("tmpfs", p.fileDir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("a small disk takes the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(p.fileDir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	files, err := blob.Open(t.Context(), p.fileDir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	p.files = files
}

// fill leaves no space on the disk until the returned function is called.
func (p *fixture) fill(t *testing.T) (free func()) {
	t.Helper()
	path := filepath.Join(p.fileDir, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	_ = f.Close()
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

func TestStoreGate_FullDiskUsesUpNoAttempts(t *testing.T) {
	t.Parallel()
	p := setup(t)
	p.smallDisk(t)
	first := p.request(t)
	var free func()
	w := p.worker(t)
	d := p.next(t)
	w.handle(t.Context(), &printer{do: func(context.Context) error {
		free = p.fill(t)
		return nil
	}}, d, stay)
	d.ended(t, "return")
	if got := p.row(t, first.ID); got.Status != export.Queued || got.Attempt != 0 || storeReason(w) != "full" {
		t.Errorf("the export is %s after %d attempts, the store is %q", got.Status, got.Attempt, storeReason(w))
	}
	if got := p.stored(t); len(got) != 1 || got[0] != "filler" {
		t.Errorf("files on disk: %q", got)
	}
	second := p.request(t)
	w, log := p.startLogged(t)
	defer func() {
		if len(log.Lines("export handed back")) > 1 {
			t.Error("messages were taken repeatedly")
		}
	}()
	testenv.Eventually(t, "the gate closes", func() bool { return storeReason(w) == "full" })
	free()
	for _, r := range []export.Request{first, second} {
		if got := p.becomes(t, r.ID, export.Ready); got.Attempt != 1 {
			t.Errorf("an export took %d attempts", got.Attempt)
		}
	}
}
