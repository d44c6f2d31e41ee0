package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// failed records an export and fails it.
func (s stage) failed(t testing.TB, code export.FailureCode) export.Request {
	t.Helper()
	return must(s.FailExport(t.Context(), s.claimed(t), failure(code)))(t)
}

func TestRetryExport_StartsOver(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx := t.Context()
	first := s.failed(t, export.RenderCrashed)
	if err := s.MarkAnnounced(ctx, []export.Request{first}); err != nil {
		t.Fatal(err)
	}
	again := must(s.RetryExport(ctx, first.ID))(t)
	if again.Status != export.Queued || again.Attempt != 0 || again.MaxAttempts != first.MaxAttempts || !again.FinishedAt.IsZero() ||
		!again.ExpiresAt.Equal(first.ExpiresAt) || !again.StartedAt.Equal(first.StartedAt) || again.DispatchGen != first.DispatchGen+1 || *again.Failure != *first.Failure {
		t.Errorf("after the retry %+v, before %+v", again, first)
	}
	// Whoever retries publishes; only after a while does the dispatcher.
	if due := must(s.TakeToDispatch(ctx, 10))(t); len(due) != 0 {
		t.Errorf("due at once: %+v", due)
	}
	second := must(s.FailExport(ctx, must(s.ClaimExport(ctx, first.ID, lease))(t), failure(export.RenderCrashed)))(t)
	// The mark of the first failure comes late, and must not pass for one of the second.
	if err := s.MarkAnnounced(ctx, []export.Request{first}); err != nil {
		t.Fatal(err)
	}
	if missing := must(s.Unannounced(ctx, 0, 10))(t); len(missing) != 1 || missing[0].Request.ID != first.ID {
		t.Errorf("unannounced: %+v", missing)
	}
	if err := s.MarkAnnounced(ctx, []export.Request{second}); err != nil {
		t.Fatal(err)
	}
	if missing := must(s.Unannounced(ctx, 0, 10))(t); len(missing) != 0 {
		t.Errorf("unannounced after the mark: %+v", missing)
	}
}

func TestRetryExport_Concurrent(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for range 20 {
		id := s.failed(t, export.Internal).ID
		ended := race(2, func(int) error {
			_, err := s.RetryExport(t.Context(), id)
			return err
		})
		if (ended[0] == nil) == (ended[1] == nil) {
			t.Errorf("error %v", ended)
		}
	}
}

func TestRetryFailed_Concurrent(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const requests = 40
	for range requests {
		s.failed(t, export.Internal)
	}
	s.wantDisjoint(t, requests, func() ([]string, error) { return s.RetryFailed(t.Context(), export.Failures{Limit: 7}) })
}

