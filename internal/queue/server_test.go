package queue_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// serverOf listens as a NATS server of the version does, and returns its URL.
func serverOf(t *testing.T, version string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				fmt.Fprintf(conn, "INFO {\"server_id\":\"X\",\"version\":%q,\"headers\":true,\"max_payload\":1048576,\"proto\":1}\r\n", version)
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					if strings.HasPrefix(lines.Text(), "PING") {
						fmt.Fprint(conn, "PONG\r\n")
					}
				}
			}()
		}
	}()
	return "nats://" + listener.Addr().String()
}

func TestConnect_ServerVersion(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]error{
		"2.11.9": queue.ErrServerTooOld, "2.12.2": queue.ErrServerTooOld, "2.12.2-RC.1": queue.ErrServerTooOld, "1.4.1": queue.ErrServerTooOld,
		"2.12.3": nil, "2.14.0": nil, "3.0.0-preview": nil, "nightly": nil,
	} {
		q, err := queue.Connect(queue.Options{URL: serverOf(t, version), Name: t.Name(), Logger: testenv.Logger(t)})
		if !errors.Is(err, want) {
			t.Errorf("version %s: error %v, want %v", version, err, want)
		}
		if err == nil {
			q.Close()
		}
	}
}

func TestConnect_Scheme(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"http://user:hidden@host:8222", "nats://host:4222,https://host", "amqp://host"} {
		_, err := queue.Connect(queue.Options{URL: url, Name: t.Name(), Logger: testenv.Logger(t)})
		if err == nil || !strings.Contains(err.Error(), "nats://host:4222") || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
