package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

func TestTakeToDispatch_IntervalsGrow(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.request(t).ID
	// It was published when it was created, so these are the repeats.
	for n, want := range []time.Duration{time.Minute, 4 * time.Minute, 16 * time.Minute, time.Hour, time.Hour, time.Hour, time.Hour, time.Hour, time.Hour, time.Hour} {
		s.rested(t, id)
		due := must(s.TakeToDispatch(t.Context(), 10))(t)
		if len(due) != 1 || due[0].ID != id || due[0].DispatchGen != n+2 {
			t.Fatalf("take %d: %+v", n, due)
		}
		if again := must(s.TakeToDispatch(t.Context(), 10))(t); len(again) != 0 {
			t.Fatalf("taken twice: %+v", again)
		}
		var in time.Duration
		if err := s.Pool().QueryRow(t.Context(), `SELECT dispatch_due_at - dispatched_at FROM export_request WHERE id = $1`, id).Scan(&in); err != nil {
			t.Fatal(err)
		}
		if in != want {
			t.Errorf("due again in %s after take %d, want %s", in, n, want)
		}
	}
}

func TestTakeToDispatch_OnlyClaimable(t *testing.T) {
	t.Parallel()
	s := setup(t)
	resting, expired, rendering, ready := s.request(t).ID, s.request(t).ID, s.claimed(t).ID, s.ready(t).ID
	fresh := s.request(t).ID
	for _, id := range []string{resting, expired, rendering, ready} {
		s.rested(t, id)
	}
	s.exec(t, `UPDATE export_request SET next_attempt_at = now() + interval '1 hour' WHERE id = $1`, resting)
	s.expire(t, expired)
	if due := must(s.TakeToDispatch(t.Context(), 10))(t); len(due) != 0 {
		t.Errorf("dispatched: %+v", due)
	}
	s.rested(t, fresh)
	if due := must(s.TakeToDispatch(t.Context(), 10))(t); len(due) != 1 {
		t.Errorf("due: %+v", due)
	}
}

func TestTakeToDispatch_Order(t *testing.T) {
	t.Parallel()
	s := setup(t)
	var want []string
	for n := range 6 {
		id := s.request(t).ID
		s.exec(t, `UPDATE export_request SET dispatch_due_at = now() - $2 * interval '1 minute' WHERE id = $1`, id, n+1)
		want = append([]string{id}, want...)
	}
	for batch := range slices.Chunk(want, 2) {
		var got []string
		for _, r := range must(s.TakeToDispatch(t.Context(), 2))(t) {
			got = append(got, r.ID)
		}
		slices.Sort(got)
		slices.Sort(batch)
		if !slices.Equal(got, batch) {
			t.Errorf("taken: %v, want %v", got, batch)
		}
	}
}

func TestDispatchFailed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	first, second, gone := s.request(t).ID, s.request(t).ID, s.request(t).ID
	const outages = 20
	for n := range outages {
		for _, id := range []string{first, second, gone} {
			s.rested(t, id)
		}
		due := must(s.TakeToDispatch(t.Context(), 10))(t)
		if len(due) != 3 {
			t.Fatalf("due: %+v", due)
		}
		// A number once used names a message that may be in the stream, or done with.
		for _, r := range due {
			if r.DispatchGen != n+2 {
				t.Errorf("number %d after %d failures", r.DispatchGen, n)
			}
		}
		if n == outages-1 {
			must(s.CancelExport(t.Context(), gone))(t)
		}
		if err := s.DispatchFailed(t.Context(), []string{second, first, gone}); err != nil {
			t.Fatal(err)
		}
	}
	s.wantStatus(t, gone, export.Canceled)
	fresh := s.request(t).ID
	s.exec(t, `UPDATE export_request SET dispatch_due_at = now() WHERE id = $1`, fresh)
	for _, want := range []string{first, second, fresh} {
		due := must(s.TakeToDispatch(t.Context(), 1))(t)
		if len(due) != 1 || due[0].ID != want {
			t.Errorf("due: %+v, want %s", due, want)
		}
	}
	// However long the stream was away, the first repeat comes soon.
	var in time.Duration
	if err := s.Pool().QueryRow(t.Context(), `SELECT dispatch_due_at - dispatched_at FROM export_request WHERE id = $1`, first).Scan(&in); err != nil {
		t.Fatal(err)
	}
	if in > time.Minute {
		t.Errorf("due again in %s", in)
	}
}

func TestRescueExports(t *testing.T) {
	t.Parallel()
	s := setup(t)
	healthy := s.claimed(t)
	id := s.request(t).ID
	for attempt := 1; attempt <= 3; attempt++ {
		must(s.ClaimExport(t.Context(), id, lease))(t)
		s.loseLease(t, id)
		rescued := must(s.RescueExports(t.Context(), 10))(t)
		if len(rescued) != 1 || rescued[0].ID != id || rescued[0].Attempt != attempt {
			t.Fatalf("rescued: %+v", rescued)
		}
		if attempt < 3 {
			r := s.wantStatus(t, id, export.Queued)
			if r.Failure != nil || r.Lease != (export.Lease{}) {
				t.Errorf("rescued: %+v", r)
			}
			if due := must(s.TakeToDispatch(t.Context(), 10))(t); len(due) != 1 {
				t.Errorf("a rescued request is not due at once: %+v", due)
			}
		}
	}
	r := s.wantStatus(t, id, export.Failed)
	if r.Failure == nil || *r.Failure != failure(export.AttemptsExhausted) || r.FinishedAt.IsZero() {
		t.Errorf("after the last attempt: %+v", r)
	}
	s.wantStatus(t, healthy.ID, export.Rendering)
}

