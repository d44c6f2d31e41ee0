package api_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func (f *fixture) wantStatus(t *testing.T, id string, want export.Status) export.Request {
	t.Helper()
	r, err := f.store.Export(t.Context(), id)
	if err != nil || r.Status != want {
		t.Errorf("the row is %s, %v; want %s", r.Status, err, want)
	}
	return r
}

func (f *fixture) delete(t *testing.T, user, id string) {
	t.Helper()
	if a := f.call(t, user, "DELETE", "/v1/exports/"+id, ""); a.status != 204 || len(a.body) > 0 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestDelete_UnfinishedExport(t *testing.T) {
	t.Parallel()
	f := setup(t)
	queued := testenv.Request(t, f.store, ana, f.anas)
	f.delete(t, ana, queued.ID)
	f.wantStatus(t, queued.ID, export.Canceled)
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+queued.ID+"/download", ""), 409)

	rendering, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: testenv.Request(t, f.store, ana, f.anas).ID}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	f.delete(t, ana, rendering.ID)
	f.wantStatus(t, rendering.ID, export.Canceled)
	if err := f.store.HeartbeatExport(t.Context(), rendering, time.Minute); !errors.Is(err, export.ErrFenced) {
		t.Errorf("its worker goes on: %v", err)
	}
	// A second DELETE expires it.
	f.delete(t, ana, rendering.ID)
	f.wantStatus(t, rendering.ID, export.Expired)
}

func TestDelete_FinishedExport(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.ready(t, []byte("a file"), "a.pdf")
	f.delete(t, ana, r.ID)
	erased := f.wantStatus(t, r.ID, export.Expired)
	if erased.Artifact.BlobKey != "" || erased.ExpiresAt.After(time.Now()) {
		t.Errorf("row %+v", erased)
	}
	if _, _, err := f.files.Open(t.Context(), r.Artifact.BlobKey); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("its file: %v", err)
	}
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download", ""), 410)
	f.delete(t, ana, r.ID)
	f.delete(t, eve, r.ID)
}

func TestDelete_Permissions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.ready(t, []byte("a file"), "a.pdf")
	wantProblem(t, f.call(t, ben, "DELETE", "/v1/exports/"+r.ID, ""), 404)
	wantProblem(t, f.call(t, ben, "DELETE", "/v1/exports/0199aaaa-0000-7000-8000-000000000000", ""), 404)
	if a := f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download", ""); string(a.body) != "a file" {
		t.Errorf("%d %s", a.status, a.body)
	}
	f.delete(t, eve, r.ID)
	f.wantStatus(t, r.ID, export.Expired)
}

// stubborn is a file store whose Delete always fails.
type stubborn struct{ api.Files }

func (stubborn) Delete(context.Context, string) error { return errors.New("the store is read-only") }

func TestDelete_FileStoreFails(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Files = stubborn{c.Files} })
	r := f.ready(t, []byte("a file"), "a.pdf")
	f.delete(t, ana, r.ID)
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download", ""), 410)
	due, err := f.store.MarkToSweep(t.Context(), time.Time{}, time.Minute, 10)
	if err != nil || len(due.Files) != 1 || due.Files[0] != (export.Swept{ID: r.ID, BlobKey: r.Artifact.BlobKey}) {
		t.Errorf("the sweeper gets %v, %v", due, err)
	}
}

func TestDownload_ErasedWhileOpening(t *testing.T) {
	t.Parallel()
	var f *fixture
	var id string
	f = setup(t, func(c *api.Config) {
		c.Files = fakeFiles{c.Files, func(file io.ReadSeekCloser) (io.ReadSeekCloser, error) {
			_ = file.Close()
			f.expire(t, id)
			return nil, blob.ErrNotFound
		}}
	})
	id = f.ready(t, []byte("a file"), "a.pdf").ID
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+id+"/download", ""), 410)
}
