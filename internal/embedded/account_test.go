package embedded

import (
	"os"
	"path/filepath"
	"testing"
)

func TestStartPostgres_UnreachableDataDir(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root hands Postgres to another account, which may then be kept out")
	}
	closed := filepath.Join(reachableDir(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "deeper", "data")
	_, err := StartPostgres(t.Context(), PostgresOptions{Dir: dir})
	wantErrorWith(t, err, "may not enter "+closed+" ", "--data-dir", "chmod o+x "+closed)
	if info, err := os.Stat(closed); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("a directory that was there was changed: %v %v", info.Mode(), err)
	}
}

func TestStartPostgres_RunsUnprivileged(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root hands Postgres to another account")
	}
	dir := reachableDir(t)
	nobody, err := lookupAccount("nobody")
	if err != nil {
		t.Fatal(err)
	}
	pg := startPG(t, PostgresOptions{Dir: dir, User: "nobody", Throwaway: true})
	for _, path := range []string{filepath.Join(dir, "data"), socketOf(t, pg)} {
		if owner, _, err := ownerOf(path); err != nil || owner.uid != nobody.uid {
			t.Errorf("%s belongs to uid %d, want %d (%v)", path, owner.uid, nobody.uid, err)
		}
	}
	closePG(t, pg)

	// An existing cluster keeps its owner, whatever the default is.
	pg = startPG(t, PostgresOptions{Dir: dir, Throwaway: true})
	if pg.cluster.account.uid != nobody.uid {
		t.Errorf("the second start ran as uid %d, want %d", pg.cluster.account.uid, nobody.uid)
	}
	closePG(t, pg)
	if _, err := lookupAccount("postgres"); err != nil {
		t.Skip("no second account on this machine to be refused")
	}
	_, err = StartPostgres(t.Context(), PostgresOptions{Dir: dir, User: "postgres"})
	wantErrorWith(t, err, "belongs to uid", "postgres")
}

func TestChooseAccount_Errors(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root chooses an account")
	}
	_, err := StartPostgres(t.Context(), PostgresOptions{Dir: reachableDir(t), User: "root"})
	wantErrorWith(t, err, "is root", "unprivileged")
	_, err = StartPostgres(t.Context(), PostgresOptions{Dir: reachableDir(t), User: "no-such-account"})
	wantErrorWith(t, err, "no-such-account", "ordinary user")
}
