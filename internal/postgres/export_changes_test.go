package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// idsOf returns the ids of requests.
func idsOf(requests []export.Request) []string {
	ids := []string{}
	for _, r := range requests {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestExportsByID(t *testing.T) {
	t.Parallel()
	s := setup(t)
	other := testenv.Request(t, s.Store, "user_2", testenv.ImportSample(t, s.Store, "user_2", "nurse")).ID
	queued, ready, expired := s.request(t), s.ready(t), s.ready(t).ID
	s.expire(t, expired)
	asked := []string{queued.ID, ready.ID, expired, other, "no id", "", uuid.NewString()}
	got := must(s.ExportsByID(t.Context(), asked))(t)
	want := []string{queued.ID, ready.ID, expired, other}
	if ids := slices.Sorted(slices.Values(idsOf(got))); !slices.Equal(ids, slices.Sorted(slices.Values(want))) {
		t.Errorf("%v, want %v", ids, want)
	}
	for _, r := range got { // each is as it is when it is read alone
		if one := must(s.Export(t.Context(), r.ID))(t); one.Status != r.Status || !one.StatusAt.Equal(r.StatusAt) || one.UserID != r.UserID {
			t.Errorf("%+v, want %+v", r, one)
		}
		if wantExpired := r.ID == expired; wantExpired != (r.Status == export.Expired) {
			t.Errorf("%s is %s", r.ID, r.Status)
		}
	}
	if got := must(s.ExportsByID(t.Context(), nil))(t); len(got) > 0 {
		t.Errorf("of none: %v", idsOf(got))
	}
	must(s.EraseExports(t.Context(), s.userID, uuid.Nil.String(), time.Minute, 10))(t)
	if got := idsOf(must(s.ExportsByID(t.Context(), asked))(t)); !slices.Equal(got, []string{other}) {
		t.Errorf("after the others were erased: %v, want %s", got, other)
	}
}

func TestExportsChanged(t *testing.T) {
	t.Parallel()
	s := setup(t)
	testenv.Request(t, s.Store, "user_2", testenv.ImportSample(t, s.Store, "user_2", "nurse"))
	oldReady, oldQueued := s.ready(t).ID, s.request(t).ID
	canceled, ready, rendering := must(s.CancelExport(t.Context(), s.request(t).ID))(t).ID, s.ready(t).ID, s.claimed(t).ID
	since := time.Now().Add(-time.Hour)
	for id, age := range map[string]string{oldReady: "2 h", oldQueued: "3 h", canceled: "10 min", ready: "30 min"} {
		s.exec(t, "UPDATE export_request SET status_at = now() - $2::interval WHERE id = $1", id, age)
	}
	changed := func(userID string, since time.Time, limit int) []string {
		t.Helper()
		return idsOf(must(s.ExportsChanged(t.Context(), userID, since, limit))(t))
	}
	for _, c := range []struct {
		name  string
		user  string
		since time.Time
		limit int
		want  []string
	}{
		{"unfinished, and changed since", s.userID, since, 100, []string{oldQueued, ready, canceled, rendering}},
		{"unfinished only", s.userID, time.Now().Add(time.Hour), 100, []string{oldQueued, rendering}},
		{"all", s.userID, since.Add(-time.Hour * 5), 100, []string{oldQueued, oldReady, ready, canceled, rendering}},
		{"among the newest three", s.userID, since.Add(-time.Hour * 5), 3, []string{ready, canceled, rendering}},
		{"another user", "user_3", since, 100, []string{}},
		{"a user that no row can have", "a\x00b", since, 100, []string{}},
	} {
		if got := changed(c.user, c.since, c.limit); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	must(s.EraseExports(t.Context(), s.userID, uuid.Nil.String(), time.Minute, 10))(t)
	if got := changed(s.userID, since, 100); len(got) > 0 {
		t.Errorf("after all were erased: %v", got)
	}
}
