package worker

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// A failure that another attempt cannot help ends the request at the first.
func TestFail_PermanentReason(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spoil string // a statement
		print error
		want  export.FailureCode
	}{
		"the resume was deleted":   {spoil: "DELETE FROM resumes", want: export.ResumeNotFound},
		"personal_info is a list":  {spoil: `UPDATE resumes SET personal_info = '{"first_name": ["A"]}'`, want: export.InvalidResume},
		"the template is gone":     {spoil: "UPDATE export_request SET template = 'baroque'", want: export.InvalidRequest},
		"the format is gone":       {spoil: "UPDATE export_request SET format = 'rtf'", want: export.InvalidRequest},
		"two browsers crashed":     {spoil: "SELECT 1", print: chrome.ErrCrashed, want: export.RenderCrashed},
		"the document is too long": {spoil: "SELECT 1", print: &chrome.TooLargeError{What: "pdf"}, want: export.DocumentTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := setup(t)
			r := p.request(t)
			testenv.Exec(t, p.url, tc.spoil)
			d := p.next(t)
			p.worker(t).handle(t.Context(), &printer{do: func(context.Context) error { return tc.print }}, d, stay)
			d.ended(t, "ack")
			got := p.row(t, r.ID)
			if got.Status != export.Failed || got.Attempt != 1 || got.Failure == nil || *got.Failure != (export.Failure{Code: tc.want, Message: tc.want.Message()}) {
				t.Errorf("%s at attempt %d: %+v", got.Status, got.Attempt, got.Failure)
			}
			if n := len(p.stored(t)); n != 0 || p.waiting(t) != 0 {
				t.Errorf("%d files, %d messages", n, p.waiting(t))
			}
			p.announcedOnce(t, r, "failed", got.StatusAt, tc.want.Message())
			if testenv.Value(t, p.url, "SELECT announced FROM export_request") != "failed" {
				t.Error("the event is not marked as published")
			}
		})
	}
}

// The message for the user names the limit.
func TestFail_TooManyPages(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	testenv.Exec(t, p.url, "UPDATE resumes SET personal_info = jsonb_build_object('profile_text', repeat('<p>A line.</p>', 500))")
	d := p.next(t)
	p.worker(t, func(c *Config) { c.MaxPages = 3 }).handle(t.Context(), testenv.Engine(t), d, stay)
	d.ended(t, "ack")
	got, want := p.row(t, r.ID), export.FailureOf(export.TooManyPages(3))
	if got.Status != export.Failed || got.Attempt != 1 || got.Failure == nil || *got.Failure != want || len(p.stored(t)) != 0 {
		t.Errorf("%s at attempt %d: %+v; files %q", got.Status, got.Attempt, got.Failure, p.stored(t))
	}
}

// A failure that may pass by itself returns the request to the queue with its reason.
func TestFail_PassingReason(t *testing.T) {
	t.Parallel()
	refused := errors.New("503 from the bucket")
	for name, tc := range map[string]struct {
		print  func(context.Context) error
		files  func(Files) Files
		config func(*Config)
		want   export.FailureCode
	}{
		"the browser is killed":    {print: func(context.Context) error { return chrome.ErrKilled }, want: export.RenderUnavailable},
		"no browser starts":        {print: func(context.Context) error { return chrome.ErrStart }, want: export.RenderUnavailable},
		"the browser takes longer": {print: func(context.Context) error { return &chrome.TimeoutError{} }, want: export.RenderTimeout},
		"the attempt takes longer": {
			print:  func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			config: func(c *Config) { c.Deadline = 300 * time.Millisecond }, want: export.RenderTimeout,
		},
		"printing panics": {print: func(context.Context) error { panic("index out of range") }, want: export.Internal},
		"the file store refuses": {
			files: func(f Files) Files { return faultyFiles{Files: f, putErr: refused} }, want: export.StorageUnavailable,
		},
		"the file store stores and says no": {
			files: func(f Files) Files { return faultyFiles{Files: f, putErr: refused, writes: true} }, want: export.StorageUnavailable,
		},
		"the file store does not even delete": {
			files: func(f Files) Files { return faultyFiles{Files: f, putErr: refused, deleteErr: refused} }, want: export.StorageUnavailable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := setup(t)
			r := p.request(t)
			d := p.next(t)
			w := p.worker(t, func(c *Config) {
				if tc.files != nil {
					c.Files = tc.files(c.Files)
				}
				if tc.config != nil {
					tc.config(c)
				}
			})
			w.handle(t.Context(), &printer{do: tc.print}, d, stay)
			d.ended(t, "ack")
			got := p.row(t, r.ID)
			if got.Status != export.Queued || got.Attempt != 1 || got.Lease.Token != "" || got.Failure == nil || got.Failure.Code != tc.want {
				t.Fatalf("%s at attempt %d: %+v", got.Status, got.Attempt, got.Failure)
			}
			if rest := got.NextAttemptAt.Sub(got.StatusAt); rest < time.Second/2 || rest >= time.Second {
				t.Errorf("the row is due in %s", rest)
			}
			if n := len(p.stored(t)); n != 0 || p.waiting(t) != 0 {
				t.Errorf("%d files, %d messages", n, p.waiting(t))
			}
			if events := testenv.Messages(t, p.nats, "EXPORT_EVENTS"); len(events) != 0 {
				t.Errorf("events: %+v", events)
			}
		})
	}
}

