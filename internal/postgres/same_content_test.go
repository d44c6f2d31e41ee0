package postgres_test

import (
	"reflect"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// made completes a new request with a file of this content.
func (s stage) made(t testing.TB, content [32]byte) export.Request {
	t.Helper()
	r := s.claimed(t)
	a := artifact(r)
	a.Content = content
	return must(s.CompleteExport(t.Context(), r, a))(t)
}

func TestSameContent(t *testing.T) {
	t.Parallel()
	content := [32]byte{31: 1}
	for name, c := range map[string]struct {
		change func(stage, *testing.T, export.Request)
		found  bool
	}{
		"ready":      {func(stage, *testing.T, export.Request) {}, true},
		"downloaded": {func(s stage, t *testing.T, r export.Request) { _ = s.MarkDownloaded(t.Context(), r.ID) }, true},
		"expired":    {func(s stage, t *testing.T, r export.Request) { s.expire(t, r.ID) }, false},
		"erased":     {func(s stage, t *testing.T, r export.Request) { must(s.ExpireExport(t.Context(), r.ID))(t) }, false},
		"swept": {func(s stage, t *testing.T, r export.Request) {
			s.expire(t, r.ID)
			must(s.FinishSweep(t.Context(), []string{r.ID}))(t)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setup(t)
			r := s.made(t, content)
			c.change(s, t, r)
			got, err := s.SameContent(t.Context(), s.userID, content)
			if !c.found {
				wantError(t, name, err, export.ErrNotFound)
			} else if err != nil || !reflect.DeepEqual(got, r.Artifact) {
				t.Errorf("found %+v, %v; want %+v", got, err, r.Artifact)
			}
		})
	}
}

func TestSameContent_OtherOwner(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := s.made(t, [32]byte{1})
	testenv.ImportSample(t, s.Store, "user_2", "first-job")
	for name, c := range map[string]struct {
		user    string
		content [32]byte
	}{
		"another user": {"user_2", r.Artifact.Content}, "nobody": {"", r.Artifact.Content}, "another content": {s.userID, [32]byte{2}}, "no content": {s.userID, [32]byte{}},
	} {
		_, err := s.SameContent(t.Context(), c.user, c.content)
		wantError(t, name, err, export.ErrNotFound)
	}
}

func TestSameContent_NoHash(t *testing.T) {
	t.Parallel()
	s := setup(t)
	if r := s.made(t, [32]byte{}); r.Artifact.Content != [32]byte{} {
		t.Errorf("content %x", r.Artifact.Content)
	}
	_, err := s.SameContent(t.Context(), s.userID, [32]byte{})
	wantError(t, "no content", err, export.ErrNotFound)
}

func TestSameContent_LongestExpiry(t *testing.T) {
	t.Parallel()
	s := setup(t)
	content := [32]byte{1}
	s.made(t, content)
	longest := s.made(t, content)
	s.made(t, content)
	s.exec(t, `UPDATE export_request SET expires_at = expires_at + interval '1 hour' WHERE id = $1`, longest.ID)
	if got := must(s.SameContent(t.Context(), s.userID, content))(t); !reflect.DeepEqual(got, longest.Artifact) {
		t.Errorf("found %+v, want %+v", got, longest.Artifact)
	}
}
