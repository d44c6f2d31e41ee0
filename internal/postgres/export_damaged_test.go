package postgres_test

import (
	"reflect"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

func TestFailDamaged(t *testing.T) {
	t.Parallel()
	s := setup(t)
	ready := s.ready(t)
	for name, key := range map[string]string{"another file": "exports/ab/other.pdf", "no file": ""} {
		_, err := s.FailDamaged(t.Context(), ready.ID, key)
		wantError(t, name, err, export.ErrWrongStatus)
	}
	got := must(s.FailDamaged(t.Context(), ready.ID, ready.Artifact.BlobKey))(t)
	if got.Status != export.Failed || got.Failure == nil || got.Failure.Code != export.FileDamaged || !reflect.DeepEqual(got.Artifact, export.Artifact{}) || got.Attempt != ready.Attempt {
		t.Errorf("the export is now %+v", got)
	}
	_, err := s.FailDamaged(t.Context(), ready.ID, ready.Artifact.BlobKey)
	wantError(t, "once more", err, export.ErrWrongStatus)
	if events := must(s.Unannounced(t.Context(), 0, 10))(t); len(events) != 1 || events[0].Request.Status != export.Failed {
		t.Errorf("unannounced: %+v", events)
	}
	if again := must(s.RetryExport(t.Context(), ready.ID))(t); again.Status != export.Queued || again.Attempt != 0 {
		t.Errorf("after the retry: %+v", again)
	}
	expired := s.ready(t)
	s.expire(t, expired.ID)
	_, err = s.FailDamaged(t.Context(), expired.ID, expired.Artifact.BlobKey)
	wantError(t, "expired", err, export.ErrWrongStatus)
}
