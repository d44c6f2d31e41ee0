package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
)

// copy gives the file a second name, a hard link, which takes no space and need not read the
// file. Files are never changed in place (put replaces the name, delete removes one name), so
// a link is as good as a copy. If a link cannot be made (a file is in the way, the file system
// has no links, or no more of them for this file), the bytes are copied. The new name is
// durable after sync.
func (d *directory) copy(ctx context.Context, from, to string) (int64, error) {
	source, size, err := d.open(ctx, from)
	if err != nil {
		return 0, err
	}
	defer func() { _ = source.Close() }()
	if err := checkKey(ctx, to); err != nil {
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
			d.removeEmpty(parent) // which mkdir may just have made
		}
	}
	return err
}

// sync waits until the name is on the disk.
func (d *directory) sync(ctx context.Context, key string) error {
	if err := checkKey(ctx, key); err != nil {
		return err
	}
	dir, err := d.root.OpenRoot(path.Dir(key))
	if err != nil {
		return pathError(err)
	}
	defer func() { _ = dir.Close() }()
	return cause(d.syncEntries(dir))
}
