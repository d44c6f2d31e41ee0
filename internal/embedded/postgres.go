package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// superuser is the role of every client. The server is protected by the permissions of its
// socket, not by roles.
const superuser = "postgres"

// PostgresOptions configures StartPostgres.
type PostgresOptions struct {
	// Dir contains the cluster, the socket and the server's log. It is created if missing.
	// Required. If this process is root, the account in User must be able to enter it and
	// every directory above it.
	Dir string

	// Database is created if it does not exist. Default "letraz".
	Database string

	// User is the unprivileged account that Postgres runs as if this process is root;
	// otherwise it is ignored. Default: the owner of the existing cluster, else "postgres" if
	// that account exists, else "nobody".
	User string

	// Throwaway turns durability off, which is faster: data may be corrupt after a power loss.
	// For tests.
	Throwaway bool

	// MaxConnections is the maximum number of client connections. Default 100.
	MaxConnections int

	// Logger logs unusual events, such as a server left by a crash or a slow stop. The
	// server's own log is postgres.log in Dir. Default: none.
	Logger *slog.Logger
}

// Postgres is a running private Postgres server, a child of this process.
//
// It listens on a Unix socket only, in a directory that only its owner and root may enter, and
// requires no password. Commits are durable when acknowledged, unless Throwaway is set.
type Postgres struct {
	cluster *cluster
	process *process
	lock    *dirLock
	socket  socketDir
	log     *slog.Logger

	mu      sync.Mutex
	closing bool
	died    error         // set before ended is closed
	ended   chan struct{} // closed when the server has ended without Close
	watched chan struct{} // closed when watch has returned

	closeOnce sync.Once
	closeErr  error
}

// StartPostgres starts a server on o.Dir and returns when it accepts connections. The first
// time, it creates the cluster. ctx bounds the start only; the server runs until Close.
//
// If no Postgres is installed, it downloads one into Dir, once. The download needs the
// network, cannot be interrupted, and is not possible as root. StartPostgres fails with
// ErrInUse if another process has locked the directory; it stops a server that a crashed
// process left. It fails with ErrNoPostgres, with the command that installs Postgres, if there
// are no programs to run.
func StartPostgres(ctx context.Context, o PostgresOptions) (*Postgres, error) {
	p, err := startPostgres(ctx, o, systemFinder())
	if err != nil {
		return nil, fmt.Errorf("starting the private Postgres: %w", err)
	}
	return p, nil
}

func startPostgres(ctx context.Context, o PostgresOptions, programs finder) (_ *Postgres, err error) {
	o, err = o.withDefaults()
	if err != nil {
		return nil, err
	}
	dir, err := makeDir(o.Dir)
	if err != nil {
		return nil, err
	}
	lock, err := lockDir(dir, "postgres.lock")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, lock.release())
		}
	}()

	c, err := openCluster(ctx, dir, o, programs)
	if err != nil {
		return nil, err
	}
	if err := c.stopOrphan(ctx); err != nil {
		return nil, err
	}
	if err := c.create(ctx); err != nil {
		return nil, err
	}
	if err := c.createDatabase(ctx, o.Database); err != nil {
		return nil, err
	}
	return c.start(ctx, lock)
}

func (o PostgresOptions) withDefaults() (PostgresOptions, error) {
	if o.Dir == "" {
		return o, errors.New("no data directory given")
	}
	if o.Database == "" {
		o.Database = "letraz"
	}
	if len(o.Database) > 63 || strings.ContainsAny(o.Database, "\x00\r\n") {
		return o, fmt.Errorf("the database name %q is longer than 63 bytes or has a line break in it", o.Database)
	}
	if o.MaxConnections < 0 {
		return o, fmt.Errorf("the connection limit is %d, it must not be negative", o.MaxConnections)
	}
	if o.MaxConnections == 0 {
		o.MaxConnections = 100
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

// makeDir creates dir and its missing parents, and returns its absolute path without symbolic
// links, the form that the kernel reports. Directories that root creates may be entered by
// others, because Postgres then runs under another account. Existing directories are not
// changed.
func makeDir(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("resolving the data directory: %w", err)
	}
	mode := fs.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	for _, d := range withParents(dir) {
		// Checked first, because creating an existing directory fails differently on different
		// systems.
		if info, err := os.Stat(d); err == nil && info.IsDir() {
			continue
		}
		err := os.Mkdir(d, mode)
		if errors.Is(err, fs.ErrExist) {
			continue // another process created it, or it is a file, which the next step detects
		}
		if err == nil {
			err = os.Chmod(d, mode) // the umask may have removed a bit
		}
		if err != nil {
			return "", fmt.Errorf("creating the data directory: %w", err)
		}
	}
	resolved, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", fmt.Errorf("resolving the data directory: %w", err)
	}
	return resolved, nil
}

// URL returns the URL for clients: a Unix socket, in a form that both pgx and libpq accept. It
// contains no secret.
func (p *Postgres) URL() string {
	query := url.Values{"host": {p.socket.path}, "port": {socketPort}}
	u := url.URL{
		Scheme: "postgres",
		User:   url.User(superuser),
		Path:   "/" + p.cluster.options.Database,
		// Postgres clients do not decode + as a space.
		RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20"),
	}
	return u.String()
}

// Done returns a channel that is closed when the server ends without Close: it crashed or was
// stopped. Err then returns how. Close does not close the channel.
func (p *Postgres) Done() <-chan struct{} { return p.ended }

// Err returns how the server ended, with the last lines of its log; nil until Done is closed.
func (p *Postgres) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.died
}

// Close stops the server and returns when it has ended and the directory is unlocked. It
// requests a fast shutdown, which rolls back open transactions and writes a checkpoint; if
// that takes longer than stopFast, an immediate shutdown; and finally it kills the server.
// Committed data survives each of these. Close may be called more than once and concurrently.
func (p *Postgres) Close() error {
	p.closeOnce.Do(func() {
		p.mu.Lock()
		p.closing = true
		p.mu.Unlock()
		stopErr := stop(p.process.signal, waitFor(p.process.done), p.log)
		if stopErr == nil {
			<-p.watched
		}
		p.closeErr = errors.Join(stopErr, p.socket.remove(), p.lock.release())
	})
	return p.closeErr
}

// watch waits for the end of the server. Close waits for watch.
func (p *Postgres) watch() {
	defer close(p.watched)
	<-p.process.done
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return
	}
	p.died = fmt.Errorf("the private Postgres ended by itself: %s; its log %s ends with: %s",
		exitText(p.process.err), p.cluster.logPath(), p.cluster.logTail())
	close(p.ended)
}
