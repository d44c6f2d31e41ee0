package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the account of the Postgres processes. Postgres refuses to run as root, so a
// process that is root runs them as an unprivileged account, which also owns their
// directories. Any other process runs them under its own account.
type account struct {
	name     string
	uid, gid uint32
	switched bool // differs from the account of this process
}

// chooseAccount returns the account for the cluster in dataDir. wanted is a user name, or ""
// for the default; it is used only by root. An existing cluster keeps the account that owns
// it: Postgres must own its files, and the default may change, for example when a package
// creates the account "postgres".
func chooseAccount(wanted, dataDir string) (account, error) {
	owner, exists, err := ownerOf(dataDir)
	if err != nil {
		return account{}, err
	}
	if os.Geteuid() != 0 {
		self := account{name: "uid " + strconv.Itoa(os.Geteuid()), uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}
		if exists && owner.uid != self.uid {
			return account{}, fmt.Errorf("%s belongs to uid %d, but this process runs as uid %d: "+
				"run it as the same user as before, or choose another --data-dir", dataDir, owner.uid, self.uid)
		}
		return self, nil
	}
	if wanted == "" && exists && owner.uid != 0 {
		return owner, nil
	}

	chosen, err := lookupAccount(wanted)
	if err != nil {
		return account{}, err
	}
	if exists && owner.uid != chosen.uid {
		return account{}, fmt.Errorf("%s belongs to uid %d, but Postgres is to run as %s: "+
			"choose the account that it belongs to, or another --data-dir", dataDir, owner.uid, chosen.name)
	}
	return chosen, nil
}

// lookupAccount returns the unprivileged account that a process of root uses.
func lookupAccount(wanted string) (account, error) {
	names := []string{wanted}
	if wanted == "" {
		names = []string{"postgres", "nobody"}
	}
	for _, name := range names {
		u, err := user.Lookup(name)
		if unknown := user.UnknownUserError(""); errors.As(err, &unknown) {
			continue
		}
		if err != nil {
			return account{}, fmt.Errorf("looking up the account %q for Postgres: %w", name, err)
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return account{}, fmt.Errorf("reading the ids of the account %q: %w", name, err)
		}
		if uid == 0 {
			return account{}, fmt.Errorf("the account %q is root, which Postgres refuses: name an unprivileged one", name)
		}
		return account{name: name, uid: uint32(uid), gid: uint32(gid), switched: true}, nil
	}
	return account{}, fmt.Errorf("postgres cannot run as root, and no account of %q exists to run it as: "+
		"create one, or start this program as an ordinary user", names)
}

func ownerOf(path string) (account, bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return account{}, false, nil
	}
	if err != nil {
		return account{}, false, fmt.Errorf("looking at the Postgres data directory: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return account{}, false, fmt.Errorf("finding the owner of %s: this file system names none", path)
	}
	return account{name: "uid " + strconv.Itoa(int(stat.Uid)), uid: stat.Uid, gid: stat.Gid, switched: true}, true, nil
}

// credential returns the credential that runs a child under the account, without supplementary
// groups; nil for the account of this process.
func (a account) credential() *syscall.Credential {
	if !a.switched {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// own makes the account the owner of path, a directory that this package has just created, and
// removes the access of all others.
func (a account) own(path string) error {
	if err := os.Chmod(path, 0o700); err != nil {
		return fmt.Errorf("making %s private: %w", path, err)
	}
	if !a.switched {
		return nil
	}
	if err := os.Chown(path, int(a.uid), int(a.gid)); err != nil {
		return fmt.Errorf("giving %s to the account %s: %w", path, a.name, err)
	}
	return nil
}

// checkReach returns an error that names the first directory that the account cannot enter on
// the way to dir. It starts program, which must exit at once with the given argument, in each
// directory, so that the kernel applies groups, access control lists and mount options as it
// will for the server.
func (a account) checkReach(ctx context.Context, dir, program, arg string) error {
	if !a.switched {
		return nil
	}
	enter := func(d string) error {
		cmd := exec.Command(program, arg)
		cmd.Dir = d
		_, err := runTool(ctx, a, cmd)
		return err
	}
	if err := enter("/"); err != nil {
		return fmt.Errorf("running %s as the account %s: %w", program, a.name, err)
	}
	if enter(dir) == nil {
		return nil
	}
	for _, d := range withParents(dir) {
		if err := enter(d); err != nil {
			return fmt.Errorf("postgres runs as the account %s, which may not enter %s (%w): "+
				"choose a --data-dir outside it, such as /var/lib/letraz-export, or allow it with: chmod o+x %s", a.name, d, err, d)
		}
	}
	return nil
}

// withParents lists the absolute path dir and every directory above it, the root first.
func withParents(dir string) []string {
	if parent := filepath.Dir(dir); parent != dir {
		return append(withParents(parent), dir)
	}
	return []string{dir}
}
