package blob_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/letrazapp/letraz-export/internal/blob"
)

func open(t *testing.T, location string) *blob.Store {
	t.Helper()
	s, err := blob.Create(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func put(t *testing.T, s *blob.Store, key string, data []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, data, "application/pdf"); err != nil {
		t.Fatal(err)
	}
}

func wantBytes(t *testing.T, s *blob.Store, key string, want []byte) {
	t.Helper()
	r, size, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, want) || size != int64(len(want)) {
		t.Errorf("%s: %d bytes of %d, %v; want %d", key, len(got), size, err, len(want))
	}
}

func wantNone(t *testing.T, s *blob.Store, key string) {
	t.Helper()
	if _, _, err := s.Open(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("%s: %v, want ErrNotFound", key, err)
	}
}

// filesIn lists every file and directory below dir.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if path != dir {
			list = append(list, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestStore_PutOpenDelete(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "file://"} {
		dir := filepath.Join(t.TempDir(), "made", "for it")
		s := open(t, prefix+dir)
		for _, data := range [][]byte{{}, []byte("a file"), bytes.Repeat([]byte("0123456789"), 1<<17)} {
			put(t, s, "exports/1/a.pdf", data)
			wantBytes(t, s, "exports/1/a.pdf", data)
		}
		put(t, s, "exports/2/b.pdf", []byte("another"))
		if err := s.Delete(t.Context(), "exports/1/a.pdf"); err != nil {
			t.Error(err)
		}
		wantNone(t, s, "exports/1/a.pdf")
		wantBytes(t, s, "exports/2/b.pdf", []byte("another"))
		if err := s.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		wantBytes(t, open(t, dir), "exports/2/b.pdf", []byte("another"))
	}
}

func TestOpen_Seek(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	put(t, s, "a", []byte("0123456789"))
	r, _, err := s.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if end, err := r.Seek(0, io.SeekEnd); err != nil || end != 10 {
		t.Errorf("the end is at %d, %v", end, err)
	}
	if _, err := r.Seek(7, io.SeekStart); err != nil {
		t.Error(err)
	}
	if rest, err := io.ReadAll(r); err != nil || string(rest) != "789" {
		t.Errorf("%q, %v", rest, err)
	}
}

func TestOpen_UnknownKey(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	put(t, s, "exports/1/a.pdf", []byte("a file"))
	for _, key := range []string{"none", "exports", "exports/1", "exports/1/a.pdf/b"} {
		if _, _, err := s.Open(t.Context(), key); err == nil {
			t.Errorf("%s: something was opened", key)
		}
	}
	for _, key := range []string{"none", "exports/2/b.pdf", "exports/1/b.pdf"} {
		wantNone(t, s, key)
		if err := s.Delete(t.Context(), key); err != nil {
			t.Errorf("deleting nothing under %s: %v", key, err)
		}
	}
	wantBytes(t, s, "exports/1/a.pdf", []byte("a file"))
}

// Directories made for one export alone would pile up; those that many share are
// needed again.
func TestDelete_RemovesEmptyDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "exports/export-1/a.pdf", []byte("a"))
	put(t, s, "exports/export-1/b.pdf", []byte("b"))
	put(t, s, "exports/export-2/c.pdf", []byte("c"))
	put(t, s, "exports/ab/d.pdf", []byte("d"))
	put(t, s, "top", []byte("e"))
	for _, key := range []string{"exports/export-1/a.pdf", "exports/export-2/c.pdf", "exports/ab/d.pdf", "top"} {
		if err := s.Delete(t.Context(), key); err != nil {
			t.Error(err)
		}
	}
	if got := strings.Join(filesIn(t, dir), " "); got != "exports exports/ab exports/export-1 exports/export-1/b.pdf" {
		t.Errorf("left are %s", got)
	}
	wantBytes(t, s, "exports/export-1/b.pdf", []byte("b"))
}

// Two attempts of one export share a directory: the file of one is deleted while
// that of the other is written.
func TestPutAndDelete_ConcurrentInOneDirectory(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	var both sync.WaitGroup
	for _, name := range []string{"a", "b"} {
		both.Go(func() {
			for range 300 {
				if err := s.Put(t.Context(), "exports/export-1/"+name, []byte(name), "application/pdf"); err != nil {
					t.Error(err)
				}
				if err := s.Delete(t.Context(), "exports/export-1/"+name); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
}

func TestKey_CannotLeaveDirectory(t *testing.T) {
	t.Parallel()
	outer := t.TempDir()
	dir := filepath.Join(outer, "files")
	s := open(t, dir)
	if err := os.WriteFile(filepath.Join(outer, "secret"), []byte("keep out"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(outer, "empty"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"", ".", "..", "../secret", "../empty/x", "a/../../secret", "./../secret", "/../secret", "../../../../../../etc/passwd", "/etc/passwd",
		`..\secret`, "..//secret", "a/b/../../../secret", "../files/../secret", "\x00", "../secret\x00.pdf", "%2e%2e/secret", strings.Repeat("x", 5000),
	} {
		if r, _, err := s.Open(t.Context(), key); err == nil {
			data, _ := io.ReadAll(r)
			t.Errorf("%.30q opens %q", key, data)
			_ = r.Close()
		}
		_ = s.Put(t.Context(), key, []byte("written"), "application/pdf") // may be refused, or stay within
		_ = s.Delete(t.Context(), key)
	}
	var outside []string
	for _, path := range filesIn(t, outer) {
		if path != "files" && !strings.HasPrefix(path, "files/") {
			outside = append(outside, path)
		}
	}
	if got := strings.Join(outside, " "); got != "empty secret" {
		t.Errorf("outside are %s", got)
	}
	if data, err := os.ReadFile(filepath.Join(outer, "secret")); err != nil || string(data) != "keep out" {
		t.Errorf("%q, %v", data, err)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// Somebody who can make a link in the directory must not lead the service out of it.
func TestKey_SymlinkOutOfDirectory(t *testing.T) {
	t.Parallel()
	outer := t.TempDir()
	s := open(t, filepath.Join(outer, "files"))
	if err := os.WriteFile(filepath.Join(outer, "secret"), []byte("keep out"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"out": "..", "secret.pdf": "../secret"} {
		if err := os.Symlink(target, filepath.Join(outer, "files", link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"out/secret", "secret.pdf"} {
		if _, _, err := s.Open(t.Context(), key); err == nil {
			t.Errorf("%s was opened", key)
		}
		if _, err := s.Copy(t.Context(), key, "copy.pdf"); err == nil {
			t.Errorf("%s was copied", key)
		}
		_ = s.Put(t.Context(), key, []byte("written"), "application/pdf") // may be refused, or stay within
		_ = s.Delete(t.Context(), key)
	}
	if data, err := os.ReadFile(filepath.Join(outer, "secret")); err != nil || string(data) != "keep out" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestPut_FileModes(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	s := open(t, dir)
	put(t, s, "exports/1/a.pdf", []byte("a file"))
	for path, want := range map[string]fs.FileMode{
		"": fs.ModeDir | 0o700, "exports": fs.ModeDir | 0o700, "exports/1": fs.ModeDir | 0o700, "exports/1/a.pdf": 0o600,
	} {
		if info, err := os.Stat(filepath.Join(dir, path)); err != nil || info.Mode() != want {
			t.Errorf("%q has mode %v, %v; want %v", path, info.Mode(), err, want)
		}
	}
}
