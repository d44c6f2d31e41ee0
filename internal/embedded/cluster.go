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

// cluster is a Postgres data directory, with the server programs and the account that it runs
// with. The caller holds the lock of dir.
//
// dir contains "data" (the cluster itself), "run" (the socket), "postgres.log" (the server's
// log), "databases" (the names of the databases created so far) and "binaries" (a downloaded
// Postgres, where none is installed).
type cluster struct {
	dir     string // absolute, without symbolic links
	bindir  string
	account account
	options PostgresOptions
}

// openCluster returns the cluster in dir, which need not exist yet, with its programs and
// account.
func openCluster(ctx context.Context, dir string, o PostgresOptions, programs finder) (*cluster, error) {
	c := &cluster{dir: dir, options: o}
	// A downloaded Postgres may have created the cluster. It comes last, because an installed
	// one receives updates.
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

// majorOnDisk returns the major version that created the cluster, or "" if there is no
// cluster.
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

// create creates the cluster unless it exists. It creates it under another name and renames it
// when it is complete. A crash therefore leaves no incomplete cluster under the final name;
// create removes what it left under the other.
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
		// Fails if something else has the name, as it should.
		if err = os.Rename(temp, c.data()); err != nil {
			err = fmt.Errorf("putting the new cluster in its place (move away what is there now): %w", err)
		}
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(temp))
	}
	return c.syncDir()
}

// initdb initializes dir. The C locale sorts by bytes, which is the same on every machine and
// does not depend on the system's collations, whose updates can corrupt indexes. Checksums
// make a failing disk cause errors instead of wrong data.
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

// createDatabase creates the database unless it exists. It runs Postgres in single-user mode
// while no server runs, and so needs no client program or driver. The list of names only saves
// time: if a name is missing, Postgres reports that the database exists.
func (c *cluster) createDatabase(ctx context.Context, name string) error {
	listPath := filepath.Join(c.dir, "databases")
	list, err := os.ReadFile(listPath)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the list of databases: %w", err)
	}
	if name == superuser || slices.Contains(strings.Split(string(list), "\n"), name) {
		return nil
	}

	const duplicateDatabase = "42P04" // SQLSTATE; log_line_prefix below writes it before each message
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

// syncDir syncs the directory, so that the renaming of the cluster survives a power loss.
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
