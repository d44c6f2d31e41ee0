package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/export"
)

func TestLease_FencedOut(t *testing.T) {
	t.Parallel()
	s := setup(t)
	rescue := func(t *testing.T, id string) {
		s.loseLease(t, id)
		if n := len(must(s.RescueExports(t.Context(), 10))(t)); n != 1 {
			t.Fatalf("rescued %d requests, want 1", n)
		}
	}
	for name, lose := range map[string]func(*testing.T, export.Request){
		"canceled": func(t *testing.T, r export.Request) { must(s.CancelExport(t.Context(), r.ID))(t) },
		"rescued":  func(t *testing.T, r export.Request) { rescue(t, r.ID) },
		"rescued and claimed by another": func(t *testing.T, r export.Request) {
			rescue(t, r.ID)
			must(s.ClaimExport(t.Context(), r.ID, lease))(t)
		},
		"handed back and claimed again": func(t *testing.T, r export.Request) {
			if err := s.HandBackExport(t.Context(), r, 0); err != nil {
				t.Fatal(err)
			}
			must(s.ClaimExport(t.Context(), r.ID, lease))(t)
		},
		"failed":    func(t *testing.T, r export.Request) { must(s.FailExport(t.Context(), r, failure(export.Internal)))(t) },
		"completed": func(t *testing.T, r export.Request) { must(s.CompleteExport(t.Context(), r, artifact(r)))(t) },
		"expired and swept": func(t *testing.T, r export.Request) {
			s.expire(t, r.ID)
			must(s.FinishSweep(t.Context(), []string{r.ID}))(t)
		},
		"forgotten": func(t *testing.T, r export.Request) { s.exec(t, `DELETE FROM export_request WHERE id = $1`, r.ID) },
	} {
		t.Run(name, func(t *testing.T) {
			r := s.claimed(t)
			lose(t, r)
			before, beforeErr := s.Export(t.Context(), r.ID)
			for call, err := range s.holderCalls(t, r) {
				wantError(t, call, err, export.ErrFenced)
			}
			after, afterErr := s.Export(t.Context(), r.ID)
			if diff := cmp.Diff(before, after); diff != "" || (beforeErr == nil) != (afterErr == nil) {
				t.Errorf("a fenced call changed the row (-before +after):\n%s", diff)
			}
		})
	}
}

func TestCompleteExport_PastExpiry(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.claimed(t)
	s.expire(t, r.ID)
	wantError(t, "heartbeat", s.HeartbeatExport(t.Context(), r, lease), export.ErrFenced)
	_, err := s.CompleteExport(t.Context(), r, artifact(r))
	wantError(t, "complete", err, export.ErrFenced)
	s.wantStatus(t, r.ID, export.Expired)
}

func TestClaimExport_Concurrent(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for range 20 {
		id := s.request(t).ID
		won := race(8, func(int) error {
			_, err := s.ClaimExport(t.Context(), id, lease)
			return err
		})
		wantOneWinner(t, won, export.ErrNotClaimable)
		if r := s.wantStatus(t, id, export.Rendering); r.Attempt != 1 {
			t.Errorf("counted %d attempts", r.Attempt)
		}
	}
}

func TestLease_ConcurrentOutcomes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	winners := map[export.Status]int{}
	for range 60 {
		r := s.claimed(t)
		ends := []func(context.Context) error{
			func(ctx context.Context) error { _, err := s.CompleteExport(ctx, r, artifact(r)); return err },
			func(ctx context.Context) error { _, err := s.CancelExport(ctx, r.ID); return err },
			func(ctx context.Context) error { _, err := s.FailExport(ctx, r, failure(export.Internal)); return err },
		}
		won := race(len(ends), func(n int) error { return ends[n](t.Context()) })
		wantOneWinner(t, won, export.ErrFenced, export.ErrWrongStatus)
		want := []export.Status{export.Ready, export.Canceled, export.Failed}
		for n, err := range won {
			if err == nil {
				s.wantStatus(t, r.ID, want[n])
				winners[want[n]]++
			}
		}
	}
	t.Logf("winners: %v", winners)
}

func TestLease_RescueAndHeartbeat(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for range 40 {
		r := s.claimed(t)
		s.loseLease(t, r.ID)
		var rescued []export.Request
		ended := race(2, func(n int) (err error) {
			if n == 0 {
				return s.HeartbeatExport(t.Context(), r, lease)
			}
			rescued, err = s.RescueExports(t.Context(), 10)
			return err
		})
		if beat := ended[0] == nil; beat == (len(rescued) == 1) || ended[1] != nil {
			t.Fatalf("heartbeat: %v, rescued: %d, %v", ended[0], len(rescued), ended[1])
		}
	}
}

// race makes n calls at the same time and returns their errors.
func race(n int, call func(n int) error) []error {
	var ready, done sync.WaitGroup
	start, errs := make(chan struct{}), make([]error, n)
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			errs[i] = call(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return errs
}

// wantOneWinner fails the test unless one call succeeded and the others ended
// with one of the outcomes.
func wantOneWinner(t *testing.T, ended []error, outcomes ...error) {
	t.Helper()
	won := 0
	for _, err := range ended {
		if err == nil {
			won++
			continue
		}
		if !isOneOf(err, outcomes) {
			t.Errorf("error %v, want one of %v", err, outcomes)
		}
	}
	if won != 1 {
		t.Errorf("%d calls succeeded", won)
	}
}

func TestHandBackExport_NewLease(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.claimed(t)
	if err := s.HandBackExport(t.Context(), r, 0); err != nil {
		t.Fatal(err)
	}
	again := must(s.ClaimExport(t.Context(), r.ID, time.Hour))(t)
	if again.Lease.Token == r.Lease.Token || again.Attempt != 1 {
		t.Errorf("claimed again: %+v, before: %+v", again, r)
	}
}
