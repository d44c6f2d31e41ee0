package blob_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
)

func TestProbe_LeavesNoFile(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t) {
		for range 2 {
			if err := s.Probe(t.Context(), 100_000); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if left := list(t, s, export.ProbeRoot); len(left) > 0 {
			t.Errorf("%s: left are %v", name, left)
		}
	}
}

func TestProbe_Reason(t *testing.T) {
	t.Parallel()
	gone := func(t *testing.T, dir string) {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		spoil  func(t *testing.T, dir string)
		reason string
	}{
		"directory removed": {gone, "absent"},
		"directory replaced": {func(t *testing.T, dir string) {
			gone(t, dir)
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "absent"},
		"file in the way": {func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, export.ProbeRoot), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "failing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "files")
			s := open(t, dir)
			c.spoil(t, dir)
			var probe *blob.ProbeError
			err := s.Probe(t.Context(), 1000)
			if !errors.As(err, &probe) || probe.Reason != c.reason || !strings.Contains(err.Error(), "the file store is "+c.reason+": ") {
				t.Errorf("%v, want a ProbeError: %s", err, c.reason)
			}
		})
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	var probe *blob.ProbeError
	if err := open(t, t.TempDir()).Probe(canceled, 1000); !errors.As(err, &probe) || probe.Reason != "no answer" {
		t.Errorf("canceled: %v", err)
	}
}

// Files that went to a directory that has been moved away would be lost.
func TestPut_DirectoryMovedAway(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	s := open(t, dir)
	put(t, s, "exports/ab/a.pdf", []byte("a"))
	if err := os.Rename(dir, dir+".moved"); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), "exports/ab/b.pdf", []byte("b"), "application/pdf"); err == nil {
		t.Error("a file was stored where nothing is")
	}
	if _, err := s.Copy(t.Context(), "exports/ab/a.pdf", "exports/ab/c.pdf"); err == nil {
		t.Error("a file was copied where nothing is")
	}
	if err := os.Rename(dir+".moved", dir); err != nil {
		t.Fatal(err)
	}
	put(t, s, "exports/ab/b.pdf", []byte("b"))
}
