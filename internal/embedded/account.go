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

// account is the account that the Postgres processes run as. Postgres refuses to run as root, so a root process hands them, and the
// directories they write to, to an unprivileged account. Any other process runs them as itself.
type account struct {
	name     string
	uid, gid uint32
	switched bool // it differs from our own
}

// chooseAccount picks the account for a cluster in dataDir. wanted is a user name, "" for the default, and counts
// only when we are root. A cluster that exists already decides: Postgres insists on owning its files, and the default
// must not change under it because somebody installed a package that brings a "postgres" user.
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

// lookupAccount finds the unprivileged account a root process uses.
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

// credential makes a child run as the account, without our supplementary groups. Nil: as this process.
func (a account) credential() *syscall.Credential {
	if !a.switched {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// own gives path, a directory this package has just made, to the account, and to nobody else.
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

// checkReach fails when the account cannot get to dir, naming the directory in its way. It lets the kernel decide, by
// starting program (which must exit at once with the given argument) inside the directory, so that groups, access
// control lists and mount options count as they do for the server itself.
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
