package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// diskSize is ample for a long run; only what is used takes memory.
const diskSize = 2 << 30

func mountDisk(dir string) error {
	return unix.Mount("letraz-chaos", dir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, fmt.Sprintf("size=%d,mode=0711", diskSize))
}

// shrinkDisk lets a disk end where what it holds ends.
func shrinkDisk(dir string) error {
	var err error
	for range 50 { // it may grow between the look and the change
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

// unmountDisk also does it while somebody still holds a file.
func unmountDisk(dir string) error { return unix.Unmount(dir, unix.MNT_DETACH) }

// exchange swaps two names in one step, so that neither is ever missing.
func exchange(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}
