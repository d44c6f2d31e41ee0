package blob

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// openSynced opens a directory whose syncs call the function with the path of what
// is synced.
func openSynced(t *testing.T, sync func(path string) error) (*Store, *directory) {
	t.Helper()
	d, err := openDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.close() })
	d.fsync = func(f *os.File) error {
		name, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(int(f.Fd())))
		if err != nil {
			t.Error(err)
		}
		return sync(name)
	}
	return &Store{backend: d}, d
}

func TestPut_SyncsFileThenDirectory(t *testing.T) {
	t.Parallel()
	var steps []string
	var final string
	s, d := openSynced(t, func(path string) error {
		_, err := os.Stat(final)
		step := "bytes"
		if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
			step = strings.TrimPrefix(path, filepath.Dir(filepath.Dir(filepath.Dir(final))))
		}
		if err == nil {
			step += " named"
		}
		steps = append(steps, step)
		return nil
	})
	final = filepath.Join(d.path, "exports/ab/a.pdf")
	if err := s.Put(t.Context(), "exports/ab/a.pdf", []byte("a"), ""); err != nil {
		t.Fatal(err)
	}
	// The directories are new, so their names have to be on the disk as well.
	if want := []string{"/exports", "", "bytes", "/exports/ab named"}; !slices.Equal(steps, want) {
		t.Errorf("synced %q, want %q", steps, want)
	}
	steps = nil
	if err := s.Put(t.Context(), "exports/ab/b.pdf", []byte("b"), ""); err != nil {
		t.Fatal(err)
	}
	final = filepath.Join(d.path, "exports/ab/c.pdf")
	if _, err := s.Copy(t.Context(), "exports/ab/b.pdf", "exports/ab/c.pdf"); err != nil {
		t.Fatal(err)
	}
	if want := []string{"bytes named", "/exports/ab named"}; !slices.Equal(steps, want) {
		t.Errorf("synced %q, want %q", steps, want)
	}
	steps = nil
	if err := s.Flush(t.Context(), "exports/ab/c.pdf"); err != nil {
		t.Fatal(err)
	}
	if want := []string{"/exports/ab named"}; !slices.Equal(steps, want) {
		t.Errorf("synced %q, want %q", steps, want)
	}
}

// After an error of fsync it is unknown what the disk holds.
func TestPut_SyncFails(t *testing.T) {
	t.Parallel()
	for _, which := range []string{"bytes", "names"} {
		broken := true
		s, d := openSynced(t, func(path string) error {
			info, err := os.Stat(path)
			if broken && err == nil && info.IsDir() == (which == "names") {
				return &fs.PathError{Op: "sync", Path: path, Err: syscall.EIO}
			}
			return nil
		})
		if err := os.MkdirAll(filepath.Join(d.path, "exports/ab"), 0o700); err != nil {
			t.Fatal(err)
		}
		err := s.Put(t.Context(), "exports/ab/a.pdf", []byte("a"), "")
		if !errors.Is(err, syscall.EIO) || err.Error() != "storing exports/ab/a.pdf: input/output error" {
			t.Errorf("%s: %v", which, err)
		}
		// The file may have its name by now: the caller deletes what could not be stored.
		if err := s.Delete(t.Context(), "exports/ab/a.pdf"); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(filepath.Join(d.path, "exports/ab")); err != nil || len(left) > 0 {
			t.Errorf("%s: left are %v, %v", which, left, err)
		}
		broken = false
		if err := s.Put(t.Context(), "exports/ab/a.pdf", []byte("a"), ""); err != nil {
			t.Error(err)
		}
	}
}
