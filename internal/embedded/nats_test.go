package embedded

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func startNATSServer(t *testing.T, o NATSOptions) *NATS {
	t.Helper()
	if o.Logger == nil {
		o.Logger = testLogger(t)
	}
	n, err := StartNATS(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeNATS(t, n) })
	return n
}

func closeNATS(t *testing.T, n *NATS) {
	t.Helper()
	if err := n.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func inProcess(t *testing.T, n *NATS) *nats.Conn {
	t.Helper()
	conn, err := nats.Connect("", nats.InProcessServer(n))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

func TestNATS_InProcess(t *testing.T) {
	t.Parallel()
	n := startNATSServer(t, NATSOptions{Dir: filepath.Join(t.TempDir(), "made", "by us")})
	if got := n.URL(); got != "" {
		t.Errorf("a server without a port has the address %q", got)
	}
	if got := n.server.Addr(); got != nil {
		t.Errorf("it listens on %s", got)
	}
	conn := inProcess(t, n)
	sub, err := conn.SubscribeSync("greeting")
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Publish("greeting", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	msg, err := sub.NextMsg(deadline)
	if err != nil {
		t.Fatal(err)
	}
	if string(msg.Data) != "hello" {
		t.Errorf("got %q", msg.Data)
	}
	if err := conn.Publish("greeting", make([]byte, natsMaxPayload+1)); !errors.Is(err, nats.ErrMaxPayload) {
		t.Errorf("a message over the limit: %v", err)
	}
}

func TestNATS_Traffic(t *testing.T) {
	t.Parallel()
	n := startNATSServer(t, NATSOptions{Dir: t.TempDir()})
	conn := inProcess(t, n)
	if err := conn.Publish("greeting", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	if got, err := n.Traffic(); err != nil || got != (Traffic{Messages: 1, Bytes: 5, Connections: 1}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestNATS_ListensOnLoopback(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"127.0.0.1:0", "localhost:0"} {
		n := startNATSServer(t, NATSOptions{Dir: t.TempDir(), Listen: listen})
		conn, err := nats.Connect(n.URL())
		if err != nil {
			t.Fatalf("%s: %v", n.URL(), err)
		}
		conn.Close()
		addr, ok := n.server.Addr().(*net.TCPAddr)
		if !ok || !addr.IP.IsLoopback() {
			t.Errorf("listening on %v for %q", n.server.Addr(), listen)
		}
	}
}

func TestStartNATS_RefusesOtherAddresses(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{":4222", "0.0.0.0:0", "[::]:0", "192.0.2.1:4222", "example.org:4222"} {
		_, err := StartNATS(NATSOptions{Dir: t.TempDir(), Listen: listen})
		wantErrorWith(t, err, "loopback", listen)
	}
	for _, listen := range []string{"127.0.0.1", "127.0.0.1:port", "127.0.0.1:65536"} {
		_, err := StartNATS(NATSOptions{Dir: t.TempDir(), Listen: listen})
		wantErrorWith(t, err, "listen address", listen)
	}
}

func TestStartNATS_PortTaken(t *testing.T) {
	t.Parallel()
	taken := startNATSServer(t, NATSOptions{Dir: t.TempDir(), Listen: "127.0.0.1:0"})
	dir := t.TempDir()
	_, err := StartNATS(NATSOptions{Dir: dir, Listen: taken.server.Addr().String()})
	wantErrorWith(t, err, "address already in use")
	// The failed start must leave the directory unlocked.
	closeNATS(t, startNATSServer(t, NATSOptions{Dir: dir}))
}

func TestStartNATS_SecondInstance(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startNATSServer(t, NATSOptions{Dir: dir})
	_, err := StartNATS(NATSOptions{Dir: dir})
	if !errors.Is(err, ErrInUse) {
		t.Errorf("second start: %v, want ErrInUse", err)
	}
	wantErrorWith(t, err, fmt.Sprint(os.Getpid()), "--data-dir")
	inProcess(t, n)
}

func TestNATS_RestartKeepsMessages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startNATSServer(t, NATSOptions{Dir: dir})
	stream := makeStream(t, n)
	if stream.State.Msgs != 2 {
		t.Fatalf("stored %d messages", stream.State.Msgs)
	}
	closeNATS(t, n)

	begin := time.Now()
	n = startNATSServer(t, NATSOptions{Dir: dir})
	t.Logf("restart: %s", time.Since(begin).Round(time.Millisecond))
	js := jetStream(t, n)
	s, err := js.Stream(t.Context(), "EXPORTS")
	if err != nil {
		t.Fatal(err)
	}
	msg, err := s.GetMsg(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if string(msg.Data) != "second" {
		t.Errorf("after the restart the message is %q", msg.Data)
	}
}

func TestNATS_RestartOnEmptiedDir(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startNATSServer(t, NATSOptions{Dir: dir})
	makeStream(t, n)
	closeNATS(t, n)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}

	n = startNATSServer(t, NATSOptions{Dir: dir})
	if _, err := jetStream(t, n).Stream(t.Context(), "EXPORTS"); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Errorf("stream after the directory was emptied: %v", err)
	}
	makeStream(t, n)
}

func TestNATS_StoreIsBounded(t *testing.T) {
	t.Parallel()
	n := startNATSServer(t, NATSOptions{Dir: t.TempDir(), MaxStore: 1 << 20})
	_, err := jetStream(t, n).CreateStream(t.Context(), jetstream.StreamConfig{
		Name: "TOO_MUCH", Subjects: []string{"x"}, Storage: jetstream.FileStorage, MaxBytes: 2 << 20,
	})
	wantErrorWith(t, err, "insufficient storage")
	_, err = StartNATS(NATSOptions{Dir: t.TempDir(), MaxStore: -1})
	wantErrorWith(t, err, "negative")
}

func TestStartNATS_UnusableDir(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := StartNATS(NATSOptions{Dir: file})
	wantErrorWith(t, err, file)
	_, err = StartNATS(NATSOptions{})
	wantErrorWith(t, err, "no data directory")

	// JetStream notices this late, and reports it in the server's log only.
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "jetstream"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = StartNATS(NATSOptions{Dir: dir})
	wantErrorWith(t, err, "JetStream")
}

func TestNATS_CloseConcurrently(t *testing.T) {
	t.Parallel()
	n := startNATSServer(t, NATSOptions{Dir: t.TempDir()})
	conn := inProcess(t, n)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { closeNATS(t, n) })
	}
	wg.Wait()
	if _, err := n.InProcessConn(); err == nil {
		t.Error("a closed server takes connections")
	}
	conn.Close()
}

func jetStream(t *testing.T, n *NATS) jetstream.JetStream {
	t.Helper()
	js, err := jetstream.New(inProcess(t, n))
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// makeStream creates a stream with two messages.
func makeStream(t *testing.T, n *NATS) *jetstream.StreamInfo {
	t.Helper()
	js := jetStream(t, n)
	s, err := js.CreateStream(t.Context(), jetstream.StreamConfig{
		Name: "EXPORTS", Subjects: []string{"exports.>"}, Storage: jetstream.FileStorage, Retention: jetstream.WorkQueuePolicy,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"first", "second"} {
		if _, err := js.Publish(t.Context(), "exports.requested", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	info, err := s.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return info
}
