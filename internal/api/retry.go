package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
)

// retry puts a failed export back into the queue. It keeps its expiry: whoever
// wants the file for longer asks for a new export.
func (s *server) retry(ctx context.Context, in *exportInput) (*createOutput, error) {
	r, err := s.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if r, err = s.Store.RetryExport(ctx, r.ID); err != nil {
		return nil, s.problem(ctx, err)
	}
	s.wake(ctx, r)
	return accepted(r, false), nil
}

type retryFailedInput struct {
	RawBody []byte
	Body    struct {
		FailureCode string `json:"failure_code,omitempty" maxLength:"50" doc:"Only exports that failed for this reason"`
		UserID      string `json:"user_id,omitempty" maxLength:"200" doc:"Only this owner's"`
		Limit       int    `json:"limit,omitempty" minimum:"1" maximum:"1000" default:"100" doc:"How many at most"`
	}
}

// Resolve refuses what would be understood in two ways.
func (in *retryFailedInput) Resolve(huma.Context) []error {
	return strictBody(in.RawBody, map[string]string{"failure_code": in.Body.FailureCode, "user_id": in.Body.UserID})
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
		Security: caller, Errors: []int{401, 403, 404, 409, 410, 503},
	}, s.retry)
	huma.Register(h, huma.Operation{
		OperationID: "retry-failed-exports", Method: http.MethodPost, Path: "/v1/exports/retry", DefaultStatus: http.StatusAccepted,
		Summary: "Try many failed exports again, the oldest first", Description: "For staff. GET /v1/exports?status=failed lists them.",
		Security: caller, MaxBodyBytes: maxBody, BodyReadTimeout: bodyTimeout, Errors: []int{400, 401, 403, 413, 415, 422, 503},
	}, s.retryFailed)
	// RawBody is for strictness, not another way to ask.
	delete(h.OpenAPI().Paths["/v1/exports/retry"].Post.RequestBody.Content, "application/octet-stream")
}
