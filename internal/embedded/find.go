package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrNoPostgres means that no Postgres server programs were found on this machine.
var ErrNoPostgres = errors.New("no Postgres server programs found")

// installHint says how to install them.
const installHint = "install them with: apt-get install postgresql (Debian, Ubuntu), " +
	"dnf install postgresql-server (Fedora), apk add postgresql (Alpine) or brew install postgresql@17 (macOS)"

// FindPostgres returns the directory of the Postgres server programs (initdb, postgres) that
// StartPostgres uses for a new cluster. It searches PATH, the directory that pg_config
// reports, and those that Linux distributions, Homebrew and Postgres.app use, highest version
// first. If there is none, it returns ErrNoPostgres with the command that installs them.
func FindPostgres() (bindir string, err error) {
	dirs := systemFinder().candidates()
	if len(dirs) == 0 {
		return "", fmt.Errorf("%w: %s", ErrNoPostgres, installHint)
	}
	return dirs[0], nil
}

// finder has the places to search for server programs.
type finder struct {
	lookPath func(name string) (string, error)
	globs    []string
}

func systemFinder() finder {
	return finder{
		lookPath: exec.LookPath,
		globs: []string{
			"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
			"/usr/pgsql-*/bin",          // the Postgres project's packages for Fedora and similar systems
			"/usr/libexec/postgresql*",  // Alpine
			"/opt/homebrew/opt/postgresql@*/bin",
			"/usr/local/opt/postgresql@*/bin",
			"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
			"/Applications/Postgres.app/Contents/Versions/*/bin",
		},
	}
}

// candidates returns every directory with all server programs, the preferred one first.
func (f finder) candidates() []string {
	var dirs []string
	add := func(dir string) {
		if dir != "" && hasServerPrograms(dir) && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, name := range []string{"postgres", "initdb"} {
		add(f.programDir(name))
	}
	add(f.reportedDir())
	for _, glob := range f.globs {
		matches, _ := filepath.Glob(glob)
		slices.SortStableFunc(matches, func(a, b string) int { return versionIn(b) - versionIn(a) })
		for _, dir := range matches {
			add(dir)
		}
	}
	return dirs
}

// programDir returns the directory of the program that a link on PATH points to. The other
// programs need not be beside the link.
func (f finder) programDir(name string) string {
	path, err := f.lookPath(name)
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return ""
	}
	return dir
}

// reportedDir returns the directory that pg_config reports, or "". It may have client programs
// only.
func (f finder) reportedDir() string {
	path, err := f.lookPath("pg_config")
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--bindir").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

func hasServerPrograms(dir string) bool {
	for _, name := range []string{"postgres", "initdb"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}

// versionIn returns the first number in a path such as /usr/lib/postgresql/17/bin, or 0.
func versionIn(path string) int {
	digits := strings.FieldsFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0
	}
	n, err := strconv.Atoi(digits[0])
	if err != nil {
		return 0
	}
	return n
}

// majorVersion runs the server program in bindir to get its major version, such as "17".
func majorVersion(ctx context.Context, bindir string) (string, error) {
	program := filepath.Join(bindir, "postgres")
	out, err := runTool(ctx, account{}, exec.Command(program, "--version"))
	if err != nil {
		return "", fmt.Errorf("asking %s for its version: %w", program, err)
	}
	// "postgres (PostgreSQL) 17.5 (Debian 17.5-1)", or "18beta1" instead of the number.
	_, version, _ := strings.Cut(out, "(PostgreSQL) ")
	end := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if end <= 0 {
		return "", fmt.Errorf("asking %s for its version: it answered %q", program, strings.TrimSpace(out))
	}
	return version[:end], nil
}

// forCluster returns the server programs for a cluster of the given major version, or the
// preferred ones if major is empty. Several versions may be installed; a cluster can be opened
// with its own version only.
func (f finder) forCluster(ctx context.Context, major, dataDir string) (string, error) {
	dirs := f.candidates()
	if len(dirs) == 0 {
		return "", ErrNoPostgres
	}
	if major == "" {
		return dirs[0], nil
	}
	var found []string
	for _, dir := range dirs {
		version, err := majorVersion(ctx, dir)
		if err != nil {
			return "", err
		}
		if version == major {
			return dir, nil
		}
		found = append(found, version+" in "+dir)
	}
	return "", fmt.Errorf("%s was made by Postgres %s, but this machine has %s: install Postgres %s, "+
		"or move the data with pg_dump or pg_upgrade, or start afresh with another --data-dir",
		dataDir, major, strings.Join(found, ", "), major)
}
