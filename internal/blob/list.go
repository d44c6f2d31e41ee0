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
		if err := checkKey(ctx, under); err != nil {
			yield(export.StoredFile{}, err)
			return
		}
		if err := walk(ctx, d.root, under, under, yield); err != nil && !errors.Is(err, errStop) {
			yield(export.StoredFile{}, cause(err))
		}
	}
}

// errStop ends a walk whose caller wants no more files.
var errStop = errors.New("stop listing")

// walk lists the directory name in root, whose key is given. Files and directories
// that are removed meanwhile are skipped.
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
				return errStop
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

// temporarySuffix ends the names of temporary files: the final name, a dot, a
// hexadecimal number, and this suffix.
const temporarySuffix = ".tmp"

// writtenFor returns the key that a temporary file is for, or "" for other files.
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
