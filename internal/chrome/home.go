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

// home is an engine's directory: one profile per browser, and a lock file that
// this process holds locked while it lives. The lock, not the process number in
// the name, tells a later engine whether the directory was left behind: a
// container's numbers mean nothing to the one beside it.
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
	// youngHome is how long sweeps leave one with that name alone: its owner may be
	// about to lock it.
	youngHome = time.Minute
)

// newHome makes the directory and removes those of engines that died.
func newHome(tempDir string, as *account, log *slog.Logger) (*home, error) {
	sweepHomes(tempDir, log)
	path, err := os.MkdirTemp(tempDir, newPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return nil, fmt.Errorf("making a directory for profiles: %w", err)
	}
	h := &home{path: path, as: as}
	// Chrome's account passes through to its profile, and sees nothing else.
	if err := os.Chmod(path, 0o711); err != nil {
		return nil, errors.Join(fmt.Errorf("opening up %s: %w", path, err), h.remove())
	}
	h.lock, err = os.OpenFile(filepath.Join(path, lockName), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making a lock file: %w", err), h.remove())
	}
	if err := flock(h.lock); err != nil {
		return nil, errors.Join(fmt.Errorf("locking %s: %w", h.lock.Name(), err), h.remove())
	}
	// From here on an unlocked one is a dead one's, so that a restart removes at once
	// what a kill left.
	named := filepath.Join(tempDir, strings.TrimPrefix(filepath.Base(path), "new-"))
	if err := os.Rename(path, named); err != nil {
		return nil, errors.Join(fmt.Errorf("naming the directory for profiles: %w", err), h.remove())
	}
	h.path = named
	return h, nil
}

// profile makes the directory of one browser.
func (h *home) profile() (string, error) {
	path := filepath.Join(h.path, strconv.FormatInt(h.next.Add(1), 10))
	if err := os.Mkdir(path, 0o700); err != nil {
		return "", fmt.Errorf("making a profile: %w", err)
	}
	if h.as != nil {
		if err := os.Chown(path, int(h.as.uid), int(h.as.gid)); err != nil {
			return "", errors.Join(fmt.Errorf("giving a profile away: %w", err), os.Remove(path))
		}
	}
	return path, nil
}

// remove deletes the directory with everything in it. The lock goes last, so that
// a sweep never meets a half-removed directory of the living.
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

// sweepHomes removes the directories of dead engines: ours by name and owner, and
// with a lock that nobody holds. When in doubt it leaves one alone.
func sweepHomes(tempDir string, log *slog.Logger) {
	paths, err := filepath.Glob(filepath.Join(tempDir, "*"+homePrefix+"*"))
	if err != nil {
		return
	}
	for _, path := range paths {
		if err := sweepHome(path); err != nil {
			log.Warn("could not remove the directory of a dead engine", "path", path, "error", err)
		}
	}
}

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
		return os.RemoveAll(path) // its owner died while making or removing it
	}
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	if flock(lock) != nil {
		return nil // its owner lives
	}
	return os.RemoveAll(path)
}

// flock takes the lock, or fails at once when another process has it.
func flock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
