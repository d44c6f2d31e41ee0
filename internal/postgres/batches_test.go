package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// newBatch is a batch of n exports of the stage's resume.
func (s stage) newBatch(n int) export.NewBatch {
	b := export.NewBatch{ID: uuid.Must(uuid.NewV7()).String(), ExpiresIn: time.Hour, Caller: export.Caller{UserID: s.userID, Active: true}}
	for range n {
		b.Exports = append(b.Exports, export.New{ID: uuid.Must(uuid.NewV7()).String(), ResumeID: s.resumeID, Format: export.PDF, Template: "classic", Paper: export.A4, MaxAttempts: 3})
	}
	return b
}

// batch creates a batch of n exports.
func (s stage) batch(t testing.TB, n int) (export.Batch, []export.Request) {
	t.Helper()
	b, created, err := s.CreateBatch(t.Context(), s.newBatch(n))
	if err != nil {
		t.Fatal(err)
	}
	return b, created
}

// finish completes, or fails, a request.
func (s stage) finish(t testing.TB, id string, status export.Status) {
	t.Helper()
	r := must(s.ClaimExport(t.Context(), id, lease))(t)
	if status == export.Ready {
		must(s.CompleteExport(t.Context(), r, artifact(r)))(t)
	} else {
		must(s.FailExport(t.Context(), r, export.Failure{Code: export.Internal, Message: "m"}))(t)
	}
}

func TestCreateBatch(t *testing.T) {
	t.Parallel()
	s := setup(t)
	n := s.newBatch(3)
	n.Exports[1].Options = export.Options{Language: "fr", Fit: export.Fit{MaxPages: 1, MinFontPt: 8}}
	b, created, err := s.CreateBatch(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if b.ID != n.ID || b.Total != 3 || b.Counts[export.Queued] != 3 || b.UserID != s.userID || b.ExpiresAt.Sub(b.CreatedAt) != time.Hour {
		t.Errorf("batch %+v", b)
	}
	for i, r := range created {
		if got := s.read(t, r.ID); got.ID != n.Exports[i].ID || got.BatchID != b.ID || got.Lane != export.Bulk || got.Options != n.Exports[i].Options ||
			got.Status != export.Queued || got.DispatchGen != 1 || !got.ExpiresAt.Equal(b.ExpiresAt) || got.MaxAttempts != 3 {
			t.Errorf("export %d: %+v", i, got)
		}
	}
	if again := must(s.Batch(t.Context(), b.ID, s.userID))(t); again.Total != 3 || again.Counts[export.Queued] != 3 || !again.ExpiresAt.Equal(b.ExpiresAt) {
		t.Errorf("read again: %+v", again)
	}
	_, err = s.Batch(t.Context(), b.ID, "user_2")
	wantError(t, "another user's batch", err, export.ErrBatchNotFound)
}

func TestCreateBatch_AllOrNone(t *testing.T) {
	t.Parallel()
	s := setup(t)
	others := testenv.ImportSample(t, s.Store, "user_2", "nearly-empty")
	n := s.newBatch(6)
	n.Exports[1].ResumeID, n.Exports[3].ResumeID = "unknown", others
	n.Exports[4].JobID, n.Exports[5].ResumeID = "unknown", "a\x00b"
	var bad *export.BatchError
	if _, _, err := s.CreateBatch(t.Context(), n); !errors.As(err, &bad) || fmt.Sprint(bad.Exports) != fmt.Sprint([]export.IndexError{{Index: 5, Err: export.ErrResumeNotFound}}) {
		t.Errorf("a text that no row has: %v", err)
	}
	n.Exports[5].ResumeID = s.resumeID
	_, _, err := s.CreateBatch(t.Context(), n)
	if want := []export.IndexError{{Index: 1, Err: export.ErrResumeNotFound}, {Index: 3, Err: export.ErrResumeNotFound}, {Index: 4, Err: export.ErrJobNotFound}}; !errors.As(err, &bad) || fmt.Sprint(bad.Exports) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", err, want)
	}
	n.Exports = n.Exports[:4]
	n.Exports[1].ResumeID = s.resumeID
	n.Caller.Staff = true // may export everybody's resumes
	_, created, err := s.CreateBatch(t.Context(), n)
	if err != nil || created[3].UserID != "user_2" {
		t.Fatal(created, err)
	}
	s.exec(t, "DELETE FROM export_request")
	s.exec(t, "DELETE FROM export_batch")
	n.Caller.Staff, n.MaxWaiting = false, 3
	n.Exports[3].ResumeID = s.resumeID
	_, _, err = s.CreateBatch(t.Context(), n)
	wantError(t, "more than may wait", err, export.ErrTooManyWaiting)
	n.MaxWaiting = 4
	if _, _, err = s.CreateBatch(t.Context(), n); err != nil {
		t.Error(err)
	}
}

