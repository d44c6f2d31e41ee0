package chrome

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// home is an engine's directory. It contains one profile per browser, and a lock file
// that this process holds locked while it runs. A later engine removes the directory
// if it is not locked; the process ID in the name does not tell, because containers
// that share a temporary directory have separate process IDs.
type home struct {
	path string
	lock *os.File
	as   *account
	next atomic.Int64
}

const (
	homePrefix = "letraz-chrome-"
	// newPrefix begins the name of a directory until it is locked.
	newPrefix = "new-" + homePrefix
	lockName  = "lock"
	// youngHome is the age up to which sweeps keep a directory with newPrefix: its
	// owner may be about to lock it.
	youngHome = time.Minute
)

// newHome creates the directory and removes those of dead engines.
func newHome(tempDir string, as *account, log *slog.Logger) (*home, error) {
	sweepHomes(tempDir, log)
	path, err := os.MkdirTemp(tempDir, newPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return nil, fmt.Errorf("creating a directory for profiles: %w", err)
	}
	h := &home{path: path, as: as}
	// Chrome's account may enter the directory to reach its profile, but not list it.
	if err := os.Chmod(path, 0o711); err != nil {
		return nil, errors.Join(fmt.Errorf("setting the mode of %s: %w", path, err), h.remove())
	}
	h.lock, err = os.OpenFile(filepath.Join(path, lockName), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("creating a lock file: %w", err), h.remove())
	}
	if err := flock(h.lock); err != nil {
		return nil, errors.Join(fmt.Errorf("locking %s: %w", h.lock.Name(), err), h.remove())
	}
	// The final name is given to a locked directory only, so that one with that name
	// and no lock belongs to a dead engine and can be removed at once.
	named := filepath.Join(tempDir, strings.TrimPrefix(filepath.Base(path), "new-"))
	if err := os.Rename(path, named); err != nil {
		return nil, errors.Join(fmt.Errorf("renaming the directory for profiles: %w", err), h.remove())
	}
	h.path = named
	return h, nil
}

// profile creates the profile directory of one browser.
func (h *home) profile() (string, error) {
	path := filepath.Join(h.path, strconv.FormatInt(h.next.Add(1), 10))
	if err := os.Mkdir(path, 0o700); err != nil {
		return "", fmt.Errorf("creating a profile: %w", err)
	}
	if h.as != nil {
		if err := os.Chown(path, int(h.as.uid), int(h.as.gid)); err != nil {
			return "", errors.Join(fmt.Errorf("changing the owner of a profile: %w", err), os.Remove(path))
		}
	}
	return path, nil
}

// remove deletes the directory with everything in it. The lock is
// released last, so that no sweep removes the directory at the same time.
func (h *home) remove() error {
	err := os.RemoveAll(h.path)
	if h.lock != nil {
		_ = h.lock.Close()
	}
	if err != nil {
		return fmt.Errorf("removing %s: %w", h.path, err)
	}
	return nil
}

// sweepHomes removes the directories of dead engines: those with the right name and
// owner whose lock nobody holds. It keeps a directory in all other cases.
func sweepHomes(tempDir string, log *slog.Logger) {
	paths, err := filepath.Glob(filepath.Join(tempDir, "*"+homePrefix+"*"))
	if err != nil {
		return
	}
	for _, path := range paths {
		if err := sweepHome(path); err != nil {
			log.Warn("removing the directory of a dead engine failed", "path", path, "error", err)
		}
	}
}

// sweepHome removes the directory if it belongs to a dead engine.
func sweepHome(path string) error {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() {
		return nil
	}
	switch name := filepath.Base(path); {
	case strings.HasPrefix(name, homePrefix):
	case strings.HasPrefix(name, newPrefix) && time.Since(info.ModTime()) >= youngHome:
	default:
		return nil
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || int(st.Uid) != os.Geteuid() {
		return nil
	}
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR|syscall.O_NOFOLLOW, 0)
	if errors.Is(err, os.ErrNotExist) {
		return os.RemoveAll(path) // its owner died while creating or removing it
	}
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	if flock(lock) != nil {
		return nil // its owner is alive
	}
	return os.RemoveAll(path)
}

// flock locks the file, or fails at once if another process has locked it.
func flock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
