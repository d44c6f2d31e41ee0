package embedded

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

const (
	natsReadyTimeout    = 30 * time.Second
	natsDefaultMaxStore = 1 << 30
	natsMaxMemory       = 64 << 20
	// Messages carry ids and small events, never a document, so a quarter of a megabyte is ample.
	natsMaxPayload = 256 << 10
)

// NATSOptions configures StartNATS.
type NATSOptions struct {
	// Dir holds the JetStream store; it is created if missing, readable by its owner only. Required.
	Dir string

	// Listen is a loopback address and port for clients in other processes, such as "127.0.0.1:4222"; port 0 picks
	// a free one. Anyone on this machine who reaches the port may use the server, there is no password. Empty, the
	// default, opens no port at all: only InProcessConn reaches the server.
	Listen string

	// MaxStore bounds the bytes of all streams on disk together. Default 1 GiB. The streams a client asks for may
	// not reserve more than this.
	MaxStore int64

	// Logger receives what the server reports: warnings and errors at their level, the rest at debug. Default: none.
	Logger *slog.Logger
}

// NATS is a NATS server with JetStream inside this process.
//
// What an acknowledgement means: the server writes a message to its file before it acknowledges a publish, but
// calls fsync on a timer (every two minutes) rather than per message. An acknowledged message therefore survives a
// crash or kill of this process and may be lost in a power loss or a kernel crash. That is enough for a wake-up that is
// sent again from the database when it goes missing; it is not enough for data that exists nowhere else.
type NATS struct {
	server *server.Server
	lock   *dirLock
	listen bool

	closeOnce sync.Once
	closeErr  error
}

// StartNATS starts a server on o.Dir and returns when it takes connections and JetStream has recovered its streams.
// It fails with ErrInUse while another live server owns the directory, and when Listen is not a loopback address.
// The server installs no signal handlers; it runs until Close.
func StartNATS(o NATSOptions) (*NATS, error) {
	if o.Dir == "" {
		return nil, errors.New("starting the embedded NATS server: no data directory given")
	}
	if o.MaxStore < 0 {
		return nil, fmt.Errorf("starting the embedded NATS server: the store limit is %d bytes, it must not be negative", o.MaxStore)
	}
	if o.MaxStore == 0 {
		o.MaxStore = natsDefaultMaxStore
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}

	n, err := startNATS(o)
	if err != nil {
		return nil, fmt.Errorf("starting the embedded NATS server: %w", err)
	}
	return n, nil
}

func startNATS(o NATSOptions) (*NATS, error) {
	opts, err := natsServerOptions(o)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(opts.StoreDir, 0o700); err != nil {
		return nil, fmt.Errorf("creating its data directory: %w", err)
	}
	lock, err := lockDir(opts.StoreDir, "nats.lock")
	if err != nil {
		return nil, err
	}
	s, err := server.NewServer(opts)
	if err != nil {
		return nil, errors.Join(err, lock.release())
	}

	n := &NATS{server: s, lock: lock, listen: !opts.DontListen}
	log := newNATSLog(o.Logger)
	s.SetLogger(log, false, false)
	s.Start()
	if err := n.awaitReady(log); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

func natsServerOptions(o NATSOptions) (*server.Options, error) {
	// The server would otherwise follow a later change of the working directory.
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("resolving the data directory: %w", err)
	}
	opts := &server.Options{
		ServerName:             "letraz-export-embedded",
		StoreDir:               dir,
		JetStream:              true,
		JetStreamMaxStore:      o.MaxStore,
		JetStreamMaxMemory:     natsMaxMemory,
		DisableJetStreamBanner: true,
		MaxPayload:             natsMaxPayload,
		NoSigs:                 true,
		DontListen:             o.Listen == "",
	}
	if o.Listen != "" {
		if opts.Host, opts.Port, err = loopbackAddress(o.Listen); err != nil {
			return nil, err
		}
	}
	return opts, nil
}

// loopbackAddress splits a listen address, refusing one that other machines could reach: the server asks for no
// password. A name is not resolved, because what it resolves to may change.
func loopbackAddress(listen string) (host string, port int, err error) {
	host, portText, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, fmt.Errorf("reading the listen address %q: %w", listen, err)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return "", 0, fmt.Errorf("refusing to listen on %q: the embedded server has no authentication and listens on a "+
			"loopback address only, such as 127.0.0.1:4222; for other machines run a NATS server of its own and set NATS_URL", listen)
	}
	number, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return "", 0, fmt.Errorf("reading the port of the listen address %q: %w", listen, err)
	}
	if number == 0 {
		return host, server.RANDOM_PORT, nil
	}
	return host, int(number), nil
}

// awaitReady reports why the started server cannot be used, if so. A server that gave up says so through its log
// only, and would otherwise look as if it were still starting.
func (n *NATS) awaitReady(log *natsLog) error {
	if reason, failed := log.failure(); failed {
		return errors.New(reason)
	}
	if !n.server.ReadyForConnections(natsReadyTimeout) {
		return fmt.Errorf("it took no connections within %s", natsReadyTimeout)
	}
	if !n.server.JetStreamEnabled() {
		return errors.New("it runs without JetStream; its log says why")
	}
	return nil
}

// InProcessConn returns a new client connection that never leaves this process. It makes a NATS usable as the argument
// of nats.go's InProcessServer option. It fails after Close.
func (n *NATS) InProcessConn() (net.Conn, error) {
	conn, err := n.server.InProcessConn()
	if err != nil {
		return nil, fmt.Errorf("connecting to the embedded NATS server: %w", err)
	}
	return conn, nil
}

// URL is the address for clients in other processes, or empty when the server listens on no port.
func (n *NATS) URL() string {
	if !n.listen {
		return ""
	}
	return n.server.ClientURL()
}

// Close disconnects all clients, writes out what JetStream holds, and returns when the server has ended and the
// directory is free. Clients should be drained first: a message they have not flushed is theirs to lose. It may be
// called more than once and from several goroutines.
func (n *NATS) Close() error {
	n.closeOnce.Do(func() {
		n.server.Shutdown()
		n.server.WaitForShutdown()
		n.closeErr = n.lock.release()
	})
	return n.closeErr
}
