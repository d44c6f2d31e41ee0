package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
)

// RetryStore is the part of the store that puts failed requests back into the queue.
type RetryStore interface {
	RetryExport(ctx context.Context, id string) (export.Request, error)
	RetryFailed(ctx context.Context, f export.Failures) ([]string, error)
}

func (s *server) registerRetry(h huma.API) {
	huma.Register(h, operation(huma.Operation{
		OperationID: "retry-export", Method: http.MethodPost, Path: "/v1/exports/{id}/retry", DefaultStatus: http.StatusAccepted,
		Summary: "Retry a failed export", Description: "The export gets all its attempts again and keeps its expires_at.",
	}, 404, 409, 410), s.retry)
	huma.Register(h, operation(huma.Operation{
		OperationID: "retry-failed-exports", Method: http.MethodPost, Path: "/v1/exports/retry", DefaultStatus: http.StatusAccepted,
		Summary: "Retry many failed exports, oldest first", Description: "For staff. GET /v1/exports?status=failed lists them.",
	}, bodyErrors()...), s.retryFailed)
}

// retry puts a failed request back into the queue. Its expiry stays as it is.
func (s *server) retry(ctx context.Context, in *exportInput) (*createOutput, error) {
	r, err := s.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	again, err := s.Store.RetryExport(ctx, r.ID)
	if isWrongStatus(err) {
		// The status may have changed since it was read.
		if r, err = s.visible(ctx, in.ID); err != nil {
			return nil, err
		}
		return nil, notFailed(r.Status)
	}
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	s.story(ctx, "export retried", again)
	s.publish(ctx, again)
	s.changed(again)
	return s.accepted(ctx, again, false), nil
}

// notFailed returns the answer to a retry of an export that has not failed.
func notFailed(status export.Status) error {
	switch status {
	case export.Queued, export.Rendering:
		return huma.Error409Conflict("this export is " + string(status) + " already; poll it with GET")
	case export.Ready:
		return huma.Error409Conflict("this export is ready; download its file, or create a new export")
	case export.Canceled:
		return huma.Error409Conflict("this export is canceled; create a new one")
	case export.Expired:
		return huma.Error410Gone("this export has expired; create a new one")
	default: // it has failed again since
		return huma.Error409Conflict("this export is " + string(status) + "; try again")
	}
}

type retryFailedInput struct {
	Body struct {
		FailureCode string `json:"failure_code,omitempty" maxLength:"50" doc:"Only exports with this failure code"`
		UserID      string `json:"user_id,omitempty" maxLength:"200" doc:"Only exports of this user"`
		Limit       int    `json:"limit,omitempty" minimum:"1" maximum:"1000" default:"100" doc:"Maximum number of exports"`
	}
}

type retryFailedOutput struct {
	Body struct {
		Count int      `json:"count" doc:"Number of exports that were queued again"`
		IDs   []string `json:"ids" nullable:"false"`
	}
}

// retryFailed puts many failed requests back into the queue. Their messages are
// published by the dispatcher, in batches.
func (s *server) retryFailed(ctx context.Context, in *retryFailedInput) (*retryFailedOutput, error) {
	if !callerOf(ctx).Staff {
		return nil, huma.Error403Forbidden("only staff may retry many exports")
	}
	b := in.Body
	if err := knownFailure("body.failure_code", b.FailureCode); err != nil {
		return nil, err
	}
	ids, err := s.Store.RetryFailed(ctx, export.Failures{Code: export.FailureCode(b.FailureCode), UserID: b.UserID, Limit: b.Limit})
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	if len(ids) > 0 {
		s.Wake()
	}
	out := &retryFailedOutput{}
	out.Body.Count, out.Body.IDs = len(ids), append([]string{}, ids...)
	return out, nil
}

// knownFailure refuses an unknown failure code. None at all is fine.
func knownFailure(location, code string) error {
	if code == "" {
		return nil
	}
	for _, known := range export.FailureCodes() {
		if code == string(known) {
			return nil
		}
	}
	return invalid(location, code, "unknown failure code; the README lists them")
}

// accepted returns the answer 202 for an export.
func (s *server) accepted(ctx context.Context, r export.Request, replayed bool) *createOutput {
	out := &createOutput{Status: http.StatusAccepted, Location: location(r.ID), RetryAfter: s.retryAfter(ctx, r), Body: s.represent(r)}
	if replayed {
		out.Replayed = "true"
	}
	return out
}
