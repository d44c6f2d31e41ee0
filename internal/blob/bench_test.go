package blob

import (
	"crypto/sha256"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/google/uuid"
)

// BenchmarkPut stores files of 60 KB, a common size of exports: with bytes and
// directory entries synced (as in use), with bytes only (after a power loss a row
// may name a missing file), and with nothing synced.
func BenchmarkPut(b *testing.B) {
	for name, fsync := range map[string]func(*os.File) error{
		"durable": (*os.File).Sync,
		"bytes": func(f *os.File) error {
			if info, err := f.Stat(); err != nil || info.IsDir() {
				return err
			}
			return f.Sync()
		},
		"none": func(*os.File) error { return nil },
	} {
		b.Run(name, func(b *testing.B) {
			d := benchDirectory(b)
			d.fsync = fsync
			data := make([]byte, 60_000)
			before := processorTime()
			for b.Loop() {
				if err := d.put(b.Context(), exportKey(), data, ""); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(processorTime()-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

func BenchmarkCopy(b *testing.B) {
	for name, fsync := range map[string]func(*os.File) error{"durable": (*os.File).Sync, "none": func(*os.File) error { return nil }} {
		b.Run(name, func(b *testing.B) {
			d := benchDirectory(b)
			d.fsync = fsync
			if err := d.put(b.Context(), "a.pdf", make([]byte, 60_000), ""); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				key := exportKey()
				if _, err := d.copy(b.Context(), "a.pdf", key); err != nil {
					b.Fatal(err)
				}
				if err := d.sync(b.Context(), key); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkVerify measures the verification that precedes a copy.
func BenchmarkVerify(b *testing.B) {
	s := &Store{backend: benchDirectory(b)}
	data := make([]byte, 60_000)
	sum := sha256.Sum256(data)
	if err := s.Put(b.Context(), "a.pdf", data, ""); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := s.Verify(b.Context(), "a.pdf", int64(len(data)), sum); err != nil {
			b.Fatal(err)
		}
	}
}

// benchDirectory returns a directory store with all its subdirectories, as after some use.
func benchDirectory(b *testing.B) *directory {
	b.Helper()
	d, err := openDirectory(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.close() })
	for n := range 256 {
		if err := d.root.MkdirAll(fmt.Sprintf("exports/%02x", n), 0o700); err != nil {
			b.Fatal(err)
		}
	}
	return d
}

// processorTime returns the processor time of this process in nanoseconds.
func processorTime() int64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

func exportKey() string {
	id := uuid.NewString()
	return "exports/" + id[len(id)-2:] + "/" + id + ".pdf"
}