func TestCreateBatch_Key(t *testing.T) {
	t.Parallel()
	s := setup(t)
	n := s.newBatch(2)
	n.Key = "k"
	first, _, err := s.CreateBatch(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	again := s.newBatch(2) // other ids
	again.Key = "k"
	b, created, err := s.CreateBatch(t.Context(), again)
	if err != nil || b.ID != first.ID || created != nil || b.Counts[export.Queued] != 2 {
		t.Errorf("the same again: %+v, %v, %v", b, created, err)
	}
	again.Exports[1].Format = export.HTML
	_, _, err = s.CreateBatch(t.Context(), again)
	wantError(t, "another request with the key", err, export.ErrKeyReused)
	again.Exports = again.Exports[:1]
	again.Key = "a key of its own"
	if _, _, err = s.CreateBatch(t.Context(), again); err != nil {
		t.Error(err)
	}
}

func TestBatch_CountsAndLists(t *testing.T) {
	t.Parallel()
	s := setup(t)
	b, created := s.batch(t, 5)
	s.finish(t, created[0].ID, export.Ready)
	s.finish(t, created[1].ID, export.Failed)
	must(s.ClaimExport(t.Context(), created[2].ID, lease))(t)
	must(s.CancelExport(t.Context(), created[3].ID))(t)
	other, _ := s.batch(t, 1)
	if got := must(s.Batch(t.Context(), b.ID, ""))(t).Counts; fmt.Sprint(got) != fmt.Sprint(export.BatchCounts{export.Ready: 1, export.Failed: 1, export.Rendering: 1, export.Canceled: 1, export.Queued: 1}) {
		t.Errorf("counts %v", got)
	}
	list := must(s.Batches(t.Context(), s.userID, "", 10))(t)
	if len(list) != 2 || list[0].ID != other.ID || list[1].Counts[export.Failed] != 1 {
		t.Errorf("list %+v", list)
	}
	if list = must(s.Batches(t.Context(), "", other.ID, 10))(t); len(list) != 1 || list[0].ID != b.ID {
		t.Errorf("second page %+v", list)
	}
	if list = must(s.Batches(t.Context(), "user_2", "", 10))(t); len(list) != 0 {
		t.Errorf("another user's list %+v", list)
	}
	page := must(s.BatchExports(t.Context(), export.BatchFilter{BatchID: b.ID, After: created[1].ID, Limit: 2}))(t)
	if len(page) != 2 || page[0].ID != created[2].ID || page[1].ID != created[3].ID {
		t.Errorf("page %+v", page)
	}
	if failed := must(s.BatchExports(t.Context(), export.BatchFilter{BatchID: b.ID, UserID: s.userID, Status: export.Failed, Limit: 9}))(t); len(failed) != 1 || failed[0].ID != created[1].ID {
		t.Errorf("failed %+v", failed)
	}
	if files := must(s.BatchFiles(t.Context(), b.ID, s.userID))(t); len(files) != 1 || files[created[0].ID] != s.read(t, created[0].ID).Artifact.BlobKey {
		t.Errorf("files %v", files)
	}
	s.exec(t, "UPDATE export_request SET created_at = created_at - interval '2 h', expires_at = now() - interval '1 s' WHERE batch_id = $1", b.ID)
	if got := must(s.Batch(t.Context(), b.ID, ""))(t).Counts; fmt.Sprint(got) != fmt.Sprint(export.BatchCounts{export.Expired: 5}) {
		t.Errorf("counts past the expiry %v", got)
	}
	if files := must(s.BatchFiles(t.Context(), b.ID, ""))(t); len(files) != 0 {
		t.Errorf("files past the expiry %v", files)
	}
}

func TestRetryBatch(t *testing.T) {
	t.Parallel()
	s := setup(t)
	b, created := s.batch(t, 3)
	s.finish(t, created[0].ID, export.Failed)
	s.finish(t, created[1].ID, export.Ready)
	if ids := must(s.RetryBatch(t.Context(), b.ID, "user_2"))(t); len(ids) != 0 {
		t.Errorf("another owner's exports were retried: %v", ids)
	}
	if ids := must(s.RetryBatch(t.Context(), b.ID, s.userID))(t); !slices.Equal(ids, []string{created[0].ID}) {
		t.Errorf("retried %v", ids)
	}
	if due := must(s.TakeToDispatch(t.Context(), 10))(t); len(due) != 1 || due[0].ID != created[0].ID || due[0].Attempt != 0 {
		t.Errorf("due %+v", due)
	}
}

func TestDeleteBatch(t *testing.T) {
	t.Parallel()
	s := setup(t)
	b, created := s.batch(t, 4)
	s.finish(t, created[0].ID, export.Ready)
	s.finish(t, created[1].ID, export.Failed)
	claimed := must(s.ClaimExport(t.Context(), created[2].ID, lease))(t)
	canceled, expired, err := s.DeleteBatch(t.Context(), b.ID, s.userID)
	if err != nil || len(canceled) != 2 || len(expired) != 2 {
		t.Fatalf("canceled %+v, expired %+v, %v", canceled, expired, err)
	}
	_, err = s.CompleteExport(t.Context(), claimed, artifact(claimed))
	wantError(t, "completing a canceled export", err, export.ErrFenced)
	got := must(s.Batch(t.Context(), b.ID, s.userID))(t)
	if fmt.Sprint(got.Counts) != fmt.Sprint(export.BatchCounts{export.Canceled: 2, export.Expired: 2}) || got.ExpiresAt.After(b.ExpiresAt.Add(-time.Minute)) {
		t.Errorf("deleted: %+v", got)
	}
	if canceled, expired, err = s.DeleteBatch(t.Context(), b.ID, s.userID); err != nil || len(canceled) != 0 || len(expired) != 2 {
		t.Errorf("deleted again: canceled %+v, expired %+v, %v", canceled, expired, err)
	}
}

// A batch is purged after its exports, and goes when those of its user are erased.
func TestBatch_Gone(t *testing.T) {
	t.Parallel()
	s := setup(t)
	b, _ := s.batch(t, 2)
	erased, _ := s.batch(t, 2)
	s.exec(t, "UPDATE export_batch SET expires_at = now() - interval '2 h' WHERE id = $1", b.ID)
	if n := must(s.PurgeBatches(t.Context(), time.Hour, 10))(t); n != 0 {
		t.Error("a batch with exports was purged")
	}
	s.exec(t, "DELETE FROM export_request WHERE batch_id = $1", b.ID)
	if n := must(s.PurgeBatches(t.Context(), 3*time.Hour, 10))(t); n != 0 {
		t.Error("a batch was purged before its retention was over")
	}
	if n := must(s.PurgeBatches(t.Context(), time.Hour, 10))(t); n != 1 {
		t.Errorf("%d batches were purged, want 1", n)
	}
	must(s.EraseExports(t.Context(), s.userID, "", time.Minute, 100))(t)
	_, err := s.Batch(t.Context(), erased.ID, "")
	wantError(t, "the batch of an erased user", err, export.ErrBatchNotFound)
	another, _ := s.batch(t, 1)
	s.exec(t, `DELETE FROM "user" WHERE id = $1`, s.userID)
	_, err = s.Batch(t.Context(), another.ID, "")
	wantError(t, "the batch of a deleted user", err, export.ErrBatchNotFound)
}

// BenchmarkCreateBatch inserts batches of 500 exports.
func BenchmarkCreateBatch(b *testing.B) {
	s := setup(b)
	for b.Loop() {
		s.batch(b, export.MaxBatch)
	}
	b.ReportMetric(float64(b.N*export.MaxBatch)/b.Elapsed().Seconds(), "exports/s")
}

// BenchmarkBatchCounts reads the counts of a batch of 500 exports among 100 other batches.
func BenchmarkBatchCounts(b *testing.B) {
	s := setup(b)
	var id string
	for range 100 {
		batch, _ := s.batch(b, export.MaxBatch)
		id = batch.ID
	}
	for b.Loop() {
		if got := must(s.Batch(b.Context(), id, s.userID))(b); got.Counts[export.Queued] != export.MaxBatch {
			b.Fatal(got)
		}
	}
}
