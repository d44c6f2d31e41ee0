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
	// socketPort is only a part of the socket's name. No TCP port is opened.
	socketPort = "5432"

	// maxSocketPath is the maximum length of a socket's path on macOS; Linux allows four bytes
	// more.
	maxSocketPath = 103

	// tempSocketPrefix is the beginning of the name of a socket directory outside the data
	// directory.
	tempSocketPrefix = "letraz-export-pg-"
)

// socketDir is the directory of the server's socket. Whoever may enter it may use the
// database.
type socketDir struct {
	path string
	temp bool // outside the data directory; deleted when the server ends
}

// makeSocketDir creates an empty directory for the socket. It is inside the data directory
// unless the path is too long for a socket or contains a comma or quote, which separate
// several directories for the server and its clients.
func (c *cluster) makeSocketDir(ctx context.Context) (socketDir, error) {
	inside := filepath.Join(c.dir, "run")
	// A crash leaves a socket with a lock file, whose pid may belong to another process now.
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

// remove deletes a directory outside the data directory. The next start clears one inside.
func (s socketDir) remove() error {
	if !s.temp {
		return nil
	}
	if err := os.RemoveAll(s.path); err != nil {
		return fmt.Errorf("removing the socket directory: %w", err)
	}
	return nil
}

// removeLeftSocketDir deletes the socket directory of a dead server if makeSocketDir created
// it outside the data directory. The path comes from a file that the server wrote, so it is
// checked.
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
