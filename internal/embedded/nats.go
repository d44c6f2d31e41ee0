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
	// Messages contain ids and small events, never a document.
	natsMaxPayload = 256 << 10
)

// NATSOptions configures StartNATS.
type NATSOptions struct {
	// Dir is the directory of the JetStream store. It is created if missing, readable by its
	// owner only. Required.
	Dir string

	// Listen is a loopback address and port for clients in other processes, such as
	// "127.0.0.1:4222"; port 0 chooses a free one. There is no password: any program on this
	// machine can use the server through the port. If Listen is empty, the default, no port is
	// opened, and only InProcessConn connects to the server.
	Listen string

	// MaxStore is the maximum size of all streams on disk together, in bytes. Default 1 GiB.
	// The sum of the streams' limits must not exceed it.
	MaxStore int64

	// Logger logs what the server reports: warnings and errors at these levels, everything
	// else at debug. Default: none.
	Logger *slog.Logger
}

// NATS is a NATS server with JetStream in this process.
//
// The server acknowledges a message when it has written it to a file, but calls fsync only
// every two minutes. An acknowledged message survives a crash or kill of this process; it may
// be lost in a power failure or a kernel crash. This is enough for messages that only wake
// workers and are published again from the database when they are lost. It is not enough for
// data that exists nowhere else.
type NATS struct {
	server *server.Server
	lock   *dirLock
	listen bool

	closeOnce sync.Once
	closeErr  error
}

// StartNATS starts a server on o.Dir and returns when it accepts connections and JetStream has
// recovered its streams. It fails with ErrInUse if another server has locked the directory,
// and it fails if Listen is not a loopback address. The server installs no signal handlers. It
// runs until Close.
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
	// Otherwise the server would follow a later change of the working directory.
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

// loopbackAddress splits a listen address. It refuses an address that other machines can
// reach, because the server has no password. Names are not resolved, since their addresses may
// change.
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

// awaitReady waits until the server is ready. A server that failed reports it through its log
// only, and otherwise looks as if it were still starting.
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

// InProcessConn returns a new client connection within this process. With this method a NATS
// is an argument of nats.go's InProcessServer option. It fails after Close.
func (n *NATS) InProcessConn() (net.Conn, error) {
	conn, err := n.server.InProcessConn()
	if err != nil {
		return nil, fmt.Errorf("connecting to the embedded NATS server: %w", err)
	}
	return conn, nil
}

// URL returns the address for clients in other processes, or "" if the server listens on no
// port.
func (n *NATS) URL() string {
	if !n.listen {
		return ""
	}
	return n.server.ClientURL()
}

// Traffic is what all clients have sent and received, JetStream's own requests and answers
// included.
type Traffic struct {
	Messages, Bytes int64
	Connections     int // now
}

// Traffic returns what the clients have sent and received until now.
func (n *NATS) Traffic() (Traffic, error) {
	v, err := n.server.Varz(nil)
	if err != nil {
		return Traffic{}, fmt.Errorf("reading the statistics of the embedded NATS server: %w", err)
	}
	return Traffic{Messages: v.InMsgs + v.OutMsgs, Bytes: v.InBytes + v.OutBytes, Connections: v.Connections}, nil
}

// Close disconnects all clients, writes JetStream's data to disk, and returns when the server
// has ended and the directory is unlocked. Clients should be drained before, since messages
// that they have not flushed are lost. Close may be called more than once and concurrently.
func (n *NATS) Close() error {
	n.closeOnce.Do(func() {
		n.server.Shutdown()
		n.server.WaitForShutdown()
		n.closeErr = n.lock.release()
	})
	return n.closeErr
}
