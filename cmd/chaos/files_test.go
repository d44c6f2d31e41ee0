package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestFiles_FillAndSwap(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux swaps names in one step")
	}
	f, err := makeFiles(filepath.Join(t.TempDir(), "disk"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.close(); err != nil {
			t.Error(err)
		}
	})
	shard := filepath.Join(f.dir, "shard")
	if err := os.Mkdir(shard, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name string) error { return os.WriteFile(filepath.Join(shard, name), make([]byte, 1<<20), 0o600) }
	if err := write("first"); err != nil {
		t.Fatal(err)
	}
	if f.mounted || os.Geteuid() != 0 {
		if err := f.fill(); err != nil {
			t.Fatal(err)
		}
		if write("second") == nil {
			t.Error("there is room in a full store")
		}
		if err := f.drain(); err != nil {
			t.Fatal(err)
		}
		if err := write("third"); err != nil {
			t.Errorf("after the drain: %v", err)
		}
	}
	if err := f.swap(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(shard, "first")); err == nil {
		t.Error("a store that was taken away has its files")
	}
	if err := f.swap(); err != nil {
		t.Fatal(err)
	}
	if list, err := f.list(); err != nil || len(list) == 0 {
		t.Errorf("after its return: %v, %v", list, err)
	}
}
