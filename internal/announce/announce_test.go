package announce

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) { os.Exit(testenv.Main(m)) }

var errAway = errors.New("away")

// listener notes what it is told.
type listener struct {
	name string
	mu   sync.Mutex
	told []string
	err  error // after so many
	most int
}

func (l *listener) Name() string { return l.name }

func (l *listener) Tell(_ context.Context, e export.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil && len(l.told) >= l.most {
		return l.err
	}
	l.told = append(l.told, e.ExportID)
	return nil
}

func TestAnnounceAll(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	store := testenv.Open(t, url, postgres.Options{})
	resumeID := testenv.ImportSample(t, store, "user_1", "nearly-empty")
	var ids []string
	for range 3 {
		r, err := store.CancelExport(t.Context(), testenv.Request(t, store, "user_1", resumeID).ID)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.ID)
	}
	missing := func() []export.Announcement {
		t.Helper()
		all, err := store.Unannounced(t.Context(), 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	want := func(announcements []export.Announcement, want ...string) {
		t.Helper()
		var got []string
		for _, n := range announcements {
			got = append(got, fmt.Sprint(n.Told))
		}
		if !slices.Equal(got, want) {
			t.Errorf("to be announced are those of which were told %q, want %q", got, want)
		}
	}
	want(missing(), "[]", "[]", "[]")

	first, second := &listener{name: "first"}, &listener{name: "second", err: errAway, most: 1}
	a := New(store, first, second)
	if n, err := a.AnnounceAll(t.Context(), missing()); n != 1 || !errors.Is(err, errAway) {
		t.Errorf("announced %d, %v; want one, and the reason", n, err)
	}
	want(missing(), "[first]", "[first]")
	if n, err := a.AnnounceAll(t.Context(), missing()); n != 0 || !errors.Is(err, errAway) {
		t.Errorf("announced %d, %v", n, err)
	}
	second.err = nil
	if n, err := a.AnnounceAll(t.Context(), missing()); n != 2 || err != nil {
		t.Errorf("announced %d, %v; want the other two", n, err)
	}
	want(missing())
	for _, l := range []*listener{first, second} {
		if !slices.Equal(slices.Sorted(slices.Values(l.told)), ids) {
			t.Errorf("%s was told of %q, want each once: %q", l.name, l.told, ids)
		}
	}

	// Another status is another announcement, to everybody.
	testenv.Exec(t, url, "UPDATE export_request SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h' WHERE id = $1", ids[1])
	if _, err := store.FinishSweep(t.Context(), ids[1:2]); err != nil {
		t.Fatal(err)
	}
	want(missing(), "[]")

	// A listener that is no longer there is not waited for.
	second.err, second.most = errAway, 0
	if _, err := a.AnnounceAll(t.Context(), missing()); !errors.Is(err, errAway) {
		t.Error(err)
	}
	want(missing(), "[first]")
	if n, err := New(store, first).AnnounceAll(t.Context(), missing()); n != 1 || err != nil || len(first.told) != 4 {
		t.Errorf("announced %d, %v, told %d times", n, err, len(first.told))
	}
}

// Somebody had the export tried again, and it failed again, while listeners were told
// of the first failure.
func TestAnnounce_StatusSetAgainMeanwhile(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	store := testenv.Open(t, url, postgres.Options{})
	resumeID := testenv.ImportSample(t, store, "user_1", "nearly-empty")
	r, err := store.CancelExport(t.Context(), testenv.Request(t, store, "user_1", resumeID).ID)
	if err != nil {
		t.Fatal(err)
	}
	earlier := r
	earlier.StatusAt = r.StatusAt.Add(-time.Second)
	away := &listener{name: "away", err: errAway}
	if err := New(store, &listener{name: "here"}, away).Announce(t.Context(), earlier); !errors.Is(err, errAway) {
		t.Error(err)
	}
	if err := New(store, &listener{name: "here"}).Announce(t.Context(), earlier); err != nil {
		t.Error(err)
	}
	all, err := store.Unannounced(t.Context(), 0, 10)
	if err != nil || len(all) != 1 || all[0].Told != nil {
		t.Errorf("to be announced is %+v, %v; want the later status, to everybody", all, err)
	}
}
