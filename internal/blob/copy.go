package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
)

// copy makes the file appear under a second name, which costs neither space nor
// reading. That is as good as a copy, because no file is changed once it is in
// place: put replaces what a name stands for, and delete removes one name.
// Whatever stands against it (a file in the way, a file system without links or
// with no more of them for this file) is left to a real copy. The name is on the
// disk after flushed.
func (d *directory) copy(ctx context.Context, from, to string) (int64, error) {
	source, size, err := d.open(ctx, from)
	if err != nil {
		return 0, err
	}
	defer func() { _ = source.Close() }()
	if err := usable(ctx, to); err != nil {
		return 0, err
	}
	if err := d.ping(ctx); err != nil {
		return 0, cause(err)
	}
	if d.link(from, to) == nil {
		return size, nil
	}
	err = d.write(ctx, to, func(f *os.File) error {
		_, err := io.Copy(f, source)
		return err
	})
	return size, err
}

// link gives the file a second name.
func (d *directory) link(from, to string) error {
	parent := path.Dir(to)
	err := d.root.Link(from, to)
	if errors.Is(err, fs.ErrNotExist) {
		if err := d.mkdir(parent); err != nil {
			return err
		}
		if err = d.root.Link(from, to); err != nil {
			d.removeEmpty(parent) // it may have been made for nothing
		}
	}
	return err
}

// flushed waits for the disk.
func (d *directory) flushed(ctx context.Context, key string) error {
	if err := usable(ctx, key); err != nil {
		return err
	}
	dir, err := d.root.OpenRoot(path.Dir(key))
	if err != nil {
		return absent(err)
	}
	defer func() { _ = dir.Close() }()
	return cause(d.flushNames(dir))
}
