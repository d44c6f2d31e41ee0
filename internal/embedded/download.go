package embedded

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// downloadVersion is the version that is downloaded. An existing cluster keeps its version.
const downloadVersion = embeddedpostgres.V17

// download downloads the server programs into the data directory, for a machine without
// Postgres, and returns their directory. The library does not only unpack the programs but
// also creates and starts a cluster. It gets a temporary directory, a free loopback port and a
// random password for this, and its server is stopped at once. After that the programs are
// used like installed ones.
func (c *cluster) download() (bindir string, err error) {
	if c.account.switched || os.Geteuid() == 0 {
		return "", fmt.Errorf("%w, and they are not downloaded for root: %s; or start this program as an ordinary user; "+
			"or set DATABASE_URL to a server that runs already", ErrNoPostgres, installHint)
	}
	major, err := c.majorOnDisk()
	if err != nil {
		return "", err
	}
	if major != "" && !strings.HasPrefix(string(downloadVersion), major+".") {
		return "", fmt.Errorf("%w, but %s was made by Postgres %s: install that version; %s",
			ErrNoPostgres, c.data(), major, installHint)
	}

	scratch := filepath.Join(c.dir, "download")
	if err := os.RemoveAll(scratch); err != nil {
		return "", fmt.Errorf("clearing what an interrupted download left: %w", err)
	}
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return "", fmt.Errorf("creating a directory to download to: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()

	c.options.Logger.Info("no Postgres is installed; downloading one", "version", string(downloadVersion), "dir", c.dir)
	if err := c.downloadTo(scratch); err != nil {
		return "", fmt.Errorf("%w, and downloading them failed: %w; %s; or set DATABASE_URL to a server that runs already",
			ErrNoPostgres, err, installHint)
	}
	final := filepath.Join(c.dir, "binaries")
	if err := os.RemoveAll(final); err != nil {
		return "", fmt.Errorf("clearing an older download: %w", err)
	}
	if err := os.Rename(filepath.Join(scratch, "binaries"), final); err != nil {
		return "", fmt.Errorf("putting the downloaded Postgres in its place: %w", err)
	}
	return filepath.Join(final, "bin"), nil
}

func (c *cluster) downloadTo(scratch string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(c.logPath(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("opening the server's log: %w", err)
	}
	defer func() { _ = log.Close() }()

	postgres := embeddedpostgres.NewDatabase(embeddedpostgres.DefaultConfig().
		Version(downloadVersion).
		Port(port).
		Password(rand.Text()).
		CachePath(filepath.Join(scratch, "cache")).
		RuntimePath(filepath.Join(scratch, "run")).
		DataPath(filepath.Join(scratch, "data")).
		BinariesPath(filepath.Join(scratch, "binaries")).
		StartParameters(map[string]string{"listen_addresses": "localhost", "unix_socket_directories": ""}).
		Logger(log))
	if err := postgres.Start(); err != nil {
		return err
	}
	return postgres.Stop()
}

// freePort returns a loopback port that is not in use at the moment.
func freePort() (uint32, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("looking for a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	address, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, fmt.Errorf("looking for a free port: got the address %s", l.Addr())
	}
	return uint32(address.Port), nil
}
