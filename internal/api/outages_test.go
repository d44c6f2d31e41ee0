package api_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// switchedPublisher fails while it has an error.
type switchedPublisher struct {
	api.Publisher
	err error
}

func (p *switchedPublisher) PublishRequest(ctx context.Context, r export.Request) error {
	if p.err != nil {
		return p.err
	}
	return p.Publisher.PublishRequest(ctx, r)
}

// count returns how often the log contains the text.
func (f *fixture) count(text string) int { return strings.Count(f.log.String(), text) }

func TestLog_PublisherOutageIsSaidOnce(t *testing.T) {
	t.Parallel()
	f := setup(t)
	publisher := &switchedPublisher{Publisher: f.queue, err: errors.New("no responders")}
	g := setup(t, func(c *api.Config) { c.Publisher = publisher })
	for range 10 {
		g.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+g.anas+`"}`).wantStatus(t, 202)
	}
	publisher.err = nil
	g.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+g.anas+`"}`).wantStatus(t, 202)
	if failed, again := g.count("requests cannot be published"), g.count(`"requests are published again","failures":10`); failed != 1 || again != 1 {
		t.Errorf("the log says %d times that publishing fails, %d times that it works again", failed, again)
	}
}

func TestLog_DatabaseOutageIsSaidOnce(t *testing.T) {
	t.Parallel()
	f := setup(t)
	end := testenv.Outage(t, f.database)
	for range 5 {
		wantBusy(t, f.call(t, ana, "GET", "/v1/exports", ""))
	}
	end()
	testenv.Eventually(t, "the database is back", func() bool { return f.call(t, ana, "GET", "/v1/exports", "").status == 200 })
	if failed, again := f.count("the database does not answer"), f.count("the database answers again"); failed != 1 || again != 1 {
		t.Errorf("the log says %d times that the database is away, %d times that it answers again", failed, again)
	}
	if n := f.count(`"level":"ERROR"`); n != 0 {
		t.Errorf("%d errors are logged for what callers are told to repeat", n)
	}
}

func TestLog_FailingCheckIsSaidOnce(t *testing.T) {
	t.Parallel()
	var failing error
	f := setup(t, func(c *api.Config) {
		c.Health.Ready = []api.Check{{Name: "nats", Do: func(context.Context) error { return failing }}}
	})
	failing = errors.New("away")
	for range 10 {
		f.call(t, "", "GET", "/readyz", "").wantStatus(t, 503)
	}
	failing = nil
	f.call(t, "", "GET", "/readyz", "").wantStatus(t, 200)
	if failed, again := f.count(`"a health check fails","check":"nats"`), f.count(`"a health check succeeds again","check":"nats","failures":10`); failed != 1 || again != 1 {
		t.Errorf("the log says %d times that the check fails, %d times that it succeeds again", failed, again)
	}
}
