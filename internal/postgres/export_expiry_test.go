package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

func TestPastItsExpiryARequestReadsAsExpired(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, id := range map[string]string{"queued": s.request(t).ID, "rendering": s.claimed(t).ID, "ready": s.ready(t).ID} {
		s.expire(t, id)
		if r := s.read(t, id); r.Status != export.Expired {
			t.Errorf("%s: reads as %s", name, r.Status)
		}
	}
	for _, r := range must(s.Exports(t.Context(), export.Filter{UserID: s.userID, Limit: 10}))(t) {
		if r.Status != export.Expired {
			t.Errorf("listed as %s", r.Status)
		}
	}
}

func TestAnErasedExportIsExpiredAtOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	canceled := must(s.CancelExport(t.Context(), s.request(t).ID))(t).ID
	stale := s.request(t).ID // as expired as the others for whoever looks
	s.expire(t, stale)
	for name, id := range map[string]string{"ready": s.ready(t).ID, "canceled": canceled, "past its expiry": stale} {
		r := must(s.ExpireExport(t.Context(), id))(t)
		if r.Status != export.Expired || r.ExpiresAt.Before(r.CreatedAt) {
			t.Errorf("%s, erased: %+v", name, r)
		}
		s.wantStatus(t, id, export.Expired)
		again := must(s.ExpireExport(t.Context(), id))(t)
		if !again.ExpiresAt.Equal(r.ExpiresAt) {
			t.Errorf("%s: erasing again moved the expiry from %s to %s", name, r.ExpiresAt, again.ExpiresAt)
		}
	}
	for name, id := range map[string]string{"queued": s.request(t).ID, "rendering": s.claimed(t).ID} {
		_, err := s.ExpireExport(t.Context(), id)
		wantError(t, name, err, export.ErrWrongStatus)
	}
}

func TestASweepTakesWhatIsPastItsExpiryAndEndsIt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	fresh := s.ready(t)
	ready, failed := s.ready(t), s.claimed(t)
	must(s.FailExport(t.Context(), failed, failure(export.RenderCrashed)))(t)
	rendering, queued := s.claimed(t), s.request(t)
	want := map[string]string{ready.ID: ready.Artifact.BlobKey, failed.ID: "", rendering.ID: "", queued.ID: ""}
	var ids []string
	for id := range want {
		s.expire(t, id)
		ids = append(ids, id)
	}
	due := must(s.MarkToSweep(t.Context(), time.Minute, 10))(t)
	if len(due) != len(want) {
		t.Errorf("due: %+v", due)
	}
	for _, d := range due {
		if key, ok := want[d.ID]; !ok || key != d.BlobKey {
			t.Errorf("due: %+v, want the file %q", d, key)
		}
	}
	if n := must(s.FinishSweep(t.Context(), append(ids, fresh.ID)))(t); n != int64(len(ids)) {
		t.Errorf("ended %d, want %d", n, len(ids))
	}
	for _, id := range ids {
		r := s.wantStatus(t, id, export.Expired)
		if r.Artifact.BlobKey != "" || r.Lease != (export.Lease{}) || r.FinishedAt.IsZero() {
			t.Errorf("swept: %+v", r)
		}
	}
	if r := s.read(t, ready.ID); r.Artifact.Size != ready.Artifact.Size || r.Artifact.Filename != ready.Artifact.Filename || !r.FinishedAt.Equal(ready.FinishedAt) {
		t.Errorf("a swept export forgot what it was: %+v", r)
	}
	if r := s.read(t, failed.ID); r.Failure == nil || r.Failure.Code != export.RenderCrashed {
		t.Errorf("a swept failure forgot its reason: %+v", r.Failure)
	}
	s.wantStatus(t, fresh.ID, export.Ready)
	if n := must(s.FinishSweep(t.Context(), ids))(t); n != 0 {
		t.Errorf("ended %d again", n)
	}
}

func TestAMarkHoldsUntilItsSweeperMustBeDead(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.ready(t).ID
	s.expire(t, id)
	mark := func() int { return len(must(s.MarkToSweep(t.Context(), time.Minute, 10))(t)) }
	if first, second := mark(), mark(); first != 1 || second != 0 {
		t.Errorf("taken %d times, then %d times, want once", first, second)
	}
	s.exec(t, `UPDATE export_request SET sweep_until = now() - interval '1 second' WHERE id = $1`, id)
	if again := mark(); again != 1 {
		t.Errorf("taken %d times after the mark ran out", again)
	}
}

func TestTwoSweepersNeverTakeTheSame(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const requests = 60
	for range requests {
		s.expire(t, s.request(t).ID)
	}
	s.wantDisjoint(t, requests, func() (ids []string, err error) {
		due, err := s.MarkToSweep(t.Context(), time.Minute, 7)
		for _, d := range due {
			ids = append(ids, d.ID)
		}
		return ids, err
	})
}

func TestAPurgeForgetsWhatExpiredLongAgo(t *testing.T) {
	t.Parallel()
	s := setup(t)
	var old []string
	for range 5 {
		old = append(old, s.ready(t).ID)
	}
	recent, unswept, ready := s.ready(t).ID, s.ready(t).ID, s.ready(t).ID
	for _, id := range append(slices.Clone(old), recent, unswept) {
		s.expire(t, id)
	}
	must(s.FinishSweep(t.Context(), append(slices.Clone(old), recent)))(t)
	for _, id := range append(slices.Clone(old), unswept) {
		s.exec(t, `UPDATE export_request SET created_at = created_at - interval '1 year', expires_at = expires_at - interval '1 year' WHERE id = $1`, id)
	}
	var counts []int64
	for range 4 {
		counts = append(counts, must(s.PurgeExports(t.Context(), 24*time.Hour, 2))(t))
	}
	if !slices.Equal(counts, []int64{2, 2, 1, 0}) {
		t.Errorf("purged %v", counts)
	}
	s.wantStatus(t, recent, export.Expired)
	s.wantStatus(t, unswept, export.Expired) // its file is still there
	s.wantStatus(t, ready, export.Ready)
	_, err := s.Export(t.Context(), old[0])
	wantError(t, "a purged export", err, export.ErrNotFound)
}
