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

// directory is a store in the local file system. Its root keeps every key inside,
// whatever it says and whatever links there are.
type directory struct {
	path string
	root *os.Root
	// flush waits until a file's bytes, or a directory's names, are on the disk.
	flush func(*os.File) error
}

func openDirectory(name string) (*directory, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("opening the blob store in %s: %w", name, err)
	}
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return nil, fmt.Errorf("creating the blob store: %w", err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("opening the blob store in %s: %w", abs, err)
	}
	return &directory{path: abs, root: root, flush: (*os.File).Sync}, nil
}

// put writes beside the place and renames, so that nobody sees half a file, and
// waits for the disk twice: before the rename, so that the name never stands for
// less than the whole, and after it, so that a row may name the file.
func (d *directory) put(ctx context.Context, key string, data []byte, _ string) error {
	return d.write(ctx, key, func(f *os.File) error {
		_, err := f.Write(data)
		return err
	})
}

// write puts what fill writes under the key.
func (d *directory) write(ctx context.Context, key string, fill func(*os.File) error) error {
	if err := usable(ctx, key); err != nil {
		return err
	}
	if err := d.ping(ctx); err != nil {
		return cause(err)
	}
	name := path.Base(key)
	dir, f, err := d.create(key)
	if err != nil {
		return cause(err)
	}
	defer func() { _ = dir.Close() }()
	temporary := path.Base(f.Name())
	err = fill(f)
	if err == nil {
		err = d.flush(f)
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
		_ = dir.Remove(temporary) // else the sweeper finds it
		return cause(err)
	}
	return cause(d.flushNames(dir))
}

// create makes the temporary file for a key and opens the directory it is in,
// which is made when missing. A Delete may remove that directory, while it is
// empty, at any moment up to then.
func (d *directory) create(key string) (*os.Root, *os.File, error) {
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

// tries are how often somebody else may have removed the directory.
const tries = 10

// mkdir makes a directory that survives a power cut like the files in it.
func (d *directory) mkdir(dir string) error {
	if err := d.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for above := path.Dir(dir); ; above = path.Dir(above) {
		r, err := d.root.OpenRoot(above)
		if err != nil {
			return err
		}
		err = d.flushNames(r)
		_ = r.Close()
		if err != nil || above == "." {
			return err
		}
	}
}

// flushNames waits until the names in a directory are on the disk.
func (d *directory) flushNames(dir *os.Root) error {
	f, err := dir.Open(".")
	if err != nil {
		return err
	}
	err = d.flush(f)
	_ = f.Close()
	return err
}

func (d *directory) open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	if err := usable(ctx, key); err != nil {
		return nil, 0, err
	}
	f, err := d.root.Open(key)
	if err != nil {
		return nil, 0, absent(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotFound // a directory, which has no bytes
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, cause(err)
	}
	return f, info.Size(), nil
}

func (d *directory) delete(ctx context.Context, key string) error {
	if err := usable(ctx, key); err != nil {
		return err
	}
	if err := d.root.Remove(key); err != nil {
		return absent(err)
	}
	d.removeEmpty(path.Dir(key))
	return nil
}

// removeEmpty removes a directory that holds nothing any more, which the attempt
// itself finds out, unless its name is short: those are shared by many keys and
// soon needed again, while a long one was made for one export alone, and they
// would pile up.
func (d *directory) removeEmpty(dir string) {
	if len(path.Base(dir)) > 2 && path.Dir(dir) != "." {
		_ = d.root.Remove(dir)
	}
}

// errOther means that another directory has taken the store's place.
var errOther = errors.New("is not the directory that was opened")

// ping also finds that something else stands, or is mounted, where the directory was.
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

// usable reports why a key, or the moment, is no good.
func usable(ctx context.Context, key string) error {
	if key == "." || !fs.ValidPath(key) {
		return errors.New("the key is not a plain path such as exports/ab/name.pdf")
	}
	return ctx.Err()
}

// absent is the cause of an error, or ErrNotFound if it is that there is no file.
func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	return cause(err)
}

// cause is what went wrong without the paths, which the caller knows as keys.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
