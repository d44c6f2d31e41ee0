package api_test

import (
	"errors"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/sweep"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

type erasure struct {
	Erased int64 `json:"erased"`
	Left   int64 `json:"left"`
}

func (f *fixture) eraseAll(t *testing.T, user, query string) (got erasure) {
	t.Helper()
	f.call(t, user, "DELETE", "/v1/exports"+query, "").decode(t, 200, &got)
	return got
}

// wantNoFile checks that nothing is stored under the key.
func (f *fixture) wantNoFile(t *testing.T, key string) {
	t.Helper()
	if file, _, err := f.files.Open(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("the file %s is there (%v)", key, err)
		if err == nil {
			_ = file.Close()
		}
	}
}

func TestErase_RowsAndFiles(t *testing.T) {
	t.Parallel()
	f := setup(t)
	keyed := f.ask(t, ana, "k", "").export(t, 202).ID
	ready, failed, expired := f.ready(t, []byte("a file"), "a.pdf"), f.failed(t, export.Internal), f.ready(t, []byte("old"), "b.pdf")
	f.expire(t, expired.ID)
	rendering, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: testenv.Request(t, f.store, ana, f.anas).ID}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	bens := testenv.Request(t, f.store, ben, f.bens)
	if got := f.eraseAll(t, ana, "?all=true"); got != (erasure{Erased: 5}) {
		t.Errorf("%+v", got)
	}
	if n := f.rows(t); n != "1" {
		t.Errorf("%s rows are left, want ben's", n)
	}
	for _, r := range []export.Request{ready, expired} {
		f.wantNoFile(t, r.Artifact.BlobKey)
	}
	for _, id := range []string{keyed, ready.ID, failed.ID, rendering.ID} {
		wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+id, ""), 404)
	}
	// The worker that renders is fenced out.
	if _, err := f.store.CompleteExport(t.Context(), rendering, export.Artifact{BlobKey: "k", Size: 1, Filename: "c.pdf"}); !errors.Is(err, export.ErrFenced) {
		t.Errorf("completing: %v", err)
	}
	if err := f.store.HeartbeatExport(t.Context(), rendering, time.Minute); !errors.Is(err, export.ErrFenced) {
		t.Errorf("the heartbeat: %v", err)
	}
	f.wantStatus(t, bens.ID, export.Queued)
	// A second call erases nothing, and the Idempotency-Key can be used again.
	if got := f.eraseAll(t, ana, "?all=true"); got != (erasure{}) {
		t.Errorf("once more: %+v", got)
	}
	if again := f.ask(t, ana, "k", ""); again.export(t, 202).ID == keyed || again.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("the key leads to %s", again.body)
	}
}

func TestErase_ByStaff(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.ready(t, []byte("a file"), "a.pdf")
	wantProblem(t, f.call(t, ben, "DELETE", "/v1/exports?user_id="+ana, ""), 403)
	if got := f.eraseAll(t, eve, "?all=true"); got != (erasure{}) {
		t.Errorf("staff's own: %+v", got)
	}
	f.wantStatus(t, r.ID, export.Ready)
	f.sql(t, `DELETE FROM "user" WHERE id = $1`, ana)
	if got := f.eraseAll(t, eve, "?user_id="+ana); got != (erasure{Erased: 1}) {
		t.Errorf("%+v", got)
	}
	f.wantNoFile(t, r.Artifact.BlobKey)
}

// The blob key stays in the row until the file is deleted.
func TestErase_FileStoreFails(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Files = stubborn{c.Files} })
	r := f.ready(t, []byte("a file"), "Ana Private.pdf")
	testenv.Request(t, f.store, ana, f.anas)
	for range 2 { // a second call goes on with it as well
		if got := f.eraseAll(t, ana, "?all=true"); got.Left != 1 {
			t.Errorf("%+v", got)
		}
	}
	for _, call := range [][2]string{{"GET", ""}, {"GET", "/download"}, {"DELETE", ""}, {"POST", "/retry"}} {
		for _, user := range []string{ana, eve} {
			wantProblem(t, f.call(t, user, call[0], "/v1/exports/"+r.ID+call[1], ""), 404)
		}
	}
	var list struct {
		Exports []api.Export `json:"exports"`
	}
	for _, query := range []string{"", "?status=expired", "?status=ready"} {
		if f.call(t, eve, "GET", "/v1/exports"+query, "").decode(t, 200, &list); len(list.Exports) != 0 {
			t.Errorf("it is listed: %+v", list)
		}
	}
	if left := testenv.Value(t, f.database, "SELECT blob_key || '|' || filename FROM export_request"); left != r.Artifact.BlobKey+"|" {
		t.Errorf("the row says %q", left)
	}
	f.sql(t, "UPDATE export_request SET sweep_until = now()") // whoever erased it is not at it any more
	f.sweep(t)
	f.wantNoFile(t, r.Artifact.BlobKey)
	if n := f.rows(t); n != "0" {
		t.Errorf("%s rows are left", n)
	}
}

// A user's row may be deleted without the API.
func TestSweep_DeletedUser(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.ready(t, []byte("a file"), "a.pdf")
	f.failed(t, export.Internal)
	rendering, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: testenv.Request(t, f.store, ana, f.anas).ID}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	f.sql(t, `DELETE FROM "user" WHERE id = $1`, ana)
	wantProblem(t, f.call(t, eve, "GET", "/v1/exports/"+r.ID+"/download", ""), 404)
	if err := f.store.HeartbeatExport(t.Context(), rendering, time.Minute); !errors.Is(err, export.ErrFenced) {
		t.Errorf("the heartbeat: %v", err)
	}
	f.sweep(t)
	f.wantNoFile(t, r.Artifact.BlobKey)
	if n := f.rows(t); n != "0" {
		t.Errorf("%s rows are left", n)
	}
}

func (f *fixture) sweep(t *testing.T) {
	t.Helper()
	s, err := sweep.New(sweep.Config{Store: f.store, Files: f.files, Logger: testenv.Logger(t)})
	if err == nil {
		_, err = s.Pass(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Other processes have clients that wait for what is erased here.
func TestEraseAll_TellsOtherProcesses(t *testing.T) {
	t.Parallel()
	f := setup(t)
	testenv.Request(t, f.store, ana, f.anas)
	changes := make(chan export.Change, 10)
	stop, err := f.queue.Watch(func(c export.Change) { changes <- c }, func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	f.call(t, ana, "DELETE", "/v1/exports?all=true", "").wantStatus(t, 200)
	select {
	case c := <-changes:
		if c != (export.Change{UserID: ana}) {
			t.Errorf("%+v", c)
		}
	case <-time.After(10 * time.Second):
		t.Error("no message")
	}
}
