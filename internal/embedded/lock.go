package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ErrInUse means that another process, or another server of this process, has locked the
// directory.
var ErrInUse = errors.New("directory is in use")

// dirLock is an exclusive lock of a directory. It uses flock: the kernel releases it when its
// holder ends, and child processes do not inherit it, because Go opens files close-on-exec. If
// it is free, there is no living holder.
type dirLock struct {
	file *os.File
}

// lockDir locks dir through the file name inside it. It fails with ErrInUse, naming the
// holder.
func lockDir(dir, name string) (*dirLock, error) {
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock file of the data directory: %w", err)
	}
	err = flock(f, syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder := lockHolder(path)
		_ = f.Close()
		return nil, fmt.Errorf("%w: %s is held by %s; stop it, or choose another --data-dir", ErrInUse, dir, holder)
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("locking %s (the data directory needs a file system with flock): %w", path, err)
	}

	// The pid is only used in the message above.
	if err := f.Truncate(0); err == nil {
		_, _ = fmt.Fprintf(f, "%d\n", os.Getpid())
	}
	return &dirLock{file: f}, nil
}

// release releases the lock. The file is not deleted, because two processes could then lock
// different files.
//
// It unlocks the file before closing it. A child that is being started has a copy of the
// descriptor until it runs its program, and would keep the lock if this process only closed
// its own.
func (l *dirLock) release() error {
	if err := errors.Join(flock(l.file, syscall.LOCK_UN), l.file.Close()); err != nil {
		return fmt.Errorf("releasing the lock of the data directory: %w", err)
	}
	return nil
}

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

func lockHolder(path string) string {
	b, err := os.ReadFile(path)
	pid := strings.TrimSpace(string(b))
	if err != nil || pid == "" {
		return "another process"
	}
	return "process " + pid
}
