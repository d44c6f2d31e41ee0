package postgres_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
)

func TestClaimExport_CountsAttempt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.request(t).ID
	r := must(s.ClaimExport(t.Context(), id, lease))(t)
	if r.Status != export.Rendering || r.Attempt != 1 || r.StartedAt.IsZero() || uuid.Validate(r.Lease.Token) != nil {
		t.Errorf("claimed: %+v", r)
	}
	if length := r.Lease.Until.Sub(r.StatusAt); length != lease {
		t.Errorf("lease of %s, want %s", length, lease)
	}
	if got := s.read(t, id); !reflect.DeepEqual(got, r) {
		t.Errorf("read %+v\nreturned %+v", got, r)
	}
	_, err := s.ClaimExport(t.Context(), id, lease)
	wantError(t, "second claim", err, export.ErrNotClaimable)
}

func TestClaimExport_NotClaimable(t *testing.T) {
	t.Parallel()
	s := setup(t)
	resting, expired, used, canceled := s.request(t).ID, s.request(t).ID, s.request(t).ID, s.request(t).ID
	s.exec(t, `UPDATE export_request SET next_attempt_at = now() + interval '1 hour' WHERE id = $1`, resting)
	s.expire(t, expired)
	s.exec(t, `UPDATE export_request SET attempt = max_attempts WHERE id = $1`, used)
	must(s.CancelExport(t.Context(), canceled))(t)
	for name, id := range map[string]string{
		"resting": resting, "expired": expired, "attempts used up": used, "canceled": canceled, "ready": s.ready(t).ID, "rendering": s.claimed(t).ID,
	} {
		_, err := s.ClaimExport(t.Context(), id, lease)
		wantError(t, name, err, export.ErrNotClaimable)
	}
}

func TestHeartbeatExport(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.claimed(t)
	s.loseLease(t, r.ID) // but nobody has noticed yet
	if err := s.HeartbeatExport(t.Context(), r, time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := s.read(t, r.ID); !got.Lease.Until.After(r.Lease.Until) || got.Lease.Token != r.Lease.Token {
		t.Errorf("lease %+v, was %+v", got.Lease, r.Lease)
	}
}

func TestCompleteExport(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.claimed(t)
	done := must(s.CompleteExport(t.Context(), r, artifact(r)))(t)
	if done.Status != export.Ready || !reflect.DeepEqual(done.Artifact, artifact(r)) || done.Lease != (export.Lease{}) || done.FinishedAt.IsZero() || done.Failure != nil {
		t.Errorf("completed: %+v", done)
	}
	if got := s.read(t, r.ID); !reflect.DeepEqual(got, done) {
		t.Errorf("read %+v\nreturned %+v", got, done)
	}
}

func TestFailExport(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.claimed(t)
	want := failure(export.DocumentTooLarge)
	failed := must(s.FailExport(t.Context(), r, want))(t)
	if failed.Status != export.Failed || failed.Failure == nil || *failed.Failure != want || failed.FinishedAt.IsZero() || failed.Lease != (export.Lease{}) {
		t.Errorf("failed: %+v", failed)
	}
}

func TestRetryExportLater(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.claimed(t)
	const backoff = time.Hour
	later := must(s.RetryExportLater(t.Context(), r, failure(export.RenderCrashed), backoff))(t)
	if later.Status != export.Queued || later.Attempt != 1 || later.Failure == nil || later.Failure.Code != export.RenderCrashed || later.Lease != (export.Lease{}) {
		t.Errorf("retry: %+v", later)
	}
	if rests := later.NextAttemptAt.Sub(later.StatusAt); rests != backoff {
		t.Errorf("due in %s, want %s", rests, backoff)
	}
	s.wantDueIn(t, r.ID, backoff) // the dispatcher publishes it
	_, err := s.ClaimExport(t.Context(), r.ID, lease)
	wantError(t, "claim while it rests", err, export.ErrNotClaimable)
	s.rested(t, r.ID)
	again := must(s.ClaimExport(t.Context(), r.ID, lease))(t)
	if again.Attempt != 2 || again.Failure != nil || !again.StartedAt.Equal(r.StartedAt) {
		t.Errorf("second attempt: %+v", again)
	}
}

func TestRetryExportLater_NoAttemptLeft(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.claimed(t)
	for range r.MaxAttempts - 1 {
		must(s.RetryExportLater(t.Context(), r, failure(export.Internal), 0))(t)
		r = must(s.ClaimExport(t.Context(), r.ID, lease))(t)
	}
	_, err := s.RetryExportLater(t.Context(), r, failure(export.Internal), 0)
	wantError(t, "retry after the last attempt", err, export.ErrFenced)
	must(s.FailExport(t.Context(), r, failure(export.Internal)))(t)
}

func TestHandBackExport(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.claimed(t)
	for range 2 * r.MaxAttempts {
		if err := s.HandBackExport(t.Context(), r, 0); err != nil {
			t.Fatal(err)
		}
		back := s.wantStatus(t, r.ID, export.Queued)
		if back.Attempt != 0 || back.Lease != (export.Lease{}) || back.NextAttemptAt.After(back.StatusAt) {
			t.Errorf("handed back: %+v", back)
		}
		s.wantDueIn(t, r.ID, dispatchWithin)
		r = must(s.ClaimExport(t.Context(), r.ID, lease))(t)
	}
}

func TestCancelExport(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, id := range map[string]string{"queued": s.request(t).ID, "rendering": s.claimed(t).ID} {
		r := must(s.CancelExport(t.Context(), id))(t)
		if r.Status != export.Canceled || r.FinishedAt.IsZero() || r.Lease != (export.Lease{}) {
			t.Errorf("%s, canceled: %+v", name, r)
		}
		_, err := s.CancelExport(t.Context(), id)
		wantError(t, "again", err, export.ErrWrongStatus)
	}
	stale := s.request(t).ID
	s.expire(t, stale)
	for name, id := range map[string]string{"ready": s.ready(t).ID, "past its expiry": stale} {
		_, err := s.CancelExport(t.Context(), id)
		wantError(t, name, err, export.ErrWrongStatus)
	}
}

func TestMarkDownloaded(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.ready(t).ID
	var first time.Time
	for n := 1; n <= 3; n++ {
		if err := s.MarkDownloaded(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		r := s.wantStatus(t, id, export.Ready)
		if n == 1 {
			first = r.DownloadedAt
		}
		if !r.Downloaded || r.DownloadCount != n || first.IsZero() || !r.DownloadedAt.Equal(first) {
			t.Errorf("after %d downloads: %v, %d, at %s, first %s", n, r.Downloaded, r.DownloadCount, r.DownloadedAt, first)
		}
	}
}

// wantDueIn fails the test unless the dispatcher is due so long after the row's
// last change.
func (s stage) wantDueIn(t testing.TB, id string, want time.Duration) {
	t.Helper()
	var got time.Duration
	if err := s.Pool().QueryRow(t.Context(), `SELECT dispatch_due_at - status_at FROM export_request WHERE id = $1`, id).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("due to be dispatched in %s, want %s", got, want)
	}
}
