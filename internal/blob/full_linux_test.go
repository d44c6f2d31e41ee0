package blob_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/letrazapp/letraz-export/internal/blob"
)

func TestPut_DiskFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("a small disk takes the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s := open(t, dir)
	put(t, s, "exports/ab/a.pdf", make([]byte, 30_000))
	for _, store := range []func() error{
		func() error { return s.Put(t.Context(), "exports/ab/b.pdf", make([]byte, 60_000), "application/pdf") },
		func() error { // a real copy, over what is there
			put(t, s, "exports/ab/b.pdf", make([]byte, 10_000))
			_, err := s.Copy(t.Context(), "exports/ab/a.pdf", "exports/ab/b.pdf")
			return err
		},
	} {
		err := store()
		if !errors.Is(err, syscall.ENOSPC) || !strings.HasSuffix(err.Error(), ": no space left on device") || strings.Contains(err.Error(), dir) {
			t.Errorf("the full disk reads as %v", err)
		}
	}
	var probe *blob.ProbeError
	if err := s.Probe(t.Context(), 64<<10); !errors.As(err, &probe) || probe.Reason != "full" {
		t.Errorf("a probe says %v", err)
	}
	if left := strings.Join(filesIn(t, dir), " "); left != "exports exports/ab exports/ab/a.pdf exports/ab/b.pdf exports-probe" {
		t.Errorf("left are %s", left)
	}
	wantBytes(t, s, "exports/ab/b.pdf", make([]byte, 10_000))
	for _, key := range []string{"exports/ab/a.pdf", "exports/ab/b.pdf"} {
		if err := s.Delete(t.Context(), key); err != nil {
			t.Error(err)
		}
	}
	put(t, s, "exports/ab/b.pdf", make([]byte, 50_000))
}
