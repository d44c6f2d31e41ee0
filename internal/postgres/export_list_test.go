package postgres_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// ids lists what the filter selects.
func (s stage) ids(t *testing.T, f export.Filter) (ids []string) {
	t.Helper()
	for _, r := range must(s.Exports(t.Context(), f))(t) {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestExports_NewestFirst(t *testing.T) {
	t.Parallel()
	s := setup(t)
	other := testenv.ImportSample(t, s.Store, "user_2", "nurse")
	var mine, all []string
	for range 5 {
		mine = append(mine, s.request(t).ID)
		all = append(all, mine[len(mine)-1], testenv.Request(t, s.Store, "user_2", other).ID)
	}
	slices.Reverse(mine)
	slices.Reverse(all)
	if got := s.ids(t, export.Filter{UserID: s.userID, Limit: 10}); !slices.Equal(got, mine) {
		t.Errorf("own list %v, want %v", got, mine)
	}
	if got := s.ids(t, export.Filter{Limit: 100}); !slices.Equal(got, all) {
		t.Errorf("list of all %v, want %v", got, all)
	}
	if got := s.ids(t, export.Filter{UserID: "user_3", Limit: 10}); got != nil {
		t.Errorf("a stranger's list: %v", got)
	}

	var pages []string
	f := export.Filter{UserID: s.userID, Limit: 2}
	for _, size := range []int{2, 2, 1, 0} {
		page := s.ids(t, f)
		if len(page) != size {
			t.Fatalf("a page of %d, want %d", len(page), size)
		}
		if pages = append(pages, page...); size > 0 {
			f.Before = page[size-1]
		}
	}
	if !slices.Equal(pages, mine) {
		t.Errorf("page by page %v, want %v", pages, mine)
	}
	if got := s.ids(t, export.Filter{Limit: 100, Before: all[3]}); !slices.Equal(got, all[4:]) {
		t.Errorf("all below the cursor: %v, want %v", got, all[4:])
	}
	_, err := s.Exports(t.Context(), export.Filter{Before: "x", Limit: 1})
	wantError(t, "a cursor that is none", err, export.ErrNotFound)
}

func TestExports_Filters(t *testing.T) {
	t.Parallel()
	s := setup(t)
	second := testenv.ImportSample(t, s.Store, s.userID, "nurse")
	onSecond := testenv.Request(t, s.Store, s.userID, second).ID
	byStatus := map[export.Status][]string{
		export.Queued:    {s.request(t).ID},
		export.Rendering: {s.claimed(t).ID},
		export.Ready:     {s.ready(t).ID},
	}
	failed := s.claimed(t)
	must(s.FailExport(t.Context(), failed, failure(export.InvalidResume)))(t)
	byStatus[export.Failed] = []string{failed.ID}
	byStatus[export.Canceled] = []string{must(s.CancelExport(t.Context(), s.request(t).ID))(t).ID}
	swept, unswept, stale := s.ready(t).ID, s.ready(t).ID, s.request(t).ID
	for _, id := range []string{swept, unswept, stale} {
		s.expire(t, id)
	}
	must(s.FinishSweep(t.Context(), []string{swept}))(t)
	byStatus[export.Expired] = []string{stale, unswept, swept}

	for _, userID := range []string{s.userID, ""} {
		for status, want := range byStatus {
			got := must(s.Exports(t.Context(), export.Filter{UserID: userID, ResumeID: s.resumeID, Status: status, Limit: 10}))(t)
			for _, r := range got {
				if r.Status != status {
					t.Errorf("a %s export in the list of %s ones", r.Status, status)
				}
			}
			if got := s.ids(t, export.Filter{UserID: userID, ResumeID: s.resumeID, Status: status, Limit: 10}); !slices.Equal(got, want) {
				t.Errorf("user %q, %s: %v, want %v", userID, status, got, want)
			}
		}
		if got := s.ids(t, export.Filter{UserID: userID, ResumeID: second, Limit: 10}); !slices.Equal(got, []string{onSecond}) {
			t.Errorf("user %q, second resume: %v, want %s", userID, got, onSecond)
		}
		for _, resumeID := range []string{"rsm_nobody", "rsm\x00"} {
			if got := s.ids(t, export.Filter{UserID: userID, ResumeID: resumeID, Limit: 10}); got != nil {
				t.Errorf("user %q, resume %q: %v", userID, resumeID, got)
			}
		}
	}
	if got := s.ids(t, export.Filter{Before: uuid.Nil.String(), Limit: 10}); got != nil {
		t.Errorf("below the lowest id: %v", got)
	}
}
