package api

import (
	"context"
	"maps"
	"net/http"
	"strings"

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

type getInput struct {
	ID          string `path:"id" maxLength:"100"`
	Prefer      string `header:"Prefer" maxLength:"200" pattern:"^[ -~]+$" patternDescription:"ASCII characters" doc:"wait=N waits up to N seconds (RFC 7240), at most 60, until the status is final; with If-None-Match, until the export changes. Preference-Applied says if that was done. Other preferences are ignored"`
	IfNoneMatch string `header:"If-None-Match" maxLength:"500" pattern:"^[ -~]+$" patternDescription:"ASCII characters" doc:"ETag of an earlier answer. If the export has not changed since, the answer is 304"`
}

type getOutput struct {
	Status            int
	ETag              string     `header:"ETag" doc:"Identifies the state of the export"`
	RetryAfter        retryAfter `header:"Retry-After" doc:"Seconds after which the export is probably finished. Present while the status is not final"`
	PreferenceApplied string     `header:"Preference-Applied" doc:"The wait that was possible, such as wait=20. Present if the request asked for one and the answer waited for it"`
	Body              Export
}

func (s *server) registerRead(h huma.API) {
	huma.Register(h, operation(huma.Operation{
		OperationID: "get-export", Method: http.MethodGet, Path: "/v1/exports/{id}", Summary: "Get an export",
		Description: "With Prefer: wait=N the answer comes when the status is final, or after N seconds.",
		Responses:   map[string]*huma.Response{"304": {Description: "The export is still as the caller has it"}},
	}, 404), s.get)
	answers := h.OpenAPI().Paths["/v1/exports/{id}"].Get.Responses
	answers["304"].Headers = maps.Clone(answers["200"].Headers)
	huma.Register(h, operation(huma.Operation{
		OperationID: "list-exports", Method: http.MethodGet, Path: "/v1/exports", Summary: "List exports, newest first",
		Description: "Lists the caller's own exports; for staff, those of all users.",
	}), s.list)
}

func (s *server) get(ctx context.Context, in *getInput) (*getOutput, error) {
	longest, err := preferredWait(in.Prefer)
	if err != nil {
		return nil, err
	}
	waiting := s.waitFor(ctx, strings.ToLower(in.ID), longest) // before the row is read, so that no change is missed
	defer waiting.end()
	r, err := s.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	enough := isFinal
	if in.IfNoneMatch != "" {
		enough = func(r export.Request) bool { return !matches(in.IfNoneMatch, etag(r)) }
	}
	if r, err = waiting.until(r, enough); err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &getOutput{Status: http.StatusOK, ETag: etag(r), RetryAfter: s.retryAfter(ctx, r), PreferenceApplied: waiting.applied(), Body: s.represent(r)}
	if in.IfNoneMatch != "" && matches(in.IfNoneMatch, etag(r)) {
		out.Status = http.StatusNotModified
	}
	return out, nil
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
	if err := validCursor(in.Cursor); err != nil {
		return nil, err
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

// validCursor refuses what cannot be the cursor of a list. None at all is fine.
func validCursor(cursor string) error {
	if _, err := uuid.Parse(cursor); cursor != "" && (err != nil || len(cursor) != len(uuid.Nil.String())) {
		return invalid("query.cursor", cursor, "expected the next_cursor of a page")
	}
	return nil
}
