package worker

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// As after all of a user's exports were erased from a long queue.
func TestLog_UnknownExports(t *testing.T) {
	t.Parallel()
	p := setup(t)
	log, logger := testenv.NewLog(t)
	w := p.worker(t, func(c *Config) { c.Logger = logger })
	for range 20 {
		id := uuid.Must(uuid.NewV7()).String()
		testenv.Publish(t, p.nats, lane+id, `{"v":1,"export_id":"`+id+`"}`)
		w.handle(t.Context(), &printer{}, p.next(t), stay)
	}
	if lines := log.Lines(); len(lines) != 1 || len(log.Lines("level=INFO", "messages for exports that the database does not have")) != 1 {
		t.Errorf("logged %q", lines)
	}
}

func TestLog_DatabaseOutageIsSaidOnce(t *testing.T) {
	t.Parallel()
	p := setup(t)
	log, logger := testenv.NewLog(t)
	away := true
	w := p.worker(t, func(c *Config) {
		c.Logger = logger
		c.Store = faultyStore{Store: p.store, claim: func(ctx context.Context, m export.Message, lease time.Duration) (export.Request, error) {
			if away {
				return export.Request{}, errors.New("connection refused")
			}
			return p.store.ClaimExport(ctx, m, lease)
		}}
	})
	for range 10 {
		p.request(t)
		w.handle(t.Context(), &printer{}, p.next(t), stay)
	}
	if lines := log.Lines(); len(lines) != 1 || len(log.Lines("level=WARN", "the database does not answer")) != 1 {
		t.Errorf("logged %q", lines)
	}
	away = false
	r := p.request(t)
	w.handle(t.Context(), &printer{}, p.next(t), stay)
	if p.row(t, r.ID).Status != export.Ready || len(log.Lines("the database answers again", "failures=10")) != 1 {
		t.Errorf("logged %q", log.Lines())
	}
}

// What a user can mend is no error of the service.
func TestLog_LevelOfAFailedExport(t *testing.T) {
	t.Parallel()
	want := map[export.FailureCode]string{
		export.ResumeNotFound: "INFO", export.InvalidResume: "INFO", export.InvalidRequest: "INFO", export.DocumentTooLarge: "INFO",
		export.RenderTimeout: "WARN", export.RenderCrashed: "WARN",
	}
	for _, code := range export.FailureCodes() {
		level := want[code]
		if level == "" {
			level = "ERROR"
		}
		if got := failedLevel(code).String(); got != level {
			t.Errorf("%s is logged at %s, want %s", code, got, level)
		}
	}
	p := setup(t)
	log, logger := testenv.NewLog(t)
	r := p.request(t)
	w := p.worker(t, func(c *Config) { c.Logger = logger })
	tooLong := &printer{do: func(context.Context) error { return &chrome.TooLargeError{What: "pdf"} }}
	w.handle(t.Context(), tooLong, p.next(t), stay)
	if got := p.row(t, r.ID); got.Status != export.Failed || got.Failure.Code != export.DocumentTooLarge {
		t.Errorf("the export is %s, %+v", got.Status, got.Failure)
	}
	if lines := log.Lines("export_id="); len(lines) != 2 || len(log.Lines("level=INFO", "export claimed")) != 1 || len(log.Lines("level=INFO", "export failed", "document_too_large")) != 1 {
		t.Errorf("logged %q", lines)
	}
}