func TestUnannounced(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ctx := t.Context()
	s.request(t)
	s.claimed(t)
	r := s.ready(t)
	if missing := must(s.Unannounced(ctx, time.Minute, 10))(t); len(missing) != 0 {
		t.Errorf("missing before its time: %+v", missing)
	}
	want := func(status export.Status) {
		t.Helper()
		missing := must(s.Unannounced(ctx, 0, 10))(t)
		if len(missing) != 1 || missing[0].Request.ID != r.ID || missing[0].Request.Status != status {
			t.Errorf("missing %+v, want the %s one", missing, status)
		}
	}
	want(export.Ready)
	// A mark for the status at another time says nothing about the row's.
	earlier := r
	earlier.StatusAt = r.StatusAt.Add(-time.Microsecond)
	if err := s.MarkAnnounced(ctx, []export.Request{earlier}); err != nil {
		t.Fatal(err)
	}
	want(export.Ready)
	if err := s.MarkAnnounced(ctx, []export.Request{s.request(t), r}); err != nil {
		t.Fatal(err)
	}
	// A late call does not remove the mark either.
	if err := s.MarkAnnounced(ctx, []export.Request{earlier}); err != nil {
		t.Fatal(err)
	}
	if missing := must(s.Unannounced(ctx, 0, 10))(t); len(missing) != 0 {
		t.Errorf("missing after the mark: %+v", missing)
	}
	s.expire(t, r.ID)
	must(s.FinishSweep(ctx, []string{r.ID}))(t)
	want(export.Expired)
}

func TestTakeToDispatch_Concurrent(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const requests = 60
	for range requests {
		s.rested(t, s.request(t).ID)
	}
	s.wantDisjoint(t, requests, func() (ids []string, err error) {
		taken, err := s.TakeToDispatch(t.Context(), 7)
		for _, r := range taken {
			ids = append(ids, r.ID)
		}
		return ids, err
	})
}

func TestRescueExports_Concurrent(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const requests = 60
	for range requests {
		s.loseLease(t, s.claimed(t).ID)
	}
	s.wantDisjoint(t, requests, func() (ids []string, err error) {
		taken, err := s.RescueExports(t.Context(), 7)
		for _, r := range taken {
			ids = append(ids, r.ID)
		}
		return ids, err
	})
}

// wantDisjoint lets four takers take until nothing is left, and fails the test
// unless each of the requests was taken once.
func (s stage) wantDisjoint(t *testing.T, requests int, take func() ([]string, error)) {
	t.Helper()
	taken := make([][]string, 4)
	ended := race(len(taken), func(n int) error {
		// A batch can be short or empty while another holds the rows.
		for {
			ids, err := take()
			if err != nil || len(ids) == 0 {
				return err
			}
			taken[n] = append(taken[n], ids...)
		}
	})
	rest, err := take()
	for err == nil && len(rest) > 0 {
		taken = append(taken, rest)
		rest, err = take()
	}
	times := map[string]int{}
	for _, ids := range taken {
		for _, id := range ids {
			times[id]++
		}
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s was returned %d times", id, n)
		}
	}
	if len(times) != requests {
		t.Errorf("%d requests were returned, want %d", len(times), requests)
	}
	for _, err := range append(ended, err) {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestDispatchLost(t *testing.T) {
	t.Parallel()
	s := setup(t)
	var ids []string
	for range 4 {
		ids = append(ids, s.request(t).ID)
	}
	wantLost := func(messages, limit, want int) {
		t.Helper()
		if n := must(s.DispatchLost(t.Context(), messages, limit))(t); n != want {
			t.Errorf("with %d messages %d requests had lost theirs, want %d", messages, n, want)
		}
	}
	wantLost(0, 10, 0) // published this moment, and not counted yet
	s.exec(t, `UPDATE export_request SET dispatched_at = now() - interval '1 h', dispatch_due_at = now() + interval '1 h'`)
	wantLost(4, 10, 0)
	wantLost(3, 1, 1) // any of them may be the one
	wantLost(3, 10, 0)
	wantLost(2, 10, 3)
	wantLost(0, 10, 0)
	if due := must(s.TakeToDispatch(t.Context(), 10))(t); len(due) != 4 {
		t.Errorf("%d are due", len(due))
	}
	// One that rests, one that is rendered, one past its expiry wait for no message.
	s.exec(t, `UPDATE export_request SET dispatched_at = now() - interval '1 h', dispatch_due_at = now() + interval '1 h'`)
	s.exec(t, `UPDATE export_request SET next_attempt_at = now() + interval '1 h' WHERE id = $1`, ids[0])
	must(s.ClaimExport(t.Context(), ids[1], lease))(t)
	wantLost(2, 10, 0)
	wantLost(1, 10, 2)
}