func TestEraseExports_LockedRowAndDeadlock(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a, b := s.ready(t).ID, s.ready(t).ID
	conn := must(pgx.Connect(t.Context(), s.Pool().Config().ConnString()))(t)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	hold := func(id string) error {
		_, err := conn.Exec(t.Context(), "SELECT FROM export_request WHERE id = $1 FOR UPDATE", id)
		return err
	}
	// The other side is patient, so that the deadlock ends the erasure.
	if _, err := conn.Exec(t.Context(), "SET deadlock_timeout = '60s'; BEGIN"); err != nil {
		t.Fatal(err)
	}
	if err := hold(b); err != nil {
		t.Fatal(err)
	}
	type outcome struct {
		ids []string
		err error
	}
	erasing := make(chan outcome, 1)
	go func() {
		ids, err := s.EraseExports(t.Context(), s.userID, "", time.Minute, 10)
		erasing <- outcome{ids, err}
	}()
	testenv.Eventually(t, "the erasure waits", func() bool {
		var waiting int
		return s.Pool().QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE NOT granted").Scan(&waiting) == nil && waiting > 0
	})
	if err := hold(a); err != nil { // which it holds
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if got := <-erasing; got.err != nil || !slices.Equal(got.ids, []string{a, b}) {
		t.Errorf("erased %v, %v", got.ids, got.err)
	}
	for _, id := range []string{a, b} {
		_, err := s.Export(t.Context(), id)
		wantError(t, "reading "+id, err, export.ErrNotFound)
	}
}

func TestForgetExports_OnlyErased(t *testing.T) {
	t.Parallel()
	s := setup(t)
	kept, r := s.ready(t), s.ready(t)
	if n := must(s.ForgetExports(t.Context(), []string{kept.ID, r.ID}))(t); n != 0 {
		t.Errorf("%d rows deleted that were not erased", n)
	}
	s.exec(t, `UPDATE export_request SET user_id = 'user_other' WHERE id = $1`, kept.ID)
	if ids := must(s.EraseExports(t.Context(), s.userID, "", time.Minute, 10))(t); !slices.Equal(ids, []string{r.ID}) {
		t.Errorf("erased %v", ids)
	}
	erased := must(s.ErasedExports(t.Context(), s.userID, "", 10))(t)
	if len(erased) != 1 || erased[0] != (export.Swept{ID: r.ID, BlobKey: r.Artifact.BlobKey}) {
		t.Errorf("erased %+v", erased)
	}
	// Bytes on their way out are not copied.
	_, err := s.SameContent(t.Context(), s.userID, r.Artifact.Content)
	wantError(t, "its bytes", err, export.ErrNotFound)
	if due := must(s.MarkToSweep(t.Context(), time.Time{}, time.Minute, 10))(t); due.Taken != 0 {
		t.Errorf("a sweeper takes %+v during the hold", due)
	}
	if n := must(s.ForgetExports(t.Context(), []string{kept.ID, r.ID}))(t); n != 1 {
		t.Errorf("%d rows deleted", n)
	}
	s.wantStatus(t, kept.ID, export.Ready)
	for range 3 {
		s.request(t)
	}
	var last string
	for _, want := range []int{2, 1} {
		ids := must(s.EraseExports(t.Context(), s.userID, last, time.Minute, 2))(t)
		if len(ids) != want || !slices.IsSorted(ids) {
			t.Fatalf("a batch of %v, want %d", ids, want)
		}
		last = ids[len(ids)-1]
	}
}

// A user who is deleted just when somebody asks for an export of theirs.
func TestEraseUser_Trigger(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for n := range 20 {
		user := fmt.Sprintf("user_x%d", n)
		resume := testenv.ImportSample(t, s.Store, user, "nearly-empty")
		race(2, func(i int) error {
			if i == 0 {
				_, err := s.CreateExport(t.Context(), testenv.NewExport(user, resume))
				return err
			}
			return s.try(t, `DELETE FROM "user" WHERE id = $1`, user)
		})
		s.refuseOrphans(t, user)
		var alive int
		if err := s.Pool().QueryRow(t.Context(), `SELECT count(*) FROM export_request WHERE user_id = $1 AND expires_at <> 'epoch'`, user).Scan(&alive); err != nil || alive != 0 {
			t.Fatalf("%d requests of a user who is gone (%v)", alive, err)
		}
	}
}

// refuseOrphans does with the user's waiting requests what a worker does that finds no resume.
func (s stage) refuseOrphans(t *testing.T, user string) {
	t.Helper()
	url := s.Pool().Config().ConnString()
	for _, id := range testenv.Values(t, url, `SELECT id::text FROM export_request WHERE user_id = $1 AND status = 'queued'`, user) {
		r := must(s.ClaimExport(t.Context(), id, lease))(t)
		_, err := s.LoadResume(t.Context(), r.ResumeID, r.JobID)
		wantCode(t, "load", err, export.ResumeNotFound)
		_, err = s.FailExport(t.Context(), r, failure(export.ResumeNotFound))
		wantError(t, "fail", err, export.ErrFenced)
	}
}

// The trigger did not see the request, because it was inserted at the same time.
func TestFailExport_OwnerDeleted(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.exec(t, `ALTER TABLE "user" DISABLE TRIGGER user_erases_export_requests`)
	r := s.request(t)
	s.exec(t, `DELETE FROM "user"`)
	s.refuseOrphans(t, s.userID)
	_, err := s.Export(t.Context(), r.ID)
	wantError(t, "read", err, export.ErrNotFound)
	if left := s.column(t, "announced", r.ID); left != "canceled" {
		t.Errorf("announced %q: a listener would be told of a deleted user", left)
	}
}
