package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
)

// BatchStore is the part of the store that keeps batches. An empty userID stands for every
// user.
type BatchStore interface {
	CreateBatch(ctx context.Context, n export.NewBatch) (export.Batch, []export.Request, error)
	Batch(ctx context.Context, id, userID string) (export.Batch, error)
	Batches(ctx context.Context, userID, before string, limit int) ([]export.Batch, error)
	BatchExports(ctx context.Context, f export.BatchFilter) ([]export.Request, error)
	BatchFiles(ctx context.Context, id, userID string) (map[string]string, error)
	DeleteBatch(ctx context.Context, id, userID string) (canceled, expired []export.Request, err error)
	RetryBatch(ctx context.Context, id, userID string) ([]string, error)
	MarkAllDownloaded(ctx context.Context, ids []string) error
}

func (s *server) registerBatches(h huma.API) {
	huma.Register(h, large(operation(huma.Operation{
		OperationID: "create-batch", Method: http.MethodPost, Path: "/v1/batches", DefaultStatus: http.StatusAccepted,
		Summary: "Create up to 500 exports at once",
		Description: "Creates all of them or none; the problem then names each export that cannot be created. They are in the lane bulk. " +
			"With an Idempotency-Key the request can be repeated safely after a lost answer.",
	}, bodyErrors()...)), s.createBatch)
	huma.Register(h, operation(huma.Operation{
		OperationID: "list-batches", Method: http.MethodGet, Path: "/v1/batches", Summary: "List batches, newest first",
		Description: "Lists the caller's own batches; for staff, those of all users.",
	}), s.listBatches)
	huma.Register(h, operation(huma.Operation{
		OperationID: "get-batch", Method: http.MethodGet, Path: "/v1/batches/{id}", Summary: "Get a batch",
		Description: "Has the number of exports in each status, and a page of the exports in the order in which they were requested.",
	}, 404), s.getBatch)
	huma.Register(h, operation(huma.Operation{
		OperationID: "delete-batch", Method: http.MethodDelete, Path: "/v1/batches/{id}", DefaultStatus: http.StatusNoContent,
		Summary: "Cancel the unfinished exports of a batch, and delete the files of the finished ones",
	}, 404), s.deleteBatch)
	huma.Register(h, operation(huma.Operation{
		OperationID: "retry-batch", Method: http.MethodPost, Path: "/v1/batches/{id}/retry", DefaultStatus: http.StatusAccepted,
		Summary: "Retry the failed exports of a batch", Description: "They get all their attempts again and keep their expires_at.",
	}, 404, 410), s.retryBatch)
	s.registerBatchDownload(h)
}

// Batch is the representation of a batch.
type Batch struct {
	ID        string      `json:"id" format:"uuid" example:"01a21d8d-b74d-7e07-8f0d-5bef5725edfd" doc:"UUIDv7, so ids sort by creation time"`
	UserID    string      `json:"user_id" example:"user_1" doc:"Who requested the batch"`
	Total     int         `json:"total" example:"2" doc:"Number of exports that were requested"`
	Counts    BatchCounts `json:"counts" doc:"Number of exports in each status. Exports that were erased, or purged after their expiry, are in none"`
	Finished  bool        `json:"finished" doc:"Whether every export has reached a final status"`
	CreatedAt time.Time   `json:"created_at"`
	ExpiresAt time.Time   `json:"expires_at" doc:"The files are not served after this time"`

	DownloadURL string `json:"download_url,omitempty" doc:"Path of a ZIP with the files. Present once every export is finished, while at least one is ready"`
}

// BatchCounts is the number of exports in each status.
type BatchCounts struct {
	Queued    int `json:"queued"`
	Rendering int `json:"rendering"`
	Ready     int `json:"ready"`
	Failed    int `json:"failed"`
	Canceled  int `json:"canceled"`
	Expired   int `json:"expired"`
}

// toBatch maps a batch to its answer.
func toBatch(b export.Batch) Batch {
	c := b.Counts
	w := Batch{ID: b.ID, UserID: b.UserID, Total: b.Total, CreatedAt: b.CreatedAt.UTC(), ExpiresAt: b.ExpiresAt.UTC(), Finished: c.Unfinished() == 0,
		Counts: BatchCounts{Queued: c[export.Queued], Rendering: c[export.Rendering], Ready: c[export.Ready], Failed: c[export.Failed], Canceled: c[export.Canceled], Expired: c[export.Expired]}}
	if w.Finished && w.Counts.Ready > 0 {
		w.DownloadURL = batchLocation(b.ID) + "/download"
	}
	return w
}

