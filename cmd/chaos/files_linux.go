package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// diskSize is more than a long run needs; only used space takes memory.
const diskSize = 2 << 30

func mountDisk(dir string) error {
	return unix.Mount("letraz-chaos", dir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, fmt.Sprintf("size=%d,mode=0711", diskSize))
}

// shrinkDisk reduces the size of a file system to what it uses.
func shrinkDisk(dir string) error {
	var err error
	for range 50 { // it may grow after its size was read
		var s unix.Statfs_t
		if err = unix.Statfs(dir, &s); err != nil {
			return err
		}
		used := max(int64(s.Blocks-s.Bfree), 1) * s.Bsize
		if err = resizeDisk(dir, used); err == nil {
			return nil
		}
	}
	return fmt.Errorf("shrinking the disk of the file store: %w", err)
}

func growDisk(dir string) error { return resizeDisk(dir, diskSize) }

func resizeDisk(dir string, size int64) error {
	return unix.Mount("letraz-chaos", dir, "tmpfs", unix.MS_REMOUNT|unix.MS_NOSUID|unix.MS_NODEV, fmt.Sprintf("size=%d", size))
}

// unmountDisk unmounts a file system even if files on it are open.
func unmountDisk(dir string) error { return unix.Unmount(dir, unix.MNT_DETACH) }

// exchange exchanges two names atomically, so that neither is ever missing.
func exchange(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}
