package postgres_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestCreateExport(t *testing.T) {
	t.Parallel()
	s := setup(t)
	n := testenv.NewExport(s.userID, s.resumeID)
	r := must(s.CreateExport(t.Context(), n))(t)
	if r.ID != n.ID || r.UserID != s.userID || r.ResumeID != s.resumeID || r.JobID != "" ||
		r.Format != export.PDF || r.Template != "classic" || r.Paper != export.A4 {
		t.Errorf("the created request differs: %+v", r)
	}
	if r.Status != export.Queued || r.Attempt != 0 || r.MaxAttempts != 3 || r.DispatchGen != 1 || r.Failure != nil ||
		r.Lease != (export.Lease{}) || !reflect.DeepEqual(r.Artifact, export.Artifact{}) || r.Downloaded || !r.StartedAt.IsZero() || !r.FinishedAt.IsZero() {
		t.Errorf("unexpected initial state: %+v", r)
	}
	if lives := r.ExpiresAt.Sub(r.CreatedAt); lives != n.ExpiresIn {
		t.Errorf("expires after %s, want %s", lives, n.ExpiresIn)
	}
	if again := s.read(t, r.ID); !reflect.DeepEqual(again, r) {
		t.Errorf("read %+v\nreturned %+v", again, r)
	}
	// Whoever created it publishes it; only after a while does the dispatcher.
	if due := must(s.TakeToDispatch(t.Context(), 10))(t); len(due) != 0 {
		t.Errorf("due at once: %+v", due)
	}
	if _, err := s.CreateExport(t.Context(), n); err == nil {
		t.Error("the same id was accepted twice")
	}
}

func TestCreateExport_Caller(t *testing.T) {
	t.Parallel()
	s := setup(t)
	other := export.Caller{UserID: "user_other", Active: true}
	staff := export.Caller{UserID: "user_staff", Active: true, Staff: true}
	for _, c := range []struct {
		name, resumeID string
		caller         export.Caller
		want           error
	}{
		{"another user", s.resumeID, other, export.ErrResumeNotFound},
		{"staff", s.resumeID, staff, nil},
		{"staff, unknown resume", "rsm_nobody", staff, export.ErrResumeNotFound},
		{"no resume", "", staff, export.ErrResumeNotFound},
		{"no text", "rsm\x00", staff, export.ErrResumeNotFound},
		{"a caller that is no text", s.resumeID, export.Caller{UserID: "\xff"}, export.ErrResumeNotFound},
	} {
		n := testenv.NewExport(s.userID, c.resumeID)
		n.Caller = c.caller
		r, err := s.CreateExport(t.Context(), n)
		wantError(t, c.name, err, c.want)
		if err == nil && r.UserID != s.userID {
			t.Errorf("%s: the export belongs to %s, not to the resume's owner", c.name, r.UserID)
		}
	}
}

func TestCreateExport_JobPosting(t *testing.T) {
	t.Parallel()
	s := setup(t)
	tailored := testenv.ImportSample(t, s.Store, s.userID, "tailored")
	own := must(s.LoadResume(t.Context(), tailored, ""))(t).Job.ID
	s.exec(t, `INSERT INTO jobs (id, title, company_name) VALUES ('job_other', 'T', 'C')`)
	for _, c := range []struct {
		asked, want string
		err         error
	}{
		{"", own, nil},
		{"job_other", "job_other", nil},
		{"job_nobody", "", export.ErrJobNotFound},
		{"job\x00", "", export.ErrJobNotFound},
	} {
		n := testenv.NewExport(s.userID, tailored)
		n.JobID = c.asked
		r, err := s.CreateExport(t.Context(), n)
		wantError(t, fmt.Sprintf("posting %q", c.asked), err, c.err)
		if r.JobID != c.want {
			t.Errorf("asked for posting %q, got %q, want %q", c.asked, r.JobID, c.want)
		}
	}
}

func TestStore_InvalidID(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx := t.Context()
	for _, id := range []string{"", "x", "a\x00b", "{" + uuid.NewString() + "}", "urn:uuid:" + uuid.NewString(), uuid.NewString()} {
		unknown := export.Request{ID: id, Lease: export.Lease{Token: uuid.NewString()}}
		_, err := s.Export(ctx, id)
		wantError(t, "read "+id, err, export.ErrNotFound)
		wantError(t, "download "+id, s.MarkDownloaded(ctx, id), export.ErrNotFound)
		_, err = s.ClaimExport(ctx, id, lease)
		wantError(t, "claim "+id, err, export.ErrNotClaimable)
		gone := export.ErrNotFound
		if _, err := uuid.Parse(id); err == nil && len(id) == 36 {
			gone = export.ErrFenced
			_, err = s.CancelExport(ctx, id)
			wantError(t, "cancel "+id, err, export.ErrWrongStatus)
			_, err = s.ExpireExport(ctx, id)
			wantError(t, "expire "+id, err, export.ErrWrongStatus)
		} else {
			_, err = s.CancelExport(ctx, id)
			wantError(t, "cancel "+id, err, export.ErrNotFound)
			_, err = s.ExpireExport(ctx, id)
			wantError(t, "expire "+id, err, export.ErrNotFound)
			wantError(t, "put back "+id, s.DispatchFailed(ctx, []string{id}), export.ErrNotFound)
			wantError(t, "announce "+id, s.MarkAnnounced(ctx, []export.Request{{ID: id}}), export.ErrNotFound)
			_, err = s.FinishSweep(ctx, []string{id})
			wantError(t, "sweep "+id, err, export.ErrNotFound)
		}
		for name, err := range s.holderCalls(t, unknown) {
			wantError(t, name+" "+id, err, gone)
		}
	}
	r := s.claimed(t)
	r.Lease.Token = ""
	for name, err := range s.holderCalls(t, r) {
		wantError(t, name+" without a token", err, export.ErrFenced)
	}
}

// holderCalls calls every method that requires a lease and returns their errors.
func (s stage) holderCalls(t testing.TB, r export.Request) map[string]error {
	t.Helper()
	ctx := t.Context()
	_, completed := s.CompleteExport(ctx, r, artifact(r))
	_, failed := s.FailExport(ctx, r, failure(export.Internal))
	_, later := s.RetryExportLater(ctx, r, failure(export.Internal), time.Second)
	return map[string]error{
		"heartbeat": s.HeartbeatExport(ctx, r, lease), "complete": completed, "fail": failed,
		"retry later": later, "hand back": s.HandBackExport(ctx, r, 0),
	}
}

func TestCaller(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.exec(t, `INSERT INTO "user" (id, first_name, is_active, is_staff) VALUES ('user_staff', 'S', true, true), ('user_off', 'O', false, false)`)
	for id, want := range map[string]export.Caller{
		s.userID:     {UserID: s.userID, Active: true},
		"user_staff": {UserID: "user_staff", Active: true, Staff: true},
		"user_off":   {UserID: "user_off"},
	} {
		if got := must(s.Caller(t.Context(), id))(t); got != want {
			t.Errorf("caller %+v, want %+v", got, want)
		}
	}
	for _, id := range []string{"", "user_nobody", "user\x00", "\xff"} {
		_, err := s.Caller(t.Context(), id)
		wantError(t, fmt.Sprintf("%q", id), err, export.ErrUserNotFound)
	}
}
