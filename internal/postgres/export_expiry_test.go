package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

func TestExport_PastExpiry(t *testing.T) {
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

func TestExpireExport(t *testing.T) {
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

func TestMarkToSweep_ThenFinish(t *testing.T) {
	t.Parallel()
	s := setup(t)
	fresh := s.ready(t)
	ready, failed := s.ready(t), s.claimed(t)
	must(s.FailExport(t.Context(), failed, failure(export.RenderCrashed)))(t)
	rendering, queued := s.claimed(t), s.request(t)
	ids := []string{failed.ID, rendering.ID, queued.ID, ready.ID}
	for _, id := range ids {
		s.expire(t, id)
	}
	due := must(s.MarkToSweep(t.Context(), time.Time{}, time.Minute, 10))(t)
	if due.Taken != len(ids) || len(due.Files) != 1 || due.Files[0] != (export.Swept{ID: ready.ID, BlobKey: ready.Artifact.BlobKey}) {
		t.Errorf("due: %+v", due)
	}
	// Without a file there is nothing to wait for; with one the row names it still.
	for _, id := range ids {
		want := "expired"
		if id == ready.ID {
			want = "ready"
		}
		if got := s.column(t, "status", id); got != want {
			t.Errorf("marked: the row says %s, want %s", got, want)
		}
	}
	if n := must(s.FinishSweep(t.Context(), []string{ready.ID, fresh.ID}))(t); n != 1 {
		t.Errorf("ended %d, want 1", n)
	}
	for _, id := range ids {
		r := s.wantStatus(t, id, export.Expired)
		if got := s.column(t, "status", id); got != "expired" || r.Artifact.BlobKey != "" || r.Lease != (export.Lease{}) || r.FinishedAt.IsZero() ||
			s.column(t, "sweep_until", id) != "" {
			t.Errorf("swept: %s, %+v", got, r)
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

// Each batch begins where the last one ended, so that it steps over nothing that is
// done with, and none is left out, not even of those that expire at the same time.
func TestMarkToSweep_Since(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const requests = 20
	for n := range requests {
		id := s.request(t).ID
		s.exec(t, `UPDATE export_request SET created_at = created_at - interval '30 days', expires_at = now()::date - $2 * interval '1 day' WHERE id = $1`, id, requests-n/4)
	}
	var since time.Time
	for taken := 0; taken < requests; {
		due := must(s.MarkToSweep(t.Context(), since, time.Minute, 3))(t)
		if due.Taken != min(3, requests-taken) || due.Through.Before(since) {
			t.Fatalf("after %d: %+v", taken, due)
		}
		taken, since = taken+due.Taken, due.Through
	}
	if due := must(s.MarkToSweep(t.Context(), since, time.Minute, 3))(t); due.Taken != 0 || !due.Through.Equal(since) {
		t.Errorf("at the end: %+v", due)
	}
	since = time.Time{}
	for taken := 0; taken < requests; {
		gone := must(s.PurgeExports(t.Context(), since, time.Hour, 3))(t)
		if gone.Taken != min(3, requests-taken) || gone.Through.Before(since) {
			t.Fatalf("purged after %d: %+v", taken, gone)
		}
		taken, since = taken+gone.Taken, gone.Through
	}
	// What expired before since is another pass's.
	early := s.request(t).ID
	s.expire(t, early)
	if due := must(s.MarkToSweep(t.Context(), time.Now(), time.Minute, 3))(t); due.Taken != 0 {
		t.Errorf("from now on: %+v", due)
	}
}

func TestSweepLag(t *testing.T) {
	t.Parallel()
	s := setup(t)
	if lag := must(s.SweepLag(t.Context(), 10))(t); lag != (export.SweepLag{}) {
		t.Errorf("without any: %+v", lag)
	}
	s.request(t)
	for days := range 5 {
		s.exec(t, `UPDATE export_request SET created_at = created_at - interval '90 days', expires_at = now() - $2 * interval '1 day' WHERE id = $1`, s.ready(t).ID, days+40)
	}
	for most, due := range map[int]int64{10: 5, 3: 3} {
		lag := must(s.SweepLag(t.Context(), most))(t)
		if lag.Due != due || lag.Oldest < 44*24*time.Hour || lag.Oldest > 45*24*time.Hour {
			t.Errorf("of at most %d: %+v", most, lag)
		}
	}
	for {
		due := must(s.MarkToSweep(t.Context(), time.Time{}, time.Minute, 10))(t)
		if due.Taken == 0 {
			break
		}
		for _, d := range due.Files {
			must(s.FinishSweep(t.Context(), []string{d.ID}))(t)
		}
	}
	if lag := must(s.SweepLag(t.Context(), 10))(t); lag != (export.SweepLag{}) {
		t.Errorf("swept: %+v", lag)
	}
	s.ready(t)
	must(s.EraseExports(t.Context(), s.userID, "", time.Minute, 10))(t)
	if lag := must(s.SweepLag(t.Context(), 10))(t); lag.Due == 0 || lag.Oldest > time.Hour {
		t.Errorf("just erased: %+v", lag)
	}
}

func TestFilesInUse(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ready, rendering, queued := s.ready(t), s.claimed(t), s.request(t)
	over := s.claimed(t) // and not rescued yet: its worker may still complete it
	s.loseLease(t, over.ID)
	used := must(s.FilesInUse(t.Context(), []string{ready.ID, rendering.ID, queued.ID, over.ID, "0192f0a1-7c3e-7d20-8a41-5b6c7d8e9fab"}))(t)
	want := []export.FileInUse{
		{ExportID: ready.ID, BlobKey: ready.Artifact.BlobKey}, {ExportID: rendering.ID, Lease: rendering.Lease.Token},
		{ExportID: over.ID, Lease: over.Lease.Token}, {ExportID: queued.ID},
	}
	if len(used) != len(want) {
		t.Errorf("in use are %+v", used)
	}
	for _, u := range want {
		if !slices.Contains(used, u) {
			t.Errorf("%+v is not among %+v", u, used)
		}
	}
}

func TestMarkToSweep_MarkRunsOut(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.ready(t).ID
	s.expire(t, id)
	mark := func() int { return must(s.MarkToSweep(t.Context(), time.Time{}, time.Minute, 10))(t).Taken }
	if first, second := mark(), mark(); first != 1 || second != 0 {
		t.Errorf("taken %d times, then %d times, want once", first, second)
	}
	s.exec(t, `UPDATE export_request SET sweep_until = now() - interval '1 second' WHERE id = $1`, id)
	if again := mark(); again != 1 {
		t.Errorf("taken %d times after the mark ran out", again)
	}
}

func TestMarkToSweep_Concurrent(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const requests = 60
	for range requests {
		s.expire(t, s.ready(t).ID)
	}
	s.wantDisjoint(t, requests, func() (ids []string, err error) {
		due, err := s.MarkToSweep(t.Context(), time.Time{}, time.Minute, 7)
		for _, d := range due.Files {
			ids = append(ids, d.ID)
		}
		return ids, err
	})
}

func TestPurgeExports(t *testing.T) {
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
	var counts []int
	for range 4 {
		counts = append(counts, must(s.PurgeExports(t.Context(), time.Time{}, 24*time.Hour, 2))(t).Taken)
	}
	if !slices.Equal(counts, []int{2, 2, 1, 0}) {
		t.Errorf("purged %v", counts)
	}
	s.wantStatus(t, recent, export.Expired)
	s.wantStatus(t, unswept, export.Expired) // its file is still there
	s.wantStatus(t, ready, export.Ready)
	_, err := s.Export(t.Context(), old[0])
	wantError(t, "a purged export", err, export.ErrNotFound)
}
