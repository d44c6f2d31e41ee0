package worker

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestRun_OneExport(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	stop := p.run(t)
	done := p.becomes(t, r.ID, export.Ready)
	stop()

	if done.Attempt != 1 || done.Lease.Token != "" || done.Failure != nil || done.FinishedAt.Before(done.StartedAt) {
		t.Errorf("the row is %+v", done)
	}
	a := done.Artifact
	data, err := os.ReadFile(filepath.Join(p.fileDir, a.BlobKey))
	if err != nil {
		t.Fatal(err)
	}
	if a.Size != int64(len(data)) || a.SHA256 != sha256.Sum256(data) || a.Pages != 1 || !strings.HasPrefix(string(data), "%PDF-") {
		t.Errorf("the row describes another file: %+v, %d bytes", a, len(data))
	}
	if !strings.HasSuffix(a.Filename, ".pdf") || !strings.HasPrefix(a.BlobKey, "exports/"+r.ID[34:]+"/"+r.ID+".") {
		t.Errorf("file name %q, key %q", a.Filename, a.BlobKey)
	}
	if got := p.stored(t); len(got) != 1 {
		t.Errorf("files %q", got)
	}
	if n := p.waiting(t); n != 0 {
		t.Errorf("%d messages are left", n)
	}
	if got := testenv.Value(t, p.url, "SELECT announced FROM export_request"); got != "ready" {
		t.Errorf("announced: %q", got)
	}
	p.announcedOnce(t, r, "ready", done.StatusAt, "")
}

// announcedOnce checks the only event.
func (p *fixture) announcedOnce(t *testing.T, r export.Request, status string, at time.Time, message string) {
	t.Helper()
	events := testenv.Messages(t, p.nats, "EXPORT_EVENTS")
	if len(events) != 1 || events[0].Subject != "exports.event."+status+"."+r.ID {
		t.Fatalf("the events are %+v", events)
	}
	var body struct {
		ExportID   string     `json:"export_id"`
		ResumeID   string     `json:"resume_id"`
		UserID     string     `json:"user_id"`
		ExportedAt *time.Time `json:"exported_at"`
		FailedAt   *time.Time `json:"failed_at"`
		Message    string     `json:"error_message"`
	}
	if err := json.Unmarshal([]byte(events[0].Body), &body); err != nil {
		t.Fatal(err)
	}
	stamp := body.ExportedAt
	if status == "failed" {
		stamp = body.FailedAt
	}
	if body.ExportID != r.ID || body.ResumeID != r.ResumeID || body.UserID != user || body.Message != message || stamp == nil || !stamp.Equal(at) {
		t.Errorf("event %s", events[0].Body)
	}
}

func TestRun_ManyExports(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := map[string]bool{}
	for range 12 {
		ids[p.request(t).ID] = true
	}
	stops := []func(){p.run(t, func(c *Config) { c.Slots = 2 }), p.run(t)}
	for id := range ids {
		if r := p.becomes(t, id, export.Ready); r.Attempt != 1 {
			t.Errorf("%s took %d attempts", id, r.Attempt)
		}
	}
	for _, stop := range stops {
		stop()
	}
	if files, n := p.stored(t), p.waiting(t); len(files) != len(ids) || n != 0 {
		t.Errorf("%d files for %d requests, %d messages left", len(files), len(ids), n)
	}
}

func TestHandle_FormatsWithoutBrowser(t *testing.T) {
	t.Parallel()
	p := setup(t)
	for _, format := range []export.Format{export.HTML, export.DOCX, export.JSON, export.Text, export.Markdown, export.TeX} {
		n := testenv.NewExport(user, p.resumeID)
		n.Format = format
		r, err := p.store.CreateExport(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.queue.PublishRequest(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		page := &printer{}
		d := p.next(t)
		p.worker(t).handle(t.Context(), page, d, stay)
		d.ended(t, "ack")
		done := p.row(t, r.ID)
		if done.Status != export.Ready || done.Artifact.Pages != 0 || page.prints != 0 || !strings.HasSuffix(done.Artifact.BlobKey, "."+string(format)) {
			t.Errorf("%s: %+v after %d prints", format, done.Artifact, page.prints)
		}
	}
}

// Heartbeats keep work that takes several leases.
func TestHandle_HeartbeatKeepsLeaseAndMessage(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	const lease = 900 * time.Millisecond
	d := p.next(t)
	page := &printer{do: func(context.Context) error {
		first := p.row(t, r.ID).Lease
		testenv.Eventually(t, "the lease is extended", func() bool {
			now := p.row(t, r.ID).Lease
			return now.Token == first.Token && now.Until.Sub(first.Until) > lease
		})
		if rescued, err := p.store.RescueExports(t.Context(), 10); err != nil || len(rescued) != 0 {
			t.Errorf("rescued %d, %v", len(rescued), err)
		}
		return nil
	}}
	p.worker(t, func(c *Config) { c.Lease = lease }).handle(t.Context(), page, d, stay)
	if done := p.row(t, r.ID); done.Status != export.Ready || done.Attempt != 1 {
		t.Errorf("%s after %d attempts", done.Status, done.Attempt)
	}
	if d.beats < 3 {
		t.Errorf("InProgress was called %d times", d.beats)
	}
}

// The database may be away, or not answer, for a beat or two.
func TestHandle_HeartbeatFails(t *testing.T) {
	t.Parallel()
	for name, beat := range map[string]func(context.Context) error{
		"at once": func(context.Context) error { return context.DeadlineExceeded },
		"by hanging": func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := setup(t)
			r := p.request(t)
			beats := make(chan struct{}, 1000)
			w := p.worker(t, func(c *Config) {
				c.Lease = 90 * time.Millisecond
				c.Store = faultyStore{Store: p.store, heartbeat: func(ctx context.Context, _ export.Request, _ time.Duration) error {
					beats <- struct{}{}
					return beat(ctx)
				}}
			})
			w.handle(t.Context(), &printer{do: func(ctx context.Context) error {
				<-beats
				<-beats
				return ctx.Err()
			}}, p.next(t), stay)
			if got := p.row(t, r.ID).Status; got != export.Ready {
				t.Errorf("the export is %s", got)
			}
		})
	}
}
