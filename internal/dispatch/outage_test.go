package dispatch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
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

// countedRestore reports each call of Restore.
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

// partly refuses the event of one export.
type partly struct {
	*queue.Queue
	refused string
}

func (q partly) PublishEvent(ctx context.Context, e export.Event) error {
	if e.ExportID == q.refused {
		return errRefused
	}
	return q.Queue.PublishEvent(ctx, e)
}

var errRefused = errors.New("refused")

func TestAnnounce_OneEventIsRefused(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 5)
	for _, id := range ids {
		if _, err := p.store.CancelExport(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	refusing := p.dispatcher(t, func(c *Config) { c.Queue = partly{p.queue, ids[4]} })
	if err := refusing.Round(t.Context()); !errors.Is(err, errRefused) {
		t.Errorf("error of the round: %v", err)
	}
	if left := testenv.Value(t, p.url, "SELECT count(*) FROM export_request WHERE announced IS NULL AND id = $1", ids[4]); left != "1" {
		t.Error("an event that could not be published is marked as announced")
	}
	p.round(t, p.dispatcher(t))
	events := testenv.Messages(t, p.nats, "EXPORT_EVENTS")
	if len(events) != len(ids) {
		t.Errorf("%d events for %d exports", len(events), len(ids))
	}
	if left := testenv.Value(t, p.url, "SELECT count(*) FROM export_request WHERE announced IS NULL"); left != "0" {
		t.Errorf("%s rows are not marked", left)
	}
}
