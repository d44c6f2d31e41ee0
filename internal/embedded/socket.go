package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	// socketPort is only a part of the socket's name; no TCP port is opened.
	socketPort = "5432"

	// maxSocketPath is how long a socket's path may be on macOS; Linux allows four bytes more.
	maxSocketPath = 103

	// tempSocketPrefix starts the name of a socket directory outside the data directory.
	tempSocketPrefix = "letraz-export-pg-"
)

// socketDir is the directory of the server's socket. Who may enter it may use the database.
type socketDir struct {
	path string
	temp bool // it lies outside the data directory and goes when the server ends
}

// makeSocketDir makes an empty directory for the socket, inside the data directory where the path allows: not when it
// is too long for a socket, and not with a comma or quote in it, which separate several directories for both the server
// and its clients.
func (c *cluster) makeSocketDir(ctx context.Context) (socketDir, error) {
	inside := filepath.Join(c.dir, "run")
	// A socket left by a crash has a lock file, and its pid may belong to some other process by now.
	if err := os.RemoveAll(inside); err != nil {
		return socketDir{}, fmt.Errorf("clearing the socket directory: %w", err)
	}
	if fitsSocket(inside) {
		if err := os.Mkdir(inside, 0o700); err != nil {
			return socketDir{}, fmt.Errorf("creating the socket directory: %w", err)
		}
		return socketDir{path: inside}, c.account.own(inside)
	}

	for _, parent := range []string{os.TempDir(), "/tmp"} {
		if !fitsSocket(filepath.Join(parent, tempSocketPrefix+"0123456789")) {
			continue
		}
		path, err := os.MkdirTemp(parent, tempSocketPrefix)
		if err != nil {
			return socketDir{}, fmt.Errorf("creating a socket directory, the data directory's path being too long for one: %w", err)
		}
		socket := socketDir{path: path, temp: true}
		err = c.account.own(path)
		if err == nil {
			err = c.account.checkReach(ctx, path, c.program("postgres"), "--version")
		}
		if err == nil {
			return socket, nil
		}
		if err := errors.Join(err, socket.remove()); parent == "/tmp" {
			return socketDir{}, err
		}
	}
	return socketDir{}, fmt.Errorf("the path %s is unfit for a socket (over %d bytes, or with a comma or quote in it), "+
		"and so is the temporary directory: choose a shorter --data-dir", c.dir, maxSocketPath)
}

func fitsSocket(dir string) bool {
	socket := filepath.Join(dir, ".s.PGSQL."+socketPort)
	return len(socket) <= maxSocketPath && !strings.ContainsAny(dir, `,"`)
}

// remove deletes a directory outside the data directory; the one inside is cleared by the next start.
func (s socketDir) remove() error {
	if !s.temp {
		return nil
	}
	if err := os.RemoveAll(s.path); err != nil {
		return fmt.Errorf("removing the socket directory: %w", err)
	}
	return nil
}

// removeLeftSocketDir deletes the socket directory of a server that is dead, if it is one that makeSocketDir put outside
// the data directory. The path was read from a file which that server wrote.
func removeLeftSocketDir(path string) error {
	if !filepath.IsAbs(path) || !strings.HasPrefix(filepath.Base(path), tempSocketPrefix) {
		return nil
	}
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".s.PGSQL.") {
			return fmt.Errorf("it holds %s, which is no socket of Postgres", entry.Name())
		}
	}
	return os.RemoveAll(path)
}
