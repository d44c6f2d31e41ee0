package postgres_test

import (
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

func TestClaimExport_MessageOfAnotherAttempt(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.request(t).ID
	claim := func(attempts int) error {
		_, err := s.Store.ClaimExport(t.Context(), export.Message{ExportID: id, Attempts: attempts}, lease)
		return err
	}
	for _, attempts := range []int{-1, 1, 2, 1 << 40} {
		wantError(t, "the first attempt with a message of another", claim(attempts), export.ErrNotClaimable)
	}
	if err := claim(0); err != nil {
		t.Fatal(err)
	}
	s.loseLease(t, id)
	must(s.RescueExports(t.Context(), 10))(t)
	for _, attempts := range []int{0, 2} {
		wantError(t, "the second attempt with a message of another", claim(attempts), export.ErrNotClaimable)
	}
	if err := claim(1); err != nil {
		t.Fatal(err)
	}
}

func TestExportStanding(t *testing.T) {
	t.Parallel()
	s := setup(t)
	standing := func(id string) export.Standing {
		t.Helper()
		return must(s.ExportStanding(t.Context(), id))(t)
	}
	r := s.claimed(t)
	if got := standing(r.ID); got.Status != export.Rendering || got.Attempt != 1 || got.LeaseFor <= lease/2 || got.LeaseFor > lease {
		t.Errorf("rendering: %+v", got)
	}
	s.loseLease(t, r.ID)
	if got := standing(r.ID); got.LeaseFor > -time.Second {
		t.Errorf("its lease is over: %+v", got)
	}
	r = s.claimed(t)
	must(s.RetryExportLater(t.Context(), r, failure(export.Internal), time.Hour))(t)
	if got := standing(r.ID); got.Status != export.Queued || got.Attempt != 1 || got.Rest <= time.Minute || got.Rest > time.Hour || got.LeaseFor != 0 {
		t.Errorf("resting: %+v", got)
	}
	s.expire(t, r.ID)
	if got := standing(r.ID); got.Status != export.Expired {
		t.Errorf("past its expiry: %+v", got)
	}
	_, err := s.ExportStanding(t.Context(), "no id")
	wantError(t, "no id", err, export.ErrNotFound)
	_, err = s.ExportStanding(t.Context(), "01890000-0000-7000-8000-000000000001")
	wantError(t, "unknown", err, export.ErrNotFound)
}

func TestDispatchDue(t *testing.T) {
	t.Parallel()
	s := setup(t)
	queued, rendering := s.request(t).ID, s.claimed(t).ID
	for _, id := range []string{queued, rendering} {
		if err := s.DispatchDue(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if due := must(s.TakeToDispatch(t.Context(), 10))(t); len(due) != 1 || due[0].ID != queued {
		t.Errorf("due: %+v, want the queued one", due)
	}
}

func TestRetryExportLater_CountsTimeouts(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.request(t)
	for i, code := range []export.FailureCode{export.Internal, export.RenderTimeout} {
		claimed := must(s.ClaimExport(t.Context(), r.ID, lease))(t)
		if later := must(s.RetryExportLater(t.Context(), claimed, failure(code), 0))(t); later.Timeouts != i {
			t.Errorf("%d timeouts after %s, want %d", later.Timeouts, code, i)
		}
	}
	claimed := must(s.ClaimExport(t.Context(), r.ID, lease))(t)
	must(s.FailExport(t.Context(), claimed, failure(export.RenderTimeout)))(t)
	if again := must(s.RetryExport(t.Context(), r.ID))(t); again.Timeouts != 0 || again.Lane != export.Interactive {
		t.Errorf("tried again: %+v, want no timeouts", again)
	}
}