// batchLocation returns the path of a batch.
func batchLocation(id string) string { return "/v1/batches/" + id }

type createBatchInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]+$" patternDescription:"visible ASCII characters" doc:"A value of the caller's choice, such as a UUID. Repeating a request with the same key and body returns the same batch. The key is kept as long as the batch"`
	Body struct {
		Exports   []AskedExport `json:"exports" minItems:"1" maxItems:"500" nullable:"false" example:"[{\"resume_id\":\"rsm_1\"},{\"resume_id\":\"rsm_2\",\"format\":\"docx\"}]"`
		ExpiresIn int64         `json:"expires_in,omitempty" minimum:"60" maximum:"2592000" default:"604800" doc:"Seconds until the exports expire, from 1 minute to 30 days. Default: 7 days"`
	}
}

type createBatchOutput struct {
	Location   string `header:"Location"`
	RetryAfter int    `header:"Retry-After" doc:"Seconds to wait before asking for the status"`
	Replayed   string `header:"Idempotency-Replayed" doc:"true, present if an earlier request with the same key created the batch"`
	Body       Batch
}

// createBatch creates a batch with its exports and publishes their messages.
func (s *server) createBatch(ctx context.Context, in *createBatchInput) (*createBatchOutput, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, s.problem(ctx, fmt.Errorf("making a batch id: %w", err))
	}
	n := export.NewBatch{ID: id.String(), ExpiresIn: time.Duration(in.Body.ExpiresIn) * time.Second, Caller: callerOf(ctx), Key: in.Key}
	if n.Exports, err = s.newExports(ctx, in.Body.Exports); err != nil {
		return nil, err
	}
	if err := s.mayWait(ctx, len(n.Exports)); err != nil {
		return nil, err
	}
	n.MaxWaiting = s.Limits.UserWaiting
	b, created, err := s.Store.CreateBatch(ctx, n)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	s.nowWaiting(ctx, len(created))
	replayed := b.ID != n.ID
	s.Logger.InfoContext(ctx, "batch accepted", "batch_id", b.ID, "caller_id", b.UserID, "exports", b.Total, "replayed", replayed)
	for _, r := range created {
		s.Observer.ExportAccepted(ctx, r, false)
	}
	s.publishAll(ctx, created)
	out := &createBatchOutput{Location: batchLocation(b.ID), RetryAfter: 1, Body: toBatch(b)}
	if replayed {
		out.Replayed = "true"
	}
	return out, nil
}

// newExports returns the requests for the exports of a batch. The error names each that is
// invalid.
func (s *server) newExports(ctx context.Context, asked []AskedExport) ([]export.New, error) {
	list := make([]export.New, len(asked))
	var wrong []error
	for i, b := range asked {
		var err error
		list[i], err = s.newExport(ctx, fmt.Sprintf("body.exports[%d]", i), b)
		var told *huma.ErrorModel
		switch {
		case errors.As(err, &told) && told.Status == http.StatusUnprocessableEntity:
			for _, e := range told.Errors {
				wrong = append(wrong, e)
			}
		case err != nil:
			return nil, err
		}
	}
	if len(wrong) > 0 {
		return nil, huma.NewError(http.StatusUnprocessableEntity, "validation failed", wrong...)
	}
	return list, nil
}

// batchProblem returns the answer to a batch of which some exports cannot be created.
func batchProblem(bad *export.BatchError) huma.StatusError {
	errs := make([]error, len(bad.Exports))
	for i, e := range bad.Exports {
		field, message := "resume_id", "unknown resume"
		if errors.Is(e.Err, export.ErrJobNotFound) {
			field, message = "job_id", "unknown job posting"
		}
		errs[i] = &huma.ErrorDetail{Location: fmt.Sprintf("body.exports[%d].%s", e.Index, field), Message: message}
	}
	return huma.Error422UnprocessableEntity("no export was created: of some, the resume or the job posting is unknown", errs...)
}

// seenBy returns the user whose batches the caller sees; empty for staff, who see all.
func seenBy(c export.Caller) string {
	if c.Staff {
		return ""
	}
	return c.UserID
}

type batchInput struct {
	ID string `path:"id" maxLength:"100"`
}

type getBatchInput struct {
	ID     string `path:"id" maxLength:"100"`
	Status string `query:"status" enum:"queued,rendering,ready,failed,canceled,expired" doc:"Only exports in this status"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Maximum number of exports"`
	Cursor string `query:"cursor" maxLength:"100" doc:"next_cursor of the previous page"`
}

