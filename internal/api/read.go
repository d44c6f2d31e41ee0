package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
)

// ReadStore is the part of the store that reads requests.
type ReadStore interface {
	Export(ctx context.Context, id string) (export.Request, error)
	Exports(ctx context.Context, f export.Filter) ([]export.Request, error)
}

type exportInput struct {
	ID string `path:"id" maxLength:"100"`
}

type exportOutput struct {
	Body Export
}

func (s *server) registerRead(h huma.API) {
	huma.Register(h, operation(huma.Operation{
		OperationID: "get-export", Method: http.MethodGet, Path: "/v1/exports/{id}", Summary: "Get an export",
	}, 404), s.get)
	huma.Register(h, operation(huma.Operation{
		OperationID: "list-exports", Method: http.MethodGet, Path: "/v1/exports", Summary: "List exports, newest first",
		Description: "Lists the caller's own exports; for staff, those of all users.",
	}), s.list)
}

func (s *server) get(ctx context.Context, in *exportInput) (*exportOutput, error) {
	r, err := s.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &exportOutput{Body: s.represent(r)}, nil
}

// visible reads a request that the caller may see. A request of another user is
// answered like one that does not exist.
func (s *server) visible(ctx context.Context, id string) (export.Request, error) {
	r, err := s.Store.Export(ctx, id)
	if err != nil {
		return export.Request{}, s.problem(ctx, err)
	}
	if !callerOf(ctx).MaySee(r.UserID) {
		return export.Request{}, s.problem(ctx, export.ErrNotFound)
	}
	return r, nil
}

type listInput struct {
	Status   string `query:"status" enum:"queued,rendering,ready,failed,canceled,expired" doc:"Only exports in this status"`
	ResumeID string `query:"resume_id" maxLength:"200" doc:"Only exports of this resume"`
	Failure  string `query:"failure_code" maxLength:"50" doc:"Only exports with this failure code; requires status=failed"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor   string `query:"cursor" maxLength:"100" doc:"next_cursor of the previous page"`
}

type listOutput struct {
	Body struct {
		Exports    []Export `json:"exports" nullable:"false"`
		NextCursor string   `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

func (s *server) list(ctx context.Context, in *listInput) (*listOutput, error) {
	if _, err := uuid.Parse(in.Cursor); in.Cursor != "" && (err != nil || len(in.Cursor) != len(uuid.Nil.String())) {
		return nil, invalid("query.cursor", in.Cursor, "expected the next_cursor of a page")
	}
	if err := knownFailure("query.failure_code", in.Failure); err != nil {
		return nil, err
	}
	if in.Failure != "" && in.Status != string(export.Failed) {
		return nil, invalid("query.failure_code", in.Failure, "requires status=failed")
	}
	// One request more than the limit shows whether there is a next page.
	f := export.Filter{Status: export.Status(in.Status), ResumeID: in.ResumeID, FailureCode: export.FailureCode(in.Failure), Before: in.Cursor, Limit: in.Limit + 1}
	if caller := callerOf(ctx); !caller.Staff {
		f.UserID = caller.UserID
	}
	requests, err := s.Store.Exports(ctx, f)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &listOutput{}
	if len(requests) > in.Limit {
		requests = requests[:in.Limit]
		out.Body.NextCursor = requests[in.Limit-1].ID
	}
	out.Body.Exports = make([]Export, len(requests))
	for i, r := range requests {
		out.Body.Exports[i] = s.represent(r)
	}
	return out, nil
}
