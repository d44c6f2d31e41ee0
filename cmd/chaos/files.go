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
)

// files is the directory that the service keeps finished files in. It lies in a
// place that can be filled and taken away.
type files struct {
	place   string // what is mounted, where it is a disk of its own
	dir     string // the blob store's root
	aside   string // a plain file that takes the directory's place
	mounted bool

	mu     sync.Mutex
	bad    map[uint64]bool // inodes of damaged files: copies of a file are links to it
	owners map[string]bool // the users whose files were damaged
}

// makeFiles makes the place, as a small disk of its own where that is allowed.
func makeFiles(place string) (*files, error) {
	f := &files{place: place, dir: filepath.Join(place, "store"), aside: filepath.Join(place, "aside"), bad: map[uint64]bool{}, owners: map[string]bool{}}
	if err := os.Mkdir(place, 0o711); err != nil {
		return nil, err
	}
	f.mounted = mountDisk(place) == nil
	return f, errors.Join(os.Mkdir(f.dir, 0o700), os.WriteFile(f.aside, nil, 0o600))
}

// fill leaves no room: the disk shrinks to what is used. Without a disk of its
// own every directory refuses new entries, which root does not mind.
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

// permit changes what may be done in every directory of the store.
func (f *files) permit(mode fs.FileMode) error {
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // nothing was written through it
	return fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return root.Chmod(path, mode)
	})
}

// damage changes bytes in the middle of an export's file, and of every link to it.
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

// find finds the file of an export by its key, which holds the id.
func (f *files) find(id string) (path string, info fs.FileInfo, err error) {
	paths, _ := filepath.Glob(filepath.Join(f.dir, "exports", "*", id+"*")) // the pattern is right
	if len(paths) == 0 {
		return "", nil, fs.ErrNotExist
	}
	info, err = os.Stat(paths[0])
	return paths[0], info, err
}

// swap takes the directory away, or brings it back: meanwhile there is a plain
// file in its place, and every use of it fails.
func (f *files) swap() error { return exchange(f.dir, f.aside) }

func (f *files) close() error {
	if !f.mounted {
		return nil
	}
	return unmountDisk(f.place)
}

// stored is one file of the store.
type stored struct {
	key    string
	path   string
	size   int64
	sha256 string
}

// list reads every file of the store.
func (f *files) list() ([]stored, error) {
	var all []stored
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		s := stored{key: filepath.ToSlash(strings.TrimPrefix(path, f.dir+string(filepath.Separator))), path: path}
		if s.size, s.sha256, err = digest(path); err != nil {
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
	defer func() { _ = file.Close() }() // it was only read
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	return n, hex.EncodeToString(sum.Sum(nil)), err
}

// age makes files look as if they had been there for a day, so that upkeep which
// leaves young files alone may take them.
func age(list []stored) error {
	old := time.Now().Add(-24 * time.Hour)
	var errs []error
	for _, s := range list {
		errs = append(errs, os.Chtimes(s.path, old, old))
	}
	return errors.Join(errs...)
}
