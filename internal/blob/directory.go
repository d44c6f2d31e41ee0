package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strconv"
)

// directory is a store in the local file system. Its root confines every key to the
// directory, whatever the key contains and wherever symbolic links lead.
type directory struct {
	path string
	root *os.Root
	// fsync waits until a file's bytes, or a directory's entries, are on the disk.
	fsync func(*os.File) error
}

func openDirectory(name string) (*directory, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("opening the blob store in %s: %w", name, err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("the file store %s: %s", abs, sentence(cause(err)))
	}
	return &directory{path: abs, root: root, fsync: (*os.File).Sync}, nil
}

// put writes a temporary file and renames it, so that no reader sees a part of it.
// It waits for the disk twice: before the rename, so that the name never refers to
// a part of the bytes, and after it, so that the name is durable when put returns.
func (d *directory) put(ctx context.Context, key string, data []byte, _ string) error {
	return d.write(ctx, key, func(f *os.File) error {
		_, err := f.Write(data)
		return err
	})
}

// create writes the file under a temporary name and gives it a second one, which fails if
// there is such a file.
func (d *directory) create(ctx context.Context, key string, data []byte, contentType string) error {
	if _, err := d.root.Lstat(key); err == nil {
		return errExists
	}
	temporary := key + "." + strconv.FormatUint(rand.Uint64(), 16) + temporarySuffix
	if err := d.put(ctx, temporary, data, contentType); err != nil {
		return err
	}
	defer func() { _ = d.root.Remove(temporary) }()
	err := d.root.Link(temporary, key)
	switch {
	case errors.Is(err, fs.ErrExist):
		return errExists
	case err != nil: // a file system without links
		return d.put(ctx, key, data, contentType)
	default:
		return d.sync(ctx, key)
	}
}

// write stores under the key what fill writes.
func (d *directory) write(ctx context.Context, key string, fill func(*os.File) error) error {
	if err := checkKey(ctx, key); err != nil {
		return err
	}
	if err := d.ping(ctx); err != nil {
		return cause(err)
	}
	name := path.Base(key)
	dir, f, err := d.createTemporary(key)
	if err != nil {
		return cause(err)
	}
	defer func() { _ = dir.Close() }()
	temporary := path.Base(f.Name())
	err = fill(f)
	if err == nil {
		err = d.fsync(f)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = dir.Rename(temporary, name)
	}
	if err != nil {
		_ = dir.Remove(temporary) // the sweeper deletes it otherwise
		return cause(err)
	}
	return cause(d.syncEntries(dir))
}

// createTemporary creates the temporary file for a key and opens its directory, which it
// creates when missing. A concurrent Delete may remove the directory while it is
// empty, so it tries several times.
func (d *directory) createTemporary(key string) (*os.Root, *os.File, error) {
	parent := path.Dir(key)
	for try := 1; ; try++ {
		dir, err := d.root.OpenRoot(parent)
		if errors.Is(err, fs.ErrNotExist) && try < tries {
			if err = d.mkdir(parent); err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
				continue
			}
		}
		if err != nil {
			return nil, nil, err
		}
		temporary := path.Base(key) + "." + strconv.FormatUint(rand.Uint64(), 16) + temporarySuffix
		f, err := dir.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			return dir, f, nil
		}
		_ = dir.Close()
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) || try == tries {
			return nil, nil, err
		}
	}
}

// tries is how often a concurrent Delete may have removed the directory.
const tries = 10

// mkdir creates a directory that survives a power loss, like the files in it.
func (d *directory) mkdir(dir string) error {
	if err := d.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for above := path.Dir(dir); ; above = path.Dir(above) {
		r, err := d.root.OpenRoot(above)
		if err != nil {
			return err
		}
		err = d.syncEntries(r)
		_ = r.Close()
		if err != nil || above == "." {
			return err
		}
	}
}

// syncEntries waits until the entries of a directory are on the disk.
func (d *directory) syncEntries(dir *os.Root) error {
	f, err := dir.Open(".")
	if err != nil {
		return err
	}
	err = d.fsync(f)
	_ = f.Close()
	return err
}

func (d *directory) open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	if err := checkKey(ctx, key); err != nil {
		return nil, 0, err
	}
	f, err := d.root.Open(key)
	if err != nil {
		return nil, 0, pathError(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotFound // a directory has no bytes
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, cause(err)
	}
	return f, info.Size(), nil
}

func (d *directory) delete(ctx context.Context, key string) error {
	if err := checkKey(ctx, key); err != nil {
		return err
	}
	if err := d.root.Remove(key); err != nil {
		return pathError(err)
	}
	d.removeEmpty(path.Dir(key))
	return nil
}

// removeEmpty removes a directory if it is empty and has a long name. Directories
// with long names were made for one export each and would accumulate; those with
// short names are shared by many keys and soon needed again.
func (d *directory) removeEmpty(dir string) {
	if len(path.Base(dir)) > 2 && path.Dir(dir) != "." {
		_ = d.root.Remove(dir)
	}
}

// errOther means that another directory has taken the store's place.
var errOther = errors.New("is not the directory that was opened")

// ping also reports that another directory, such as a mounted one, has taken the
// place of the one that was opened.
func (d *directory) ping(context.Context) error {
	there, err := os.Stat(d.path)
	if err != nil {
		return cause(err)
	}
	opened, err := d.root.Stat(".")
	if err == nil && !os.SameFile(there, opened) {
		err = fmt.Errorf("%s %w: restart to use what is there now", d.path, errOther)
	}
	return err
}

func (d *directory) close() error { return d.root.Close() }

// checkKey returns an error for a key that is no plain path, and when ctx has ended.
func checkKey(ctx context.Context, key string) error {
	if key == "." || !fs.ValidPath(key) {
		return errors.New("the key is not a plain path such as exports/ab/name.pdf")
	}
	return ctx.Err()
}

// pathError returns ErrNotFound when there is no such file, and else the cause.
func pathError(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	return cause(err)
}

// cause returns the error without its paths: callers know the file by its key.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