// A document that really crashes the browser ends at its first attempt, and another
// export that is printed meanwhile is ready.
func TestFail_DocumentCrashesBrowser(t *testing.T) {
	t.Parallel()
	p := setup(t)
	bad, good := p.request(t), p.request(t)
	engine := testenv.Engine(t)
	poisoned := printerFunc(func(ctx context.Context, d chrome.Document) ([]byte, error) {
		const deep = 20_000 // overflows the stack of Chrome's style parser
		d.HTML = []byte("<style>" + strings.Repeat(":not(", deep) + "a" + strings.Repeat(")", deep) + "{}</style>")
		return engine.Print(ctx, d)
	})
	w := p.worker(t)
	first, second := p.next(t), p.next(t)
	var slots sync.WaitGroup
	slots.Go(func() { w.handle(t.Context(), poisoned, first, stay) })
	slots.Go(func() { w.handle(t.Context(), engine, second, stay) })
	slots.Wait()
	first.ended(t, "ack")
	second.ended(t, "ack")
	got := p.row(t, bad.ID)
	if got.Status != export.Failed || got.Attempt != 1 || got.Failure == nil || got.Failure.Code != export.RenderCrashed {
		t.Errorf("%s at attempt %d: %+v", got.Status, got.Attempt, got.Failure)
	}
	if other := p.row(t, good.ID); other.Status != export.Ready || other.Attempt != 1 {
		t.Errorf("the other is %s at attempt %d", other.Status, other.Attempt)
	}
	if n := len(p.stored(t)); n != 1 || p.waiting(t) != 0 {
		t.Errorf("%d files, %d messages", n, p.waiting(t))
	}
}

// With the real browser, and the real messages of a dispatcher.
func TestFail_LastAttempt(t *testing.T) {
	t.Parallel()
	p := setup(t)
	n := testenv.NewExport(user, p.resumeID)
	n.MaxAttempts = 2
	r, err := p.store.CreateExport(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.queue.PublishRequest(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	stop := p.run(t, func(c *Config) {
		c.Files = faultyFiles{Files: p.files, putErr: errors.New("503 from the bucket"), writes: true}
	})
	p.dispatch(t)
	got := p.becomes(t, r.ID, export.Failed)
	stop()
	if got.Attempt != 2 || got.Failure == nil || got.Failure.Code != export.StorageUnavailable {
		t.Errorf("attempt %d: %+v", got.Attempt, got.Failure)
	}
	if files := p.stored(t); len(files) != 0 || p.waiting(t) != 0 {
		t.Errorf("files %q, %d messages", files, p.waiting(t))
	}
	p.announcedOnce(t, r, "failed", got.StatusAt, export.StorageUnavailable.Message())
}

func TestFail_NextAttemptSucceeds(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	w := p.worker(t)
	w.handle(t.Context(), &printer{do: func(context.Context) error { panic("once") }}, p.next(t), stay)
	w.handle(t.Context(), &printer{}, p.nextRetry(t), stay)
	got := p.row(t, r.ID)
	if got.Status != export.Ready || got.Attempt != 2 || got.Failure != nil || len(p.stored(t)) != 1 || p.waiting(t) != 0 {
		t.Errorf("%s at attempt %d: %+v; files %q", got.Status, got.Attempt, got.Failure, p.stored(t))
	}
}
