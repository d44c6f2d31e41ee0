package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// startTimeout bounds a start if the caller's context has no deadline. It is long enough to
// replay the log after a crash.
const startTimeout = 3 * time.Minute

// Time to wait for the backends of a killed server to end, and the interval of the attempts.
const (
	backendPatience = 30 * time.Second
	backendRetry    = 100 * time.Millisecond
)

// start starts the server and waits until it accepts connections. After a success the Postgres
// owns lock, after a failure the caller does.
func (c *cluster) start(ctx context.Context, lock *dirLock) (*Postgres, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("not ready within %s", startTimeout))
	defer cancel()
	socket, err := c.makeSocketDir(ctx)
	if err != nil {
		return nil, err
	}
	process, err := c.launchUntilReady(ctx, socket)
	if err != nil {
		return nil, errors.Join(err, socket.remove())
	}

	p := &Postgres{
		cluster: c, process: process, lock: lock, socket: socket, log: c.options.Logger,
		ended: make(chan struct{}), watched: make(chan struct{}),
	}
	go p.watch()
	c.options.Logger.Debug("private Postgres is ready", "pid", process.pid, "bindir", c.bindir, "socket", socket.path)
	return p, nil
}

// launchUntilReady starts the server and waits until it accepts connections. The backends of a
// server that was killed end only after their current statement, and until then Postgres
// refuses to start; so launchUntilReady tries again for some time.
func (c *cluster) launchUntilReady(ctx context.Context, socket socketDir) (*process, error) {
	patience := time.NewTimer(backendPatience)
	defer patience.Stop()
	for {
		process, err := c.launch(socket)
		if err != nil {
			return nil, err
		}
		err = c.awaitReady(ctx, process)
		if err == nil {
			return process, nil
		}
		tail := c.logTail()
		err = fmt.Errorf("%w; its log %s ends with: %s", err, c.logPath(), tail)
		if stopErr := stop(process.signal, waitFor(process.done), c.options.Logger); stopErr != nil {
			return nil, errors.Join(err, stopErr)
		}
		if !strings.Contains(tail, "pre-existing shared memory block") {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-patience.C:
			return nil, fmt.Errorf("%w (statements of a server that was killed are still running; end those processes)", err)
		case <-time.After(backendRetry):
		}
	}
}

// launch starts the server program. When this process ends, the server receives SIGINT, which
// requests a fast shutdown.
func (c *cluster) launch(socket socketDir) (*process, error) {
	// Truncated at each start, so that it does not grow without limit; opened for appending,
	// because several processes write to it.
	log, err := os.OpenFile(c.logPath(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the server's log: %w", err)
	}
	defer func() { _ = log.Close() }() // the server has its own descriptor

	args := []string{"-D", c.data()}
	for _, setting := range c.settings(socket) {
		args = append(args, "-c", setting)
	}
	cmd := exec.Command(c.program("postgres"), args...)
	cmd.Stdout, cmd.Stderr = log, log
	process, err := startProcess(cmd, c.account, syscall.SIGINT)
	if err != nil {
		return nil, fmt.Errorf("running %s: %w", c.program("postgres"), err)
	}
	return process, nil
}

// settings is the server's configuration. It is passed at each start instead of being written
// into the cluster, so that a new version of this program also changes existing clusters. All
// other settings have Postgres's defaults.
func (c *cluster) settings(socket socketDir) []string {
	settings := []string{
		"cluster_name=letraz-export",
		"listen_addresses=",
		"unix_socket_directories=" + socket.path,
		"unix_socket_permissions=0700",
		"port=" + socketPort,
		"max_connections=" + strconv.Itoa(c.options.MaxConnections),
		"timezone=UTC",

		// There is no replication, so the write-ahead log is needed for recovery only.
		"wal_level=minimal",
		"max_wal_senders=0",

		// The server shares few cores with browsers, and its queries are short: JIT
		// compilation and parallel plans cost more than they save.
		"jit=off",
		"max_parallel_workers_per_gather=0",

		// The log may be attached to a bug report, so it has no statements and no details,
		// which contain values of rows.
		"log_timezone=UTC",
		"log_min_error_statement=panic",
		"log_error_verbosity=terse",
		"log_checkpoints=off",
	}
	if c.options.Throwaway {
		return append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	return append(settings, "fsync=on", "synchronous_commit=on", "full_page_writes=on")
}

// awaitReady waits until the server's pid file says that it accepts connections.
func (c *cluster) awaitReady(ctx context.Context, process *process) error {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		// The pid distinguishes this server's file from one left by a crash.
		if file, err := c.readPidFile(); err == nil && file.pid == process.pid && file.status == "ready" {
			return nil
		}
		select {
		case <-process.done:
			return fmt.Errorf("the server ended while starting: %s", exitText(process.err))
		case <-ctx.Done():
			return fmt.Errorf("waiting for the server to be ready: %w", context.Cause(ctx))
		case <-ticker.C:
		}
	}
}

func exitText(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}
