package queue_test

import (
	"net"
	"testing"

	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestConnect_LogsNoError(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	log, logger := testenv.NewLog(t)
	n := testenv.NATS(t, "")
	for _, o := range []queue.Options{{URL: "nats://" + address}, {URL: n.URL()}, {InProcess: n}} {
		o.Logger = logger
		q, err := queue.Connect(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(q.Close)
	}
	testenv.Eventually(t, "two connections", func() bool { return len(log.Lines("connected to NATS")) >= 2 })
	if nils := log.Lines("<nil>"); len(nils) > 0 {
		t.Errorf("logged %q", nils)
	}
	if waits := log.Lines("NATS does not answer yet", "server="+address); len(waits) != 1 {
		t.Errorf("logged %q", log.Lines())
	}
}
