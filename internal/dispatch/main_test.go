package dispatch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/letrazapp/letraz-export/internal/announce"
	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) {
	code := testenv.Main(m)
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, "goroutines are left over:", err)
		code = 1
	}
	os.Exit(code)
}

const user = "user_1"

// fixture has the database and the queue of one test's dispatcher.
type fixture struct {
	url      string // of the database
	store    *postgres.Store
	natsDir  string
	nats     *embedded.NATS
	queue    *queue.Queue
	resumeID string
}

func setup(t *testing.T) *fixture {
	t.Helper()
	p := &fixture{url: testenv.Database(t), natsDir: t.TempDir()}
	p.store = testenv.Open(t, p.url, postgres.Options{})
	p.nats = testenv.NATS(t, p.natsDir)
	p.queue = testenv.Queue(t, p.nats)
	p.resumeID = testenv.ImportSample(t, p.store, user, "nearly-empty")
	return p
}

func (p *fixture) dispatcher(t *testing.T, changes ...func(*Config)) *Dispatcher {
	t.Helper()
	c := Config{Store: p.store, Queue: p.queue, AnnounceAfter: time.Microsecond, Logger: testenv.Logger(t)}
	for _, change := range changes {
		change(&c)
	}
	if c.Announcer == nil {
		publisher, ok := c.Queue.(announce.Publisher)
		if !ok {
			publisher = p.queue
		}
		c.Announcer = announce.New(p.store, announce.Stream{Publisher: publisher})
	}
	return New(c)
}

// requests records requests, oldest first, and publishes none of them.
func (p *fixture) requests(t *testing.T, n int) []string {
	t.Helper()
	ids := make([]string, n)
	for i := range ids {
		ids[i] = testenv.Request(t, p.store, user, p.resumeID).ID
	}
	return ids
}

// due lets the time pass after which a message should have been published.
func (p *fixture) due(t *testing.T) {
	t.Helper()
	testenv.Exec(t, p.url, "UPDATE export_request SET dispatch_due_at = now(), next_attempt_at = now() WHERE status = 'queued'")
}

func (p *fixture) round(t *testing.T, d *Dispatcher) {
	t.Helper()
	if err := d.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// published returns the ids in the request stream, in order.
func (p *fixture) published(t *testing.T) []string {
	t.Helper()
	var ids []string
	for _, m := range testenv.Messages(t, p.nats, "EXPORTS") {
		ids = append(ids, strings.Split(m.Subject, ".")[3])
	}
	return ids
}

// events returns the subjects in the event stream without their common prefix.
func (p *fixture) events(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, m := range testenv.Messages(t, p.nats, "EXPORT_EVENTS") {
		list = append(list, strings.TrimPrefix(m.Subject, "exports.event."))
	}
	return list
}

func (p *fixture) row(t *testing.T, id string) export.Request {
	t.Helper()
	r, err := p.store.Export(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// publishes returns how often the request's message was published successfully.
func (p *fixture) publishes(t *testing.T, id string) string {
	t.Helper()
	return testenv.Value(t, p.url, "SELECT dispatch_count FROM export_request WHERE id = $1", id)
}

// finish brings a request to ready without a worker.
func (p *fixture) finish(t *testing.T, id string) {
	t.Helper()
	r, err := p.store.ClaimExport(t.Context(), export.Message{ExportID: id}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.store.CompleteExport(t.Context(), r, export.Artifact{BlobKey: "exports/" + id, Size: 1, Filename: "f.pdf"}); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

var errStream = errors.New("the stream is full")

// flaky is the real queue, whose nth and later calls of Publish fail.
type flaky struct {
	*queue.Queue
	mu       sync.Mutex
	accept   int // publishes before it refuses
	attempts int
	called   chan struct{} // if not nil, gets a value for each call
}

func (q *flaky) take() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.attempts++
	if q.called != nil {
		q.called <- struct{}{}
	}
	return q.attempts <= q.accept
}

func (q *flaky) PublishRequest(ctx context.Context, r export.Request) error {
	if !q.take() {
		return errStream
	}
	return q.Queue.PublishRequest(ctx, r)
}

func (q *flaky) PublishEvent(ctx context.Context, e export.Event) error {
	if !q.take() {
		return errStream
	}
	return q.Queue.PublishEvent(ctx, e)
}
