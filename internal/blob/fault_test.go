package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/letrazapp/letraz-export/internal/blob"
)

// fullEnv makes the test binary a process that stores a file under a limit on
// file sizes, which fails a write half-way as a full disk does.
const fullEnv = "LETRAZ_BLOB_TEST_FULL"

func TestMain(m *testing.M) {
	if dir := os.Getenv(fullEnv); dir != "" {
		os.Exit(storeOnFullDisk(dir))
	}
	goleak.VerifyTestMain(m)
}

func storeOnFullDisk(dir string) int {
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4096, Max: 4096}); err != nil {
		fmt.Println(err)
		return 1
	}
	s, err := blob.Open(context.Background(), dir)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("put:", s.Put(context.Background(), "exports/1/a.pdf", make([]byte, 10_000), "application/pdf"))
	return 0
}

func TestPut_WriteFailsHalfway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), fullEnv+"="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if !strings.Contains(string(out), "put: storing exports/1/a.pdf: ") || !strings.Contains(string(out), "file too large") {
		t.Errorf("it said %s", out)
	}
	wantNone(t, open(t, dir), "exports/1/a.pdf")
	if left := strings.Join(filesIn(t, dir), " "); left != "exports exports/1" {
		t.Errorf("left are %s", left)
	}
}

func TestPut_IsAtomic(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	sizes := []int{1 << 20, 3 << 20}
	put(t, s, "a.pdf", make([]byte, sizes[0]))
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				if err := s.Put(t.Context(), "a.pdf", make([]byte, sizes[i%2]), "application/pdf"); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for range 500 {
		r, size, err := s.Open(t.Context(), "a.pdf")
		if err != nil {
			t.Error(err)
			break
		}
		if size != int64(sizes[0]) && size != int64(sizes[1]) {
			t.Errorf("seen with %d bytes", size)
		}
		_ = r.Close()
	}
	close(stop)
	writer.Wait()
}

func TestPut_Canceled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, "a.pdf", bytes.Repeat([]byte("x"), 1000), "application/pdf"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	if left := filesIn(t, dir); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
}

// Permissions do not stop root, so the test puts a file in the way.
func TestOpenStore_NotADirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, location := range []string{file, filepath.Join(file, "below")} {
		if _, err := blob.Open(t.Context(), location); err == nil || !strings.Contains(err.Error(), "not a directory") || !strings.Contains(err.Error(), file) {
			t.Errorf("opening %s: %v", location, err)
		}
	}
	s := open(t, dir)
	if err := s.Put(t.Context(), "file/a.pdf", []byte("a"), "application/pdf"); err == nil || !strings.Contains(err.Error(), "storing file/a.pdf: ") || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("storing below a file: %v", err)
	}
	if _, _, err := s.Open(t.Context(), "file/a.pdf"); err == nil || errors.Is(err, blob.ErrNotFound) {
		t.Errorf("a fault is reported as a missing file: %v", err)
	}
}

func TestPing_DirectoryRemoved(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	s := open(t, dir)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "reaching the blob store") {
		t.Error(err)
	}
	if err := s.Put(t.Context(), "exports/ab/a.pdf", []byte("a"), "application/pdf"); err == nil || errors.Is(err, blob.ErrNotFound) {
		t.Errorf("storing in a removed directory: %v", err)
	}
	// Another directory in its place, such as a disk mounted later, is another store.
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "restart") {
		t.Error(err)
	}
}

func TestOpenStore_BadLocationHidesSecrets(t *testing.T) {
	t.Chdir(t.TempDir()) // where a location mistaken for a directory would show
	for _, location := range []string{
		"", "file://", "s3://", "s3://key:hidden@buc ket", "s3://key:hidden@%zz", "s3://key:hidden@bucket?secret_key=hidden&region=eu-central-1",
		"s3://bucket?region=%zz&key=hidden", "ftp://key:hidden@host/files?token=hidden", "S3 ://key:hidden@x", "://hidden",
	} {
		s, err := blob.Open(t.Context(), location)
		if err == nil {
			t.Errorf("%q: no error", location)
			_ = s.Close()
			continue
		}
		t.Log(err)
		if !strings.Contains(err.Error(), "blob store") || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%q: %v", location, err)
		}
	}
	if made := filesIn(t, "."); len(made) > 0 {
		t.Errorf("made %v", made)
	}
}

// Nobody listens at the endpoint. The error must not be ErrNotFound.
func TestBucket_Unreachable(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hidden")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	s := open(t, "s3://bucket?region=eu-central-1&use_path_style=true&endpoint=http://"+closed.Addr().String())
	ctx := t.Context()
	var calls sync.WaitGroup // at once, since each is repeated for a while
	for what, call := range map[string]func() error{
		"storing a.pdf: ":           func() error { return s.Put(ctx, "a.pdf", []byte("a"), "application/pdf") },
		"copying a.pdf to b.pdf: ":  func() error { _, err := s.Copy(ctx, "a.pdf", "b.pdf"); return err },
		"opening a.pdf: ":           func() error { _, _, err := s.Open(ctx, "a.pdf"); return err },
		"deleting a.pdf: ":          func() error { return s.Delete(ctx, "a.pdf") },
		"reaching the blob store: ": func() error { return s.Ping(ctx) },
		"listing the files under exports: ": func() (err error) {
			for _, err = range s.List(ctx, "exports") {
			}
			return err
		},
	} {
		calls.Go(func() {
			err := call()
			if err == nil || errors.Is(err, blob.ErrNotFound) || !strings.HasPrefix(err.Error(), what) || strings.Contains(err.Error(), "hidden") {
				t.Errorf("%s%v", what, err)
			}
		})
	}
	calls.Wait()
}
