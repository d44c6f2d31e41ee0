package sweep

import (
	"reflect"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestPass_ExpiresOnlyWhatIsDue(t *testing.T) {
	t.Parallel()
	p := setup(t)
	old, fresh := p.ready(t), p.ready(t)
	p.expire(t, old.ID)
	if res := pass(t, p.sweeper(t)); res != (Result{Expired: 1, Files: 1}) {
		t.Errorf("result %+v", res)
	}
	if p.status(t, old.ID) != "expired" || p.has(t, old.Artifact.BlobKey) {
		t.Errorf("the old one is %s, its file is there: %t", p.status(t, old.ID), p.has(t, old.Artifact.BlobKey))
	}
	if got, err := p.store.Export(t.Context(), fresh.ID); err != nil || !reflect.DeepEqual(got, fresh) || !p.has(t, fresh.Artifact.BlobKey) {
		t.Errorf("the fresh export is now %+v, %v", got, err)
	}
	if res := pass(t, p.sweeper(t)); res != (Result{}) {
		t.Errorf("result of the next pass %+v", res)
	}
}

func TestPass_ExpiredRowKeepsHistory(t *testing.T) {
	t.Parallel()
	p := setup(t)
	done := p.ready(t)
	if err := p.store.MarkDownloaded(t.Context(), done.ID); err != nil {
		t.Fatal(err)
	}
	request := testenv.Request(t, p.store, user, p.resumeID)
	failing, err := p.store.ClaimExport(t.Context(), export.Message{ExportID: request.ID}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	why := export.Failure{Code: export.InvalidResume, Message: export.InvalidResume.Message()}
	failed, err := p.store.FailExport(t.Context(), failing, why)
	if err != nil {
		t.Fatal(err)
	}
	p.expire(t)
	if res := pass(t, p.sweeper(t)); res != (Result{Expired: 2, Files: 1}) {
		t.Errorf("result %+v", res)
	}
	got, err := p.store.Export(t.Context(), done.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := done.Artifact
	want.BlobKey = ""
	if got.Status != export.Expired || !reflect.DeepEqual(got.Artifact, want) || !got.FinishedAt.Equal(done.FinishedAt) || !got.Downloaded || got.DownloadCount != 1 {
		t.Errorf("the ready export is now %+v", got)
	}
	if got, err = p.store.Export(t.Context(), failed.ID); err != nil {
		t.Fatal(err)
	}
	if got.Status != export.Expired || got.Failure == nil || *got.Failure != why || got.Attempt != 1 {
		t.Errorf("the failed export is now %+v", got)
	}
}

// Requests expire even while a worker renders them; the worker is then fenced out.
func TestPass_QueuedAndRendering(t *testing.T) {
	t.Parallel()
	p := setup(t)
	queued := testenv.Request(t, p.store, user, p.resumeID)
	other := testenv.Request(t, p.store, user, p.resumeID)
	rendering, err := p.store.ClaimExport(t.Context(), export.Message{ExportID: other.ID}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	p.expire(t)
	if res := pass(t, p.sweeper(t)); res != (Result{Expired: 2}) {
		t.Errorf("result %+v", res)
	}
	for _, id := range []string{queued.ID, rendering.ID} {
		got, err := p.store.Export(t.Context(), id)
		if err != nil || got.Status != export.Expired || got.FinishedAt.IsZero() || got.Lease.Token != "" {
			t.Errorf("%+v, %v", got, err)
		}
		if p.status(t, id) != "expired" {
			t.Errorf("status %s", p.status(t, id))
		}
	}
	if _, err := p.store.CompleteExport(t.Context(), rendering, export.Artifact{BlobKey: "k", Size: 1, Filename: "f"}); err == nil {
		t.Error("the worker completed an expired export")
	}
}

func TestPass_MoreThanOneBatch(t *testing.T) {
	t.Parallel()
	p := setup(t)
	testenv.Request(t, p.store, user, p.resumeID)
	testenv.Exec(t, p.url, `INSERT INTO export_request (id, user_id, resume_id, format, template, paper, max_attempts, created_at, expires_at)
		SELECT gen_random_uuid(), user_id, resume_id, format, template, paper, max_attempts, now() - interval '2 d', now() - interval '1 d'
		FROM export_request, generate_series(1, $1)`, 5*firstBatch)
	s := p.sweeper(t, func(c *Config) { c.Retention = MinRetention })
	if res := pass(t, s); res != (Result{Expired: 5 * firstBatch, Purged: 5 * firstBatch}) {
		t.Errorf("result %+v", res)
	}
	if n := testenv.Value(t, p.url, "SELECT count(*) FROM export_request"); n != "1" {
		t.Errorf("%s rows remain", n)
	}
}

func TestPass_Lag(t *testing.T) {
	t.Parallel()
	p := setup(t)
	for range 3 {
		p.expire(t, p.ready(t).ID) // a minute ago
	}
	p.ready(t)
	res, err := p.sweeper(t).Pass(t.Context())
	if err != nil || res.Lag.Due != 3 || res.Lag.Oldest < time.Minute || res.Lag.Oldest > 10*time.Minute {
		t.Errorf("%+v, %v", res.Lag, err)
	}
	if res, err = p.sweeper(t).Pass(t.Context()); err != nil || res != (Result{}) {
		t.Errorf("after it has caught up: %+v, %v", res, err)
	}
}

func TestBatchSize_Adapt(t *testing.T) {
	t.Parallel()
	size := newBatchSize()
	for range 10 {
		size.adapt(fastBatch - 1)
	}
	if size.rows != maxBatch {
		t.Errorf("batch of %d rows on a quick database", size.rows)
	}
	size.adapt(slowBatch)
	if size.rows != maxBatch {
		t.Errorf("batch of %d rows after one that was in time", size.rows)
	}
	for range 10 {
		size.adapt(slowBatch + 1)
	}
	if size.rows != minBatch {
		t.Errorf("batch of %d rows on a slow database", size.rows)
	}
}

func TestPass_PurgesAfterRetention(t *testing.T) {
	t.Parallel()
	p := setup(t)
	young, old := p.ready(t), p.ready(t)
	p.expire(t)
	s := p.sweeper(t, func(c *Config) { c.Retention = 48 * time.Hour })
	if res := pass(t, s); res != (Result{Expired: 2, Files: 2}) {
		t.Errorf("result of the first pass %+v", res)
	}
	for id, ago := range map[string]string{young.ID: "47 h", old.ID: "49 h"} {
		testenv.Exec(t, p.url, "UPDATE export_request SET created_at = created_at - interval '9 d', expires_at = now() - $2::text::interval WHERE id = $1", id, ago)
	}
	// Past the retention, but its file is still there: nothing is forgotten before it is deleted.
	stuck := p.ready(t)
	testenv.Exec(t, p.url, "UPDATE export_request SET created_at = created_at - interval '9 d', expires_at = now() - interval '8 d' WHERE id = $1", stuck.ID)
	s.Files = &spyFiles{Files: p.files, refuse: map[string]bool{stuck.Artifact.BlobKey: true}}
	if res := pass(t, s); res != (Result{Failed: 1, Purged: 1}) {
		t.Errorf("result of the second pass %+v", res)
	}
	if p.status(t, young.ID) != "expired" || p.status(t, stuck.ID) != "ready" {
		t.Errorf("the young one is %q, the stuck one %q", p.status(t, young.ID), p.status(t, stuck.ID))
	}
	if n := testenv.Value(t, p.url, "SELECT count(*) FROM export_request"); n != "2" {
		t.Errorf("%s rows remain", n)
	}
}

func TestNew_RetentionTooShort(t *testing.T) {
	t.Parallel()
	for retention, want := range map[time.Duration]bool{
		0: true, MinRetention: true, 365 * 24 * time.Hour: true,
		MinRetention - 1: false, time.Nanosecond: false, -time.Hour: false,
	} {
		s, err := New(Config{Retention: retention})
		if (err == nil) != want {
			t.Errorf("%s: %v", retention, err)
		}
		if retention == 0 && s.Retention != DefaultRetention {
			t.Errorf("the default is %s", s.Retention)
		}
	}
}

// observer keeps what it is told.
type observer struct{ passes []Result }

func (o *observer) Swept(res Result, took time.Duration, err error) {
	if took > 0 && err == nil {
		o.passes = append(o.passes, res)
	}
}

func TestPass_Observer(t *testing.T) {
	t.Parallel()
	p := setup(t)
	p.expire(t, p.ready(t).ID)
	seen := &observer{}
	s := p.sweeper(t, func(c *Config) { c.Observer = seen })
	first := pass(t, s)
	pass(t, s)
	if len(seen.passes) != 2 || did(seen.passes[0]) != did(first) || seen.passes[0].Expired != 1 || seen.passes[1] != (Result{}) {
		t.Errorf("the observer has %+v", seen.passes)
	}
}
