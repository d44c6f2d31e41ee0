package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// files is the service's file store, a directory that can be filled up and made unavailable.
type files struct {
	place   string // the mount point, if the store has its own file system
	dir     string // the blob store's root
	aside   string // a plain file that replaces the directory while it is unavailable
	mounted bool

	mu     sync.Mutex
	bad    map[uint64]bool // inodes of damaged files; copies of a file are hard links to it
	owners map[string]bool // users with a damaged file
}

// makeFiles creates the directory, on a small file system if this process may mount one.
func makeFiles(place string) (*files, error) {
	f := &files{place: place, dir: filepath.Join(place, "store"), aside: filepath.Join(place, "aside"), bad: map[uint64]bool{}, owners: map[string]bool{}}
	if err := os.Mkdir(place, 0o711); err != nil {
		return nil, err
	}
	f.mounted = mountDisk(place) == nil
	return f, errors.Join(os.Mkdir(f.dir, 0o700), os.WriteFile(f.aside, nil, 0o600))
}

// fill makes the store full: its file system shrinks to the used size. Without a separate file
// system, no directory permits new entries, which does not affect root.
func (f *files) fill() error {
	if f.mounted {
		return shrinkDisk(f.place)
	}
	if os.Geteuid() == 0 {
		return errors.New("it takes a mount, which is not allowed here")
	}
	return f.permit(0o500)
}

func (f *files) drain() error {
	if f.mounted {
		return growDisk(f.place)
	}
	return f.permit(0o700)
}

// permit sets the permissions of every directory of the store.
func (f *files) permit(mode fs.FileMode) error {
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // nothing was written
	return fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return root.Chmod(path, mode)
	})
}

// damage changes bytes in the middle of an export's file, which changes every hard link to it.
func (f *files) damage(id, owner string) error {
	path, info, err := f.find(id)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.bad[info.Sys().(*syscall.Stat_t).Ino], f.owners[owner] = true, true
	f.mu.Unlock()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteAt([]byte("damaged"), info.Size()/2)
	return errors.Join(err, file.Close())
}

// damaged reports whether an export's file was damaged.
func (f *files) damaged(id string) bool {
	_, info, err := f.find(id)
	if err != nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.bad[info.Sys().(*syscall.Stat_t).Ino]
}

// find returns the path of an export's file; its key contains the id.
func (f *files) find(id string) (path string, info fs.FileInfo, err error) {
	paths, _ := filepath.Glob(filepath.Join(f.dir, "exports", "*", id+"*")) // the pattern is valid
	if len(paths) == 0 {
		return "", nil, fs.ErrNotExist
	}
	info, err = os.Stat(paths[0])
	return paths[0], info, err
}

// swap exchanges the directory with a plain file, so that every use of it fails, or exchanges
// them back.
func (f *files) swap() error { return exchange(f.dir, f.aside) }

func (f *files) close() error {
	if !f.mounted {
		return nil
	}
	return unmountDisk(f.place)
}

// list reads every file of the store.
func (f *files) list() ([]checker.Stored, error) {
	var all []checker.Stored
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == export.StoreMarker {
			return err
		}
		s := checker.Stored{Key: filepath.ToSlash(strings.TrimPrefix(path, f.dir+string(filepath.Separator))), Path: path}
		if s.Size, s.SHA256, err = digest(path); err != nil {
			return err
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the file store: %w", err)
	}
	return all, nil
}

func digest(path string) (int64, string, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = file.Close() }() // nothing was written
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	return n, hex.EncodeToString(sum.Sum(nil)), err
}

// age makes files a day old, so that a sweep, which leaves young files alone, considers them.
func age(list []checker.Stored) error {
	old := time.Now().Add(-24 * time.Hour)
	var errs []error
	for _, s := range list {
		errs = append(errs, os.Chtimes(s.Path, old, old))
	}
	return errors.Join(errs...)
}
