package blob_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "gocloud.dev/blob/memblob" // the mem:// scheme: a bucket

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
)

// stores returns a directory store and a bucket store.
func stores(t *testing.T) map[string]*blob.Store {
	t.Helper()
	return map[string]*blob.Store{"directory": open(t, t.TempDir()), "bucket": open(t, "mem://")}
}

func list(t *testing.T, s *blob.Store, under string) map[string]export.StoredFile {
	t.Helper()
	files := map[string]export.StoredFile{}
	for f, err := range s.List(t.Context(), under) {
		if err != nil {
			t.Fatal(err)
		}
		files[f.Key] = f
	}
	return files
}

func TestBucket_PutCopyDelete(t *testing.T) {
	t.Parallel()
	s := open(t, "mem://")
	wantNone(t, s, "exports/ab/a.pdf")
	put(t, s, "exports/ab/a.pdf", []byte("a file"))
	wantBytes(t, s, "exports/ab/a.pdf", []byte("a file"))
	if size, err := s.Copy(t.Context(), "exports/ab/a.pdf", "exports/cd/b.pdf"); err != nil || size != 6 {
		t.Errorf("%d bytes, %v", size, err)
	}
	if _, err := s.Copy(t.Context(), "none", "exports/cd/c.pdf"); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("copying nothing: %v", err)
	}
	for range 2 { // the second time there is nothing, which is fine
		if err := s.Delete(t.Context(), "exports/ab/a.pdf"); err != nil {
			t.Error(err)
		}
	}
	wantNone(t, s, "exports/ab/a.pdf")
	wantBytes(t, s, "exports/cd/b.pdf", []byte("a file"))
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(canceled, "exports/ab/d.pdf", []byte("d"), "application/pdf"); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	wantNone(t, s, "exports/ab/d.pdf")
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestList_EveryFileOnce(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t) {
		started := time.Now().Add(-time.Minute)
		var want []string
		for n := range 700 { // more than a page, some in one directory, some in their own
			key := fmt.Sprintf("exports/ab/%d.pdf", n)
			if n%10 == 0 {
				key = fmt.Sprintf("exports/export-%d/a.pdf", n)
			}
			want = append(want, key)
			put(t, s, key, make([]byte, n))
		}
		put(t, s, "other/a.pdf", nil)
		put(t, s, "exports-too.pdf", nil)
		files := list(t, s, "exports")
		if len(files) != len(want) {
			t.Errorf("%s: %d files, want %d", name, len(files), len(want))
		}
		for n, key := range want {
			if f := files[key]; f.Key != key || f.Size != int64(n) || f.WrittenFor != "" || f.Modified.Before(started) || f.Modified.After(time.Now().Add(time.Minute)) {
				t.Errorf("%s: %s is listed as %+v", name, key, f)
			}
		}
		if none := list(t, s, "nothing"); len(none) > 0 {
			t.Errorf("%s: where nothing is: %v", name, none)
		}
	}
}

func TestList_DeletionsAndEarlyEnd(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t) {
		for n := range 600 {
			put(t, s, fmt.Sprintf("exports/export-%d/a.pdf", n), []byte("a"))
		}
		met := 0
		for f, err := range s.List(t.Context(), "exports") {
			if err == nil {
				err = s.Delete(t.Context(), f.Key)
			}
			if err != nil {
				t.Fatal(err)
			}
			if met++; met == 300 {
				break
			}
		}
		if left := list(t, s, "exports"); len(left) != 300 {
			t.Errorf("%s: %d files are left", name, len(left))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var got []error
		for _, err := range s.List(ctx, "exports") {
			got = append(got, err)
		}
		if name == "directory" && (len(got) != 1 || !errors.Is(got[0], context.Canceled) || !strings.Contains(got[0].Error(), "listing the files under exports")) {
			t.Errorf("%s, canceled: %v", name, got)
		}
	}
}

func TestList_TemporaryFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	for name, want := range map[string]string{
		"a.pdf.17f3a2b4c5d6e7f8.tmp": "exports/ab/a.pdf",
		"a.pdf.0.tmp":                "exports/ab/a.pdf",
		"a.pdf":                      "",
		"a.tmp":                      "",
		".17f3.tmp":                  "",
		"a.pdf.17f3a2b4c5d6e7f8":     "",
		"a.pdf.holiday.tmp":          "",
	} {
		key := "exports/ab/" + name
		put(t, s, key, nil)
		if f := list(t, s, "exports")[key]; f.Key != key || f.WrittenFor != want {
			t.Errorf("%s is listed as %+v, want written for %q", key, f, want)
		}
	}
	// What a killed Put leaves is such a file.
	var seen []string
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				_ = s.Put(t.Context(), "busy/cd/b.pdf", make([]byte, 1<<20), "application/pdf")
			}
		}
	}()
	deadline := time.Now().Add(20 * time.Second)
	for len(seen) == 0 && time.Now().Before(deadline) {
		entries, _ := os.ReadDir(filepath.Join(dir, "busy/cd"))
		for _, e := range entries {
			if e.Name() != "b.pdf" {
				seen = append(seen, e.Name())
			}
		}
	}
	close(stop)
	<-done
	if len(seen) == 0 {
		t.Fatal("no temporary file was seen")
	}
	for _, name := range seen {
		put(t, s, "left/"+name, nil)
		if f := list(t, s, "left")["left/"+name]; f.WrittenFor != "left/b.pdf" {
			t.Errorf("%s is listed as %+v", name, f)
		}
	}
	if keys := list(t, s, "busy"); len(keys) != 1 {
		t.Errorf("left are %v", keys)
	}
}
