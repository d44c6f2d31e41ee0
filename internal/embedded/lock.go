package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ErrInUse reports that another live process, or another server of this process, owns the directory.
var ErrInUse = errors.New("directory is in use")

// dirLock is an exclusive claim on a directory. It is an flock: the kernel drops it when the holder dies, and child
// processes do not inherit it because Go opens files close-on-exec. So a free lock proves that no live holder exists.
type dirLock struct {
	file *os.File
}

// lockDir claims dir through the file name inside it, or fails with ErrInUse, naming the holder.
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

	// The pid only serves the message above; the lock itself is what counts.
	if err := f.Truncate(0); err == nil {
		_, _ = fmt.Fprintf(f, "%d\n", os.Getpid())
	}
	return &dirLock{file: f}, nil
}

// release gives the directory up. The file stays: deleting it would let two holders lock two different files.
//
// It unlocks before it closes: a child that is being forked at this moment has a copy of the descriptor until it runs its
// program, and closing ours alone would leave the lock with it.
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
