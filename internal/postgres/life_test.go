package postgres_test

import (
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// wholeLife calls every method of the store that api, worker, dispatcher, sweeper and eraser
// use, through a connection to url. Statements that only time makes necessary are run
// through owner, which may change everything.
func wholeLife(t *testing.T, url, owner, userID, resumeID, jobID string) {
	t.Helper()
	ctx := t.Context()
	if err := postgres.CheckSchema(ctx, url); err != nil {
		t.Fatal(err)
	}
	store := testenv.Open(t, url, postgres.Options{})
	s := stage{Store: store, userID: userID, resumeID: resumeID}
	if caller := must(s.Caller(ctx, userID))(t); !caller.Active {
		t.Errorf("caller %+v", caller)
	}

	for _, marker := range []string{"first", "second"} {
		if recorded := must(s.RecordStoreMarker(ctx, marker))(t); recorded != "first" {
			t.Errorf("the marker is %q after recording %q", recorded, marker)
		}
	}

	n := testenv.NewExport(userID, resumeID)
	n.JobID, n.Key = jobID, "once"
	r := must(s.CreateExport(ctx, n))(t)
	n.ID = testenv.NewExport(userID, resumeID).ID
	if again := must(s.CreateExport(ctx, n))(t); again.ID != r.ID {
		t.Errorf("the same key gave %s, then %s", r.ID, again.ID)
	}
	unknown := testenv.NewExport(userID, resumeID)
	unknown.JobID = "job_nobody"
	_, err := s.CreateExport(ctx, unknown)
	wantError(t, "unknown posting", err, export.ErrJobNotFound)

	testenv.Exec(t, owner, `UPDATE export_request SET dispatch_due_at = now() - interval '1 second'`)
	if due := must(s.TakeToDispatch(ctx, 10))(t); len(due) != 1 {
		t.Errorf("%d to dispatch", len(due))
	}
	must(s.DispatchLost(ctx, 0, 10))(t)
	held := must(s.ClaimExport(ctx, r.ID, lease))(t)
	if err := s.HeartbeatExport(ctx, held, lease); err != nil {
		t.Fatal(err)
	}
	loaded := must(s.LoadResume(ctx, resumeID, jobID))(t)
	if loaded.UserID != userID || loaded.Job == nil || loaded.Job.ID != jobID || len(loaded.Sections) == 0 {
		t.Errorf("loaded %s with the posting %+v and %d sections", loaded.UserID, loaded.Job, len(loaded.Sections))
	}
	ready := must(s.CompleteExport(ctx, held, artifact(held)))(t)
	must(s.SameContent(ctx, userID, ready.Artifact.Content))(t)
	if list := must(s.Unannounced(ctx, 0, 10))(t); len(list) != 1 {
		t.Errorf("%d unannounced", len(list))
	}
	if err := s.MarkTold(ctx, ready, []string{"stream"}); err != nil {
		t.Fatal(err)
	}
	if err := s.MarkAnnounced(ctx, []export.Request{ready}); err != nil {
		t.Fatal(err)
	}
	if err := s.MarkDownloaded(ctx, r.ID); err != nil {
		t.Fatal(err)
	}
	if list := must(s.Exports(ctx, export.Filter{UserID: userID, Limit: 10}))(t); len(list) != 1 || !list[0].Downloaded {
		t.Errorf("listed %+v", list)
	}

	failing := must(s.ClaimExport(ctx, s.request(t).ID, lease))(t)
	must(s.RetryExportLater(ctx, failing, failure(export.RenderTimeout), 0))(t)
	failing = must(s.ClaimExport(ctx, failing.ID, lease))(t)
	must(s.FailExport(ctx, failing, failure(export.ResumeNotFound)))(t)
	testenv.Exec(t, owner, `UPDATE export_request SET lease_until = now() - interval '1 second' WHERE id = $1`, s.claimed(t).ID)
	if rescued := must(s.RescueExports(ctx, 10))(t); len(rescued) != 1 {
		t.Errorf("%d rescued", len(rescued))
	}
	must(s.CancelExport(ctx, s.request(t).ID))(t)

	testenv.Exec(t, owner, `UPDATE export_request SET created_at = created_at - interval '30 days', expires_at = now() - interval '1 second' WHERE id = $1`, r.ID)
	if batch := must(s.MarkToSweep(ctx, time.Time{}, time.Minute, 10))(t); len(batch.Files) != 1 {
		t.Errorf("to sweep: %+v", batch)
	}
	must(s.FilesInUse(ctx, []string{r.ID}))(t)
	if n := must(s.FinishSweep(ctx, []string{r.ID}))(t); n != 1 {
		t.Errorf("%d swept", n)
	}
	if purged := must(s.PurgeExports(ctx, time.Time{}, 0, 10))(t); purged.Taken != 1 {
		t.Errorf("%d purged", purged.Taken)
	}
	ids := must(s.EraseExports(ctx, userID, "", 0, 10))(t)
	if erased := must(s.ErasedExports(ctx, userID, "", 10))(t); len(erased) != len(ids) || len(ids) == 0 {
		t.Errorf("%d erased, of them listed %d", len(ids), len(erased))
	}
	if n := must(s.ForgetExports(ctx, ids))(t); int(n) != len(ids) {
		t.Errorf("%d of %d forgotten", n, len(ids))
	}
	if left := testenv.Value(t, owner, "SELECT count(*) FROM export_request"); left != "0" {
		t.Errorf("%s rows are left", left)
	}
}