type getBatchOutput struct {
	Body struct {
		Batch
		Exports    []Export `json:"exports" nullable:"false"`
		NextCursor string   `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

func (s *server) getBatch(ctx context.Context, in *getBatchInput) (*getBatchOutput, error) {
	if err := validCursor(in.Cursor); err != nil {
		return nil, err
	}
	user := seenBy(callerOf(ctx))
	b, err := s.Store.Batch(ctx, in.ID, user)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	// One more than the limit shows whether there is a next page.
	requests, err := s.Store.BatchExports(ctx, export.BatchFilter{BatchID: b.ID, UserID: user, Status: export.Status(in.Status), After: in.Cursor, Limit: in.Limit + 1})
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &getBatchOutput{}
	if len(requests) > in.Limit {
		requests = requests[:in.Limit]
		out.Body.NextCursor = requests[in.Limit-1].ID
	}
	out.Body.Batch, out.Body.Exports = toBatch(b), make([]Export, len(requests))
	for i, r := range requests {
		out.Body.Exports[i] = s.represent(r)
	}
	return out, nil
}

type listBatchesInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
	Cursor string `query:"cursor" maxLength:"100" doc:"next_cursor of the previous page"`
}

type listBatchesOutput struct {
	Body struct {
		Batches    []Batch `json:"batches" nullable:"false"`
		NextCursor string  `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

func (s *server) listBatches(ctx context.Context, in *listBatchesInput) (*listBatchesOutput, error) {
	if err := validCursor(in.Cursor); err != nil {
		return nil, err
	}
	batches, err := s.Store.Batches(ctx, seenBy(callerOf(ctx)), in.Cursor, in.Limit+1)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &listBatchesOutput{}
	if len(batches) > in.Limit {
		batches = batches[:in.Limit]
		out.Body.NextCursor = batches[in.Limit-1].ID
	}
	out.Body.Batches = make([]Batch, len(batches))
	for i, b := range batches {
		out.Body.Batches[i] = toBatch(b)
	}
	return out, nil
}

// deleteBatch cancels the unfinished exports of a batch. The others expire now, and their
// files are deleted, by the sweeper if that takes too long here.
func (s *server) deleteBatch(ctx context.Context, in *batchInput) (*struct{}, error) {
	user := seenBy(callerOf(ctx))
	b, err := s.Store.Batch(ctx, in.ID, user)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	canceled, expired, err := s.Store.DeleteBatch(ctx, b.ID, user)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	s.transfers.withdraw(func(under export.Request) bool { return under.BatchID == b.ID })
	for _, r := range canceled {
		s.Observer.ExportCanceled(ctx, r)
		s.changed(r)
	}
	for _, r := range expired {
		s.changed(r)
	}
	s.Observer.ExportsErased(ctx, int64(len(expired)))
	s.Logger.InfoContext(ctx, "batch deleted", "batch_id", b.ID, "user_id", b.UserID, "caller_id", callerOf(ctx).UserID, "canceled", len(canceled), "deleted", len(expired))
	if err := s.eraseAllOf(ctx, expired); err != nil {
		s.outages.files.Failed(err, "batch_id", b.ID)
	} else {
		s.outages.files.Recovered()
	}
	return nil, nil
}

type retryBatchOutput struct {
	Body struct {
		Count int      `json:"count" doc:"Number of exports that were queued again"`
		IDs   []string `json:"ids" nullable:"false"`
	}
}

// retryBatch puts the failed exports of a batch back into the queue. The dispatcher publishes
// their messages.
func (s *server) retryBatch(ctx context.Context, in *batchInput) (*retryBatchOutput, error) {
	user := seenBy(callerOf(ctx))
	b, err := s.Store.Batch(ctx, in.ID, user)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	if b.Counts[export.Expired] > 0 && b.Counts[export.Expired] == b.Total {
		return nil, huma.Error410Gone("this batch has expired; create a new one")
	}
	ids, err := s.Store.RetryBatch(ctx, b.ID, user)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	if len(ids) > 0 {
		s.Logger.InfoContext(ctx, "batch retried", "batch_id", b.ID, "user_id", b.UserID, "caller_id", callerOf(ctx).UserID, "exports", len(ids))
		s.Wake()
	}
	out := &retryBatchOutput{}
	out.Body.Count, out.Body.IDs = len(ids), append([]string{}, ids...)
	return out, nil
}
