package dispatch

import (
	"context"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestRun_LogsAnOutageOnce(t *testing.T) {
	t.Parallel()
	p := setup(t)
	p.requests(t, 1)
	p.due(t)
	log, logger := testenv.NewLog(t)
	rounds := make(chan struct{}, 100)
	d := p.dispatcher(t, func(c *Config) {
		c.Logger, c.Every = logger, 5*time.Millisecond
		c.Queue = countedRestore{c.Queue, rounds}
	})
	if err := p.nats.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.Run(ctx)
	}()
	for range 5 {
		<-rounds
	}
	if lines := log.Lines("a dispatch round failed"); len(lines) != 1 {
		t.Errorf("logged %q", lines)
	}
	p.nats = testenv.RestartNATS(t, p.nats, p.natsDir)
	testenv.Eventually(t, "the end of the outage in the log", func() bool { return len(log.Lines("dispatch rounds succeed again", "failures=")) == 1 })
	cancel()
	<-done
}

// countedRestore tells of each round.
type countedRestore struct {
	Queue
	rounds chan struct{}
}

func (q countedRestore) Restore(ctx context.Context) ([]string, error) {
	made, err := q.Queue.Restore(ctx)
	select {
	case q.rounds <- struct{}{}:
	default:
	}
	return made, err
}
