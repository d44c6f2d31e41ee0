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

// superuser is the role every client connects as. What protects the server is its socket, not its roles.
const superuser = "postgres"

// PostgresOptions configures StartPostgres.
type PostgresOptions struct {
	// Dir holds the cluster, the socket and the server's log; it is created if missing. Required. When this process
	// is root, the account in User must be able to traverse it and every directory above it.
	Dir string

	// Database is created if it does not exist. Default "letraz".
	Database string

	// User is the unprivileged account that Postgres runs as when this process is root; otherwise it is ignored.
	// Default: the owner of the existing cluster, else "postgres" if there is such an account, else "nobody".
	User string

	// Throwaway gives durability up for speed: data may be corrupt after a power loss. For tests.
	Throwaway bool

	// MaxConnections is the most client connections at a time. Default 100.
	MaxConnections int

	// Logger receives the few things worth knowing (a server left behind by a crash, a slow stop). The server's own
	// log is the file postgres.log in Dir. Default: none.
	Logger *slog.Logger
}

// Postgres is a running private Postgres server, a child of this process.
//
// It listens on a Unix socket only, in a directory that only its owner and root may enter, and trusts whoever gets
// there. Commits are durable when acknowledged unless Throwaway was set.
type Postgres struct {
	cluster *cluster
	process *process
	lock    *dirLock
	socket  socketDir
	log     *slog.Logger

	mu      sync.Mutex
	closing bool
	died    error         // set before ended is closed
	ended   chan struct{} // closed when the server ended without being asked
	watched chan struct{} // closed when watch has returned

	closeOnce sync.Once
	closeErr  error
}

// StartPostgres starts a server on o.Dir, creating its cluster the first time, and returns when it takes connections.
// ctx bounds the start only; the server runs until Close.
//
// Where no Postgres is installed it downloads one into Dir, once; that needs the network, cannot be interrupted, and
// is not possible as root. It fails with ErrInUse while a live process owns the directory; a server that a crashed
// process left behind is stopped first. It fails with ErrNoPostgres when there are no programs to run, and the error
// then says how to install them.
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

// makeDir creates dir with its missing parents and returns it as an absolute path without symbolic links, the form in
// which the kernel reports it. What it creates as root others may traverse, because Postgres then runs as somebody
// else; a directory that was there is left as it is.
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
		// Looked at first, because making a directory that exists fails differently from system to system.
		if info, err := os.Stat(d); err == nil && info.IsDir() {
			continue
		}
		err := os.Mkdir(d, mode)
		if errors.Is(err, fs.ErrExist) {
			continue // somebody else was faster, or it is a file, which the next step finds out
		}
		if err == nil {
			err = os.Chmod(d, mode) // the umask may have taken a bit away
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

// URL is what clients connect to: a Unix socket, in a form that both pgx and libpq read. It holds no secret.
func (p *Postgres) URL() string {
	query := url.Values{"host": {p.socket.path}, "port": {socketPort}}
	u := url.URL{
		Scheme: "postgres",
		User:   url.User(superuser),
		Path:   "/" + p.cluster.options.Database,
		// Clients of Postgres take a plus for itself, not for a space.
		RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20"),
	}
	return u.String()
}

// Done is closed when the server has ended without Close being called: it crashed, or somebody stopped it. Err then
// says how. After Close it stays as it is.
func (p *Postgres) Done() <-chan struct{} { return p.ended }

// Err tells how the server ended, with the last lines of its log; nil until Done is closed.
func (p *Postgres) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.died
}

// Close stops the server and returns when it has ended and the directory is free. It asks for a fast shutdown, which
// rolls back open transactions and writes a checkpoint; a server that has not ended within stopFast is told to drop
// everything, and is killed in the end. Committed data survives each of these. It may be called more than once and
// from several goroutines.
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

// watch notices the end of the server. It ends with it, and Close waits for that.
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
