package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// Copy stores the bytes under from once more under to, whole or not at all, and
// returns how many there are; ErrNotFound when there are none under from. Either
// can be deleted without harm to the other.
func (s *Store) Copy(ctx context.Context, from, to string) (int64, error) {
	if size, err := s.link(ctx, from, to); err == nil {
		return size, nil
	}
	for try := 1; ; try++ {
		size, err := s.copyBytes(ctx, from, to)
		if err == nil {
			return size, nil
		}
		missing := gcerrors.Code(err) == gcerrors.NotFound
		if missing || errors.Is(err, fs.ErrExist) {
			there, existsErr := s.bucket.Exists(ctx, from)
			if existsErr == nil && there && try < 10 {
				continue // a Delete has just removed the directory that the copy goes to
			}
			if existsErr == nil && !there {
				err = ErrNotFound
			}
		}
		return 0, fmt.Errorf("copying %s to %s: %w", from, to, err)
	}
}

// copyBytes has the bucket copy, and asks what has come of it.
func (s *Store) copyBytes(ctx context.Context, from, to string) (int64, error) {
	if err := s.bucket.Copy(ctx, to, from, &blob.CopyOptions{BeforeCopy: private}); err != nil {
		return 0, err
	}
	attributes, err := s.bucket.Attributes(ctx, to)
	if err != nil {
		return 0, err
	}
	return attributes.Size, nil
}

// errNoLink: these are no two names that a link can connect.
var errNoLink = errors.New("not to be linked")

// link makes a directory's file appear under a second name, which costs neither
// space nor reading. That is as good as a copy, because no file is changed once
// it is in place: Put replaces what a name stands for, and Delete removes one name.
// Whatever stands against it (a file in the way, a file system without links or with
// no more of them for this file) is left to a real copy.
func (s *Store) link(ctx context.Context, from, to string) (int64, error) {
	if s.dir == "" || ctx.Err() != nil || !plain(from) || !plain(to) {
		return 0, errNoLink
	}
	target := filepath.Join(s.dir, to)
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return 0, err
	}
	if err := os.Link(filepath.Join(s.dir, from), target); err != nil {
		s.removeEmpty(to) // it may have been made for nothing
		return 0, err
	}
	file, err := os.Stat(target)
	if err != nil {
		return 0, err
	}
	return file.Size(), nil
}

// plain reports keys that are their own file's name: the bucket escapes others.
func plain(key string) bool {
	return filepath.IsLocal(key) && filepath.Clean(key) == key && strings.IndexFunc(key, func(r rune) bool {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z'
		return !letter && (r < '-' || r > '9') && r != '_' // "-./" and digits
	}) < 0
}
