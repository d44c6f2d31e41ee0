package embedded

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakePrograms creates the programs of an installation of this version in dir.
func fakePrograms(t *testing.T, dir, version string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"postgres", "initdb"} {
		script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func nothingOnPath(string) (string, error) { return "", exec.ErrNotFound }

func TestFindPostgres(t *testing.T) {
	t.Parallel()
	dir, err := FindPostgres()
	if err != nil {
		t.Fatal(err)
	}
	if !hasServerPrograms(dir) {
		t.Errorf("%s holds no server programs", dir)
	}
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, version := range []string{"9", "16", "17"} {
		fakePrograms(t, filepath.Join(root, version, "bin"), version+".1")
	}
	clientOnly := filepath.Join(root, "18", "bin")
	if err := os.MkdirAll(clientOnly, 0o755); err != nil {
		t.Fatal(err)
	}
	onPath := filepath.Join(root, "elsewhere")
	fakePrograms(t, onPath, "14.2")
	links := filepath.Join(root, "links")
	if err := os.MkdirAll(links, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(onPath, "initdb"), filepath.Join(links, "initdb")); err != nil {
		t.Fatal(err)
	}
	pgConfig := filepath.Join(links, "pg_config")
	if err := os.WriteFile(pgConfig, []byte("#!/bin/sh\necho "+filepath.Join(root, "16", "bin")+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}

	f := finder{globs: []string{filepath.Join(root, "*", "bin")}, lookPath: func(name string) (string, error) {
		path := filepath.Join(links, name)
		if _, err := os.Stat(path); err != nil {
			return "", exec.ErrNotFound
		}
		return path, nil
	}}
	resolved, err := filepath.EvalSymlinks(onPath)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{resolved, filepath.Join(root, "16", "bin"), filepath.Join(root, "17", "bin"), filepath.Join(root, "9", "bin")}
	if diff := cmp.Diff(want, f.candidates()); diff != "" {
		t.Errorf("candidates (-want +got):\n%s", diff)
	}

	for major, want := range map[string]string{"": resolved, "14": resolved, "9": filepath.Join(root, "9", "bin")} {
		if got, err := f.forCluster(t.Context(), major, "/data"); err != nil || got != want {
			t.Errorf("programs for version %q: %s, %v; want %s", major, got, err, want)
		}
	}
	_, err = f.forCluster(t.Context(), "12", "/data")
	wantErrorWith(t, err, "/data", "Postgres 12", "14 in "+resolved, "install Postgres 12")
}

func TestVersionIn(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{
		"/usr/lib/postgresql/9.6/bin": 9, "/usr/pgsql-17/bin": 17, "/opt/homebrew/opt/postgresql@16/bin": 16, "/bin": 0,
	} {
		if got := versionIn(path); got != want {
			t.Errorf("versionIn(%q) = %d, want %d", path, got, want)
		}
	}
}

func TestFindPostgres_NotInstalled(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("an ordinary user would download one")
	}
	_, err := startPostgres(t.Context(), PostgresOptions{Dir: reachableDir(t)}, finder{lookPath: nothingOnPath})
	if !errors.Is(err, ErrNoPostgres) {
		t.Errorf("%v, want ErrNoPostgres", err)
	}
	wantErrorWith(t, err, "apt-get install postgresql", "dnf install", "brew install postgresql@17", "DATABASE_URL")
}
