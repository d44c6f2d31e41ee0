package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/letrazapp/letraz-export/internal/export"
)

// listPage is how many names of a directory are read at a time.
const listPage = 256

func (d *directory) list(ctx context.Context, under string) iter.Seq2[export.StoredFile, error] {
	return func(yield func(export.StoredFile, error) bool) {
		if err := usable(ctx, under); err != nil {
			yield(export.StoredFile{}, err)
			return
		}
		if err := walk(ctx, d.root, under, under, yield); err != nil && !errors.Is(err, errEnough) {
			yield(export.StoredFile{}, cause(err))
		}
	}
}

// errEnough: the caller wants no more.
var errEnough = errors.New("enough")

// walk lists the directory name in root, whose key is given. That somebody else
// has just removed it, or a file in it, is no error.
func walk(ctx context.Context, root *os.Root, name, key string, yield func(export.StoredFile, error) bool) error {
	dir, err := root.OpenRoot(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	f, err := dir.Open(".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	for {
		entries, err := f.ReadDir(listPage)
		for _, e := range entries {
			if err := ctx.Err(); err != nil {
				return err
			}
			below := path.Join(key, e.Name())
			if e.IsDir() {
				if err := walk(ctx, dir, e.Name(), below, yield); err != nil {
					return err
				}
				continue
			}
			info, err := dir.Lstat(e.Name())
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return err
			}
			if !yield(export.StoredFile{Key: below, Size: info.Size(), Modified: info.ModTime(), WrittenFor: writtenFor(below)}, nil) {
				return errEnough
			}
		}
		if err == io.EOF || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// temporarySuffix ends the names of files that are being written: the name to be,
// a hexadecimal number, and this.
const temporarySuffix = ".tmp"

// writtenFor is the key a temporary file's bytes were meant for.
func writtenFor(key string) string {
	key, ok := strings.CutSuffix(key, temporarySuffix)
	dot := strings.LastIndexByte(key, '.')
	if !ok || dot <= strings.LastIndexByte(key, '/')+1 {
		return ""
	}
	if _, err := strconv.ParseUint(key[dot+1:], 16, 64); err != nil {
		return ""
	}
	return key[:dot]
}
