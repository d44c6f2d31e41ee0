package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
)

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]+$" patternDescription:"visible ASCII characters" doc:"Any text that only this request has, such as a UUID. It is kept as long as the export is"`
	Body struct {
		ResumeID  string `json:"resume_id" minLength:"1" maxLength:"200" doc:"The resume to export"`
		JobID     string `json:"job_id,omitempty" maxLength:"200" doc:"The job posting this export is for; default: the resume's own"`
		Format    string `json:"format,omitempty" enum:"pdf,html,docx,json,txt,md,tex,png" default:"pdf"`
		Template  string `json:"template,omitempty" maxLength:"50" doc:"See /v1/templates; default: the first of them"`
		Paper     string `json:"paper,omitempty" enum:"a4,letter" default:"a4"`
		ExpiresIn int64  `json:"expires_in,omitempty" minimum:"60" maximum:"2592000" default:"604800" doc:"Seconds until the file is gone: 1 minute to 30 days, default 7 days"`

		Fit         *askedFit `json:"fit,omitempty" doc:"Make the document fit: spacing, then line height, then size are tightened, as little as it takes. What was done stands in the export. PDF only"`
		EmbedSource bool      `json:"embed_source,omitempty" doc:"Put the resume as JSON Resume into the file, from which it can be imported again. PDF only"`
		ATS         bool      `json:"ats,omitempty" doc:"Have the finished file read as applicant tracking systems do; what they find stands in the export. It takes some milliseconds a page. PDF only"`
		Width       int       `json:"width,omitempty" minimum:"64" maximum:"2048" doc:"Width of the picture in pixels; default 800. PNG only"`
	}
}

type createOutput struct {
	Location   string `header:"Location"`
	RetryAfter int    `header:"Retry-After" doc:"Seconds after which looking again is worth it"`
	Replayed   string `header:"Idempotency-Replayed" enum:"true" doc:"There when the export was made by an earlier request with the same key"`
	Body       Export
}

// create records the request, then wakes a worker.
func (s *server) create(ctx context.Context, in *createInput) (*createOutput, error) {
	b := in.Body
	template, err := s.template(b.Template)
	if err != nil {
		return nil, err
	}
	options, err := checked(export.Options{EmbedSource: b.EmbedSource, ATS: b.ATS, Width: b.Width}, b.Fit, export.Format(b.Format))
	if err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, s.problem(ctx, fmt.Errorf("making an export id: %w", err))
	}
	r, err := s.Store.CreateExport(ctx, export.New{
		ID: id.String(), ResumeID: b.ResumeID, JobID: b.JobID,
		Format: export.Format(b.Format), Template: template, Paper: export.Paper(b.Paper), Options: options,
		ExpiresIn: time.Duration(b.ExpiresIn) * time.Second, MaxAttempts: s.MaxAttempts, Caller: callerOf(ctx), Key: in.Key,
	})
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	crashpoint.Here(crashpoint.APIAfterCommit)
	// Also for one that is there already: whoever made it may have died just then.
	if r.Status == export.Queued && r.Attempt == 0 {
		s.wake(ctx, r)
	}
	crashpoint.Here(crashpoint.APIAfterPublish)
	return accepted(r, r.ID != id.String()), nil
}

// template checks the name of a template; none names the default.
func (s *server) template(name string) (string, error) {
	if name == "" {
		return s.Templates[0].Name, nil
	}
	names := make([]string, len(s.Templates))
	for i, t := range s.Templates {
		names[i] = t.Name
	}
	if !slices.Contains(names, name) {
		return "", invalid("body.template", name, "unknown template; there is: "+strings.Join(names, ", "))
	}
	return name, nil
}

type exportInput struct {
	ID string `path:"id" maxLength:"100"`
}

type exportOutput struct {
	Body Export
}

func (s *server) get(ctx context.Context, in *exportInput) (*exportOutput, error) {
	r, err := s.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &exportOutput{Body: toExport(r)}, nil
}

// visible reads a request that the caller may see. Somebody else's is as
// unknown as one that does not exist.
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
	Failure  string `query:"failure_code" maxLength:"50" doc:"Only exports that failed for this reason; with status=failed"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor   string `query:"cursor" maxLength:"100" doc:"next_cursor of the page before"`
}

type listOutput struct {
	Body struct {
		Exports    []Export `json:"exports" nullable:"false"`
		NextCursor string   `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

func (s *server) list(ctx context.Context, in *listInput) (*listOutput, error) {
	if _, err := uuid.Parse(in.Cursor); in.Cursor != "" && (err != nil || len(in.Cursor) != len(uuid.Nil.String())) {
		return nil, invalid("query.cursor", in.Cursor, "is not the next_cursor of a page")
	}
	if err := knownFailure("query.failure_code", in.Failure); err != nil {
		return nil, err
	}
	if in.Failure != "" && in.Status != string(export.Failed) {
		return nil, invalid("query.failure_code", in.Failure, "goes with status=failed only")
	}
	// One more than asked for tells whether there is a next page.
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
		out.Body.Exports[i] = toExport(r)
	}
	return out, nil
}

// delete cancels a request on its way. A finished one expires now: from here on
// nothing serves it, and its file is deleted at once, or by the sweeper should
// that fail.
func (s *server) delete(ctx context.Context, in *exportInput) (*struct{}, error) {
	r, err := s.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err = s.Store.CancelExport(ctx, r.ID); err == nil {
		return nil, nil
	}
	if !isWrongStatus(err) {
		return nil, s.problem(ctx, err)
	}
	if r, err = s.Store.ExpireExport(ctx, r.ID); err != nil {
		return nil, s.problem(ctx, err)
	}
	s.transfers.withdraw(func(under export.Request) bool { return under.ID == r.ID })
	if err := s.erase(ctx, r); err != nil {
		s.outages.files.Failed(err, "export_id", r.ID)
	} else {
		s.outages.files.Recovered()
	}
	return nil, nil
}

func (s *server) erase(ctx context.Context, r export.Request) error {
	if r.Artifact.BlobKey != "" {
		if err := s.Files.Delete(ctx, r.Artifact.BlobKey); err != nil {
			return err
		}
	}
	_, err := s.Store.FinishSweep(ctx, []string{r.ID})
	return err
}

type templatesOutput struct {
	Body struct {
		Templates []Template `json:"templates" nullable:"false"`
	}
}

func (s *server) templates(context.Context, *struct{}) (*templatesOutput, error) {
	out := &templatesOutput{}
	out.Body.Templates = s.Templates
	return out, nil
}

// invalid is the problem of one field.
func invalid(location string, value any, message string) error {
	return huma.NewError(http.StatusUnprocessableEntity, "validation failed",
		&huma.ErrorDetail{Location: location, Message: message, Value: value})
}
