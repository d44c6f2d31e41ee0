package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// cluster is a Postgres data directory with the programs and the account to run it. Its owner holds the lock of dir.
//
// Inside dir: "data" the cluster itself, "run" the socket, "postgres.log" the server's log, "databases" the names
// of the databases created so far, and "binaries" a downloaded Postgres where none was installed.
type cluster struct {
	dir     string // absolute, without symbolic links
	bindir  string
	account account
	options PostgresOptions
}

// openCluster chooses the programs and the account for the cluster in dir, which need not exist yet.
func openCluster(ctx context.Context, dir string, o PostgresOptions, programs finder) (*cluster, error) {
	c := &cluster{dir: dir, options: o}
	// A downloaded Postgres may have made the cluster; it comes last, because an installed one receives updates.
	programs.globs = append(slices.Clone(programs.globs), filepath.Join(dir, "binaries", "bin"))

	var err error
	if c.account, err = chooseAccount(o.User, c.data()); err != nil {
		return nil, err
	}
	major, err := c.majorOnDisk()
	if err != nil {
		return nil, err
	}
	c.bindir, err = programs.forCluster(ctx, major, c.data())
	if errors.Is(err, ErrNoPostgres) {
		c.bindir, err = c.download()
	}
	if err != nil {
		return nil, err
	}
	if err := c.account.checkReach(ctx, dir, c.program("postgres"), "--version"); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *cluster) data() string               { return filepath.Join(c.dir, "data") }
func (c *cluster) logPath() string            { return filepath.Join(c.dir, "postgres.log") }
func (c *cluster) program(name string) string { return filepath.Join(c.bindir, name) }

// majorOnDisk is the major version that made the cluster, or empty when there is none yet.
func (c *cluster) majorOnDisk() (string, error) {
	b, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the version of the cluster: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// create makes the cluster unless it exists. It is made under another name and renamed when it is complete, so that a
// crash leaves a directory that this function recognises and removes, never an incomplete cluster under the final name.
func (c *cluster) create(ctx context.Context) error {
	const halfMade = "data.init-"
	leftovers, _ := filepath.Glob(filepath.Join(c.dir, halfMade+"*"))
	for _, dir := range leftovers {
		if err := os.RemoveAll(dir); err != nil {
			c.options.Logger.Warn("could not remove an incomplete Postgres cluster", "dir", dir, "error", err)
		}
	}
	if major, err := c.majorOnDisk(); err != nil || major != "" {
		return err
	}

	temp, err := os.MkdirTemp(c.dir, halfMade)
	if err != nil {
		return fmt.Errorf("creating the cluster: %w", err)
	}
	err = c.initdb(ctx, temp)
	if err == nil {
		// Fails, as it should, when something that is no cluster occupies the name.
		if err = os.Rename(temp, c.data()); err != nil {
			err = fmt.Errorf("putting the new cluster in its place (move away what is there now): %w", err)
		}
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(temp))
	}
	return c.syncDir()
}

// initdb fills dir. The C locale sorts by bytes: the same on every machine, and no update of the system's collations can
// silently break an index. Checksums turn a failing disk into an error rather than into wrong data.
func (c *cluster) initdb(ctx context.Context, dir string) error {
	if err := c.account.own(dir); err != nil {
		return err
	}
	args := []string{
		"--pgdata=" + dir, "--username=" + superuser, "--encoding=UTF8", "--locale=C", "--data-checksums",
		"--auth-local=trust", "--auth-host=reject",
	}
	if c.options.Throwaway {
		args = append(args, "--no-sync")
	}
	if _, err := runTool(ctx, c.account, exec.Command(c.program("initdb"), args...)); err != nil {
		return fmt.Errorf("creating the cluster with %s: %w", c.program("initdb"), err)
	}
	return nil
}

// createDatabase makes the database unless it was made before. It runs while no server does, through a single-user
// backend, so it needs neither a client program nor a driver. The list of names is only a shortcut: a name missing
// from it costs one attempt that finds the database there.
func (c *cluster) createDatabase(ctx context.Context, name string) error {
	listPath := filepath.Join(c.dir, "databases")
	list, err := os.ReadFile(listPath)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the list of databases: %w", err)
	}
	if name == superuser || slices.Contains(strings.Split(string(list), "\n"), name) {
		return nil
	}

	const duplicateDatabase = "42P04" // SQLSTATE, which the log prefix below puts in front of the message
	args := []string{"--single", "-D", c.data(), "-c", "exit_on_error=on", "-c", "log_line_prefix=%e ", "-c", "log_checkpoints=off"}
	if c.options.Throwaway {
		args = append(args, "-c", "fsync=off")
	}
	cmd := exec.Command(c.program("postgres"), append(args, "postgres")...)
	cmd.Stdin = strings.NewReader(`CREATE DATABASE "` + strings.ReplaceAll(name, `"`, `""`) + "\"\n")
	out, err := runTool(ctx, c.account, cmd)
	if err != nil && !strings.Contains(out, duplicateDatabase) {
		return fmt.Errorf("creating the database %q: %w", name, err)
	}

	if err := os.WriteFile(listPath, append(list, name+"\n"...), 0o600); err != nil {
		return fmt.Errorf("noting that the database %q exists: %w", name, err)
	}
	return nil
}

// syncDir makes the renaming of the cluster survive a power loss, as its files already do.
func (c *cluster) syncDir() error {
	if c.options.Throwaway {
		return nil
	}
	d, err := os.Open(c.dir)
	if err != nil {
		return fmt.Errorf("syncing the data directory: %w", err)
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("syncing the data directory: %w", err)
	}
	return nil
}
