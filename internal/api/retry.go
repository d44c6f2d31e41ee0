package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
)

// RetryStore puts failed exports back into the queue.
type RetryStore interface {
	RetryExport(ctx context.Context, id string) (export.Request, error)
	RetryFailed(ctx context.Context, f export.Failures) ([]string, error)
}

// retry puts a failed export back into the queue. It keeps its expiry: whoever
// wants the file for longer asks for a new export.
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
	s.wake(ctx, again)
	return accepted(again, false), nil
}

// notFailed is the answer to a retry in a status that has nothing to retry.
func notFailed(status export.Status) error {
	switch status {
	case export.Queued, export.Rendering:
		return huma.Error409Conflict("this export is " + string(status) + " already; follow it with GET")
	case export.Ready:
		return huma.Error409Conflict("this export is ready; download its file, or ask for a new export")
	case export.Canceled:
		return huma.Error409Conflict("this export is canceled; ask for a new one")
	case export.Expired:
		return huma.Error410Gone("this export has expired; ask for a new one")
	default: // it failed again just now
		return huma.Error409Conflict("this export is " + string(status) + "; try again")
	}
}

type retryFailedInput struct {
	Body struct {
		FailureCode string `json:"failure_code,omitempty" maxLength:"50" doc:"Only exports that failed for this reason"`
		UserID      string `json:"user_id,omitempty" maxLength:"200" doc:"Only this owner's"`
		Limit       int    `json:"limit,omitempty" minimum:"1" maximum:"1000" default:"100" doc:"How many at most"`
	}
}

type retryFailedOutput struct {
	Body struct {
		Count int      `json:"count" doc:"How many are queued again"`
		IDs   []string `json:"ids" nullable:"false"`
	}
}

// retryFailed puts many failed exports back, and leaves their messages to the
// dispatcher, which publishes them in batches.
func (s *server) retryFailed(ctx context.Context, in *retryFailedInput) (*retryFailedOutput, error) {
	if !callerOf(ctx).Staff {
		return nil, huma.Error403Forbidden("only staff may have many exports tried again")
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

// knownFailure refuses a failure code that there is not; none is fine.
func knownFailure(location, code string) error {
	if code == "" {
		return nil
	}
	for _, known := range export.FailureCodes() {
		if code == string(known) {
			return nil
		}
	}
	return invalid(location, code, "unknown failure code; the documentation lists them")
}

// accepted is the answer to whoever has to wait for an export.
func accepted(r export.Request, replayed bool) *createOutput {
	out := &createOutput{Location: location(r.ID), RetryAfter: 1, Body: toExport(r)}
	if replayed {
		out.Replayed = "true"
	}
	return out
}

// registerRetry ties the operations to routes.
func (s *server) registerRetry(h huma.API, caller []map[string][]string) {
	huma.Register(h, huma.Operation{
		OperationID: "retry-export", Method: http.MethodPost, Path: "/v1/exports/{id}/retry", DefaultStatus: http.StatusAccepted,
		Summary: "Try a failed export again", Description: "It gets all its attempts anew and keeps its expires_at.",
		Security: caller, Errors: errorsOf(404, 409, 410),
	}, s.retry)
	huma.Register(h, huma.Operation{
		OperationID: "retry-failed-exports", Method: http.MethodPost, Path: "/v1/exports/retry", DefaultStatus: http.StatusAccepted,
		Summary: "Try many failed exports again, the oldest first", Description: "For staff. GET /v1/exports?status=failed lists them.",
		Security: caller, MaxBodyBytes: -1, BodyReadTimeout: -1, Errors: errorsOf(408, 413, 415),
	}, s.retryFailed)
}
