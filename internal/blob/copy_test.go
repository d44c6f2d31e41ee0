package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/letrazapp/letraz-export/internal/blob"
)

// copies are keys of a file and of its copy.
var copies = [][2]string{{"exports/export-1/a.pdf", "exports/export-2/b.pdf"}, {"exports/export-1/a:1.pdf", "exports/export-2/b?.pdf"}, {"top", "other"}}

func TestCopy_OutlivesSource(t *testing.T) {
	t.Parallel()
	for _, keys := range copies {
		dir := t.TempDir()
		s := open(t, dir)
		data := bytes.Repeat([]byte("0123456789"), 10_000)
		put(t, s, keys[0], data)
		size, err := s.Copy(t.Context(), keys[0], keys[1])
		if err != nil || size != int64(len(data)) {
			t.Fatalf("%q: %d bytes, %v", keys, size, err)
		}
		wantBytes(t, s, keys[0], data)
		wantBytes(t, s, keys[1], data)
		// Writing under one key changes nothing under the other.
		put(t, s, keys[0], []byte("new"))
		wantBytes(t, s, keys[1], data)
		if err := s.Delete(t.Context(), keys[0]); err != nil {
			t.Error(err)
		}
		wantBytes(t, s, keys[1], data)
		if err := s.Delete(t.Context(), keys[1]); err != nil {
			t.Error(err)
		}
		if left := strings.Join(filesIn(t, dir), " "); left != "" && left != "exports" {
			t.Errorf("left are %s", left)
		}
	}
}

func TestCopy_ReplacesTarget(t *testing.T) {
	t.Parallel()
	for _, keys := range copies {
		s := open(t, t.TempDir())
		put(t, s, keys[0], []byte("new"))
		put(t, s, keys[1], []byte("older"))
		if size, err := s.Copy(t.Context(), keys[0], keys[1]); err != nil || size != 3 {
			t.Errorf("%q: %d bytes, %v", keys, size, err)
		}
		wantBytes(t, s, keys[1], []byte("new"))
	}
}

func TestCopy_MissingSource(t *testing.T) {
	t.Parallel()
	for _, keys := range copies {
		dir := t.TempDir()
		s := open(t, dir)
		if _, err := s.Copy(t.Context(), keys[0], keys[1]); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("%q: %v", keys, err)
		}
		wantNone(t, s, keys[1])
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		put(t, s, keys[0], []byte("a file"))
		if _, err := s.Copy(canceled, keys[0], keys[1]); !errors.Is(err, context.Canceled) {
			t.Errorf("%q, canceled: %v", keys, err)
		}
		wantNone(t, s, keys[1])
	}
}

func TestCopy_IsHardLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	for _, keys := range copies {
		put(t, s, keys[0], []byte("a file"))
		if _, err := s.Copy(t.Context(), keys[0], keys[1]); err != nil {
			t.Fatal(err)
		}
		a, err := os.Stat(filepath.Join(dir, keys[0]))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.Stat(filepath.Join(dir, keys[1]))
		if err != nil {
			t.Fatal(err)
		}
		if !os.SameFile(a, b) || b.Mode() != 0o600 {
			t.Errorf("%q: same %v, mode %v", keys, os.SameFile(a, b), b.Mode())
		}
	}
	for _, path := range filesIn(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, path)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
		}
	}
}

func TestCopy_CannotLeaveDirectory(t *testing.T) {
	t.Parallel()
	outer := t.TempDir()
	s := open(t, filepath.Join(outer, "files"))
	if err := os.WriteFile(filepath.Join(outer, "secret"), []byte("keep out"), 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, s, "a", []byte("a file"))
	for _, key := range []string{"../secret", "x/../../secret", "/etc/passwd", ""} {
		if _, err := s.Copy(t.Context(), key, "b"); err == nil {
			t.Errorf("%q was copied", key)
		}
		_, _ = s.Copy(t.Context(), "a", key) // may be refused, or stay within
	}
	if data, err := os.ReadFile(filepath.Join(outer, "secret")); err != nil || string(data) != "keep out" {
		t.Errorf("%q, %v", data, err)
	}
	if list, err := os.ReadDir(outer); err != nil || len(list) != 2 {
		t.Errorf("outside are %v, %v", list, err)
	}
}

// Whoever deletes may do so at any moment: the copy is whole, or there is none.
func TestCopy_ConcurrentDelete(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	data := bytes.Repeat([]byte("x"), 50_000)
	for n := range 300 {
		from, to, beside := fmt.Sprintf("exports/export-%d/a", n), "exports/copy/b", "exports/copy/c"
		put(t, s, from, data)
		put(t, s, beside, data)
		var both sync.WaitGroup
		both.Go(func() { _ = s.Delete(t.Context(), from) })
		both.Go(func() { _ = s.Delete(t.Context(), beside) }) // and with it the directory
		size, err := s.Copy(t.Context(), from, to)
		both.Wait()
		switch {
		case err == nil && size == int64(len(data)):
			wantBytes(t, s, to, data)
		case !errors.Is(err, blob.ErrNotFound):
			t.Errorf("%d bytes, %v", size, err)
		}
		if err := s.Delete(t.Context(), to); err != nil {
			t.Error(err)
		}
	}
}
