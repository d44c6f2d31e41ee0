package api

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// ResumeStore is the part of the store that keeps resumes.
type ResumeStore interface {
	PutResume(ctx context.Context, caller export.Caller, p resume.Put) (resume.Stored, error)
	DeleteResume(ctx context.Context, caller export.Caller, id string, c resume.Condition) error
	Resumes(ctx context.Context, f resume.Filter) ([]resume.Stored, error)
	LoadResume(ctx context.Context, id, jobID string) (resume.Resume, error)
}

// ResumeReader reads a resume file of any format that is understood. The resume has the
// notes that are kept with it; the list has all of them. An error that is the file's fault is
// a [*resume.InputError].
type ResumeReader func(data []byte, language string) (resume.Resume, []note.Note, error)

// Resume is the representation of a stored resume, without its content.
type Resume struct {
	ID        string    `json:"id" example:"my-resume"`
	UserID    string    `json:"user_id" doc:"The owner"`
	Title     string    `json:"title,omitempty" doc:"The owner's name for the resume; not printed"`
	Language  string    `json:"language,omitempty" doc:"The language (BCP 47) that the resume states"`
	Base      bool      `json:"base" doc:"Whether it is the owner's primary resume"`
	JobID     string    `json:"job_id,omitempty" doc:"The job posting that it is tailored to"`
	Version   string    `json:"version,omitempty" doc:"Changes with any of its content; the ETag is this in quotes. Absent in lists"`
	CreatedAt time.Time `json:"created_at" doc:"When it was stored first"`
	UpdatedAt time.Time `json:"updated_at" doc:"Last change of the content or title"`
	Notes     []Note    `json:"notes,omitempty" doc:"For the author of the resume: what was repaired, guessed or left out; at most 100"`
}

func toResume(r resume.Stored, notes []note.Note) Resume {
	return Resume{ID: r.ID, UserID: r.UserID, Title: r.Title, Language: r.Language, Base: r.Base, JobID: r.JobID, Version: r.Version,
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), Notes: toNotes(notes)}
}

func (s *server) registerResumes(h huma.API) {
	put := resumeFileOperation(huma.Operation{
		OperationID: "put-resume", Method: http.MethodPut, Path: "/v1/resumes/{id}", Summary: "Create or replace a resume",
		Description: "Takes JSON Resume and the formats of other resume builders: JSON, YAML, LinkedIn's archive, or a PDF made with embed_source. " +
			"Whatever a person would understand is read; notes say what was repaired, guessed or left out. " +
			"If-None-Match: * creates only; If-Match with the ETag of an answer replaces that version only. " +
			"Content that is stored already changes nothing. A user whom only the token knows is created, unless the service is configured otherwise.",
		Responses: map[string]*huma.Response{"201": createdResponse(h), "200": jsonResponse(h, "The resume has this content now")},
	}, 404, 405, 412)
	huma.Register(h, put, s.putResume)
	takesResumeFile(h.OpenAPI().Paths[put.Path].Put)
	huma.Register(h, operation(huma.Operation{
		OperationID: "get-resume", Method: http.MethodGet, Path: "/v1/resumes/{id}", Summary: "Get a resume as JSON Resume",
		Description: "The document that an export in the format json has.",
		Responses: map[string]*huma.Response{
			"200": {Description: "A JSON Resume", Headers: etagHeader(), Content: map[string]*huma.MediaType{jsonType: {Schema: anyObject("A JSON Resume 1.0.0 document"), Example: exampleResume}}},
			"304": {Description: "The caller has this version already", Headers: etagHeader()},
		},
	}, 404, 409), s.getResume)
	huma.Register(h, operation(huma.Operation{
		OperationID: "delete-resume", Method: http.MethodDelete, Path: "/v1/resumes/{id}", DefaultStatus: http.StatusNoContent, Summary: "Delete a resume",
		Description: "Its finished exports stay until they expire or are deleted; unfinished ones fail with resume_not_found. " +
			"DELETE /v1/exports/{id} deletes one, DELETE /v1/exports?all=true all of the caller.",
	}, 404, 405, 409, 412), s.deleteResume)
	huma.Register(h, operation(huma.Operation{
		OperationID: "list-resumes", Method: http.MethodGet, Path: "/v1/resumes", Summary: "List resumes, newest first",
		Description: "Lists the caller's own resumes, without their content; for staff, those of all users.",
	}), s.listResumes)
}

// createdResponse documents the answer for a new resume.
func createdResponse(h huma.API) *huma.Response {
	r := jsonResponse(h, "The resume was created")
	r.Headers["Location"] = &huma.Param{Description: "The path of the resume", Schema: &huma.Schema{Type: huma.TypeString}, Example: "/v1/resumes/my-resume"}
	return r
}

type putResumeInput struct {
	ID          string `path:"id" minLength:"1" maxLength:"200" pattern:"^[A-Za-z0-9._~-]+$" patternDescription:"letters, digits and - . _ ~" doc:"An id of the caller's choice, unique among all users, such as a UUID" example:"my-resume"`
	Title       string `query:"title" maxLength:"200" doc:"The owner's name for the resume; not printed. Default: as it is"`
	Language    string `query:"language" minLength:"2" maxLength:"35" pattern:"^[A-Za-z]{2,3}(-[0-9A-Za-z]{1,8})*$" patternDescription:"a language tag (BCP 47), such as fr or pt-BR" doc:"Language of the resume (BCP 47); of a file that holds several, the one to take. Default: the one that is stated, otherwise the one it is written in"`
	IfMatch     string `header:"If-Match" maxLength:"2000" pattern:"^[!-~]([ -~]*[!-~])?$" patternDescription:"* or a list of ETags" doc:"Replace only the version with one of these ETags; *: any"`
	IfNoneMatch string `header:"If-None-Match" enum:"*" doc:"*: create only"`
}

type putResumeOutput struct {
	Status   int
	ETag     string `header:"ETag"`
	Location string `header:"Location" doc:"The resume, if it was created"`
	Body     Resume
}

// putResume creates a resume, or replaces the content of one.
func (s *server) putResume(ctx context.Context, in *putResumeInput) (*putResumeOutput, error) {
	if !s.WriteResumes {
		return nil, readOnly()
	}
	if err := knownLanguage("query.language", in.Language); err != nil {
		return nil, err
	}
	condition, err := conditionOf(in.IfMatch)
	if err != nil {
		return nil, err
	}
	condition.New = in.IfNoneMatch == "*"
	r, notes, err := s.ReadResume(resumeFileOf(ctx), in.Language)
	if err != nil {
		return nil, s.unreadable(ctx, "body", err)
	}
	r.ID = in.ID
	put := resume.Put{Resume: r, Condition: condition}
	if in.Title != "" {
		put.Title = &in.Title
	}
	stored, err := s.Store.PutResume(ctx, callerOf(ctx), put)
	if failure, ok := errors.AsType[*export.Error](err); ok && failure.Code == export.InvalidResume {
		return nil, invalid("body", nil, "this resume has a value that cannot be stored")
	}
	if err != nil {
		return nil, s.resumeProblem(ctx, err)
	}
	s.Logger.InfoContext(ctx, "resume stored", "resume_id", stored.ID, "user_id", stored.UserID, "caller_id", callerOf(ctx).UserID, "created", stored.Created)
	out := &putResumeOutput{Status: http.StatusOK, ETag: versionTag(stored.Version), Body: toResume(stored, notes)}
	if stored.Created {
		out.Status, out.Location = http.StatusCreated, "/v1/resumes/"+stored.ID
	}
	return out, nil
}

type getResumeInput struct {
	ID          string `path:"id" maxLength:"200" doc:"The id of the resume" example:"my-resume"`
	IfNoneMatch string `header:"If-None-Match" maxLength:"2000" pattern:"^[!-~]([ -~]*[!-~])?$" patternDescription:"* or a list of ETags" doc:"Answer 304 if the resume has one of these ETags"`
}

// getResume answers with a resume as JSON Resume.
func (s *server) getResume(ctx context.Context, in *getResumeInput) (*huma.StreamResponse, error) {
	r, err := s.visibleResume(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	document, err := resume.MarshalJSONResume(r)
	if err != nil {
		return nil, s.resumeProblem(ctx, export.Fail(export.InvalidResume, "writing resume %s: %w", r.ID, err))
	}
	return cached(jsonType, privately, resume.Version(document), in.IfNoneMatch, document), nil
}

// visibleResume loads a resume that the caller may see. A resume of another user is answered
// like one that does not exist.
func (s *server) visibleResume(ctx context.Context, id string) (resume.Resume, error) {
	r, err := s.Store.LoadResume(ctx, id, "")
	if err == nil && !callerOf(ctx).MaySee(r.UserID) {
		err = export.ErrResumeNotFound
	}
	if err != nil {
		return r, s.resumeProblem(ctx, err)
	}
	return r, nil
}

type deleteResumeInput struct {
	ID      string `path:"id" maxLength:"200" doc:"The id of the resume" example:"my-resume"`
	IfMatch string `header:"If-Match" maxLength:"2000" pattern:"^[!-~]([ -~]*[!-~])?$" patternDescription:"* or a list of ETags" doc:"Delete only the version with one of these ETags; *: any"`
}

// deleteResume deletes a resume.
func (s *server) deleteResume(ctx context.Context, in *deleteResumeInput) (*struct{}, error) {
	if !s.WriteResumes {
		return nil, readOnly()
	}
	condition, err := conditionOf(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if err := s.Store.DeleteResume(ctx, callerOf(ctx), in.ID, condition); err != nil {
		return nil, s.resumeProblem(ctx, err)
	}
	s.Logger.InfoContext(ctx, "resume deleted", "resume_id", in.ID, "caller_id", callerOf(ctx).UserID)
	return nil, nil
}

type listResumesInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor string `query:"cursor" maxLength:"400" doc:"next_cursor of the previous page"`
}

type listResumesOutput struct {
	Body struct {
		Resumes    []Resume `json:"resumes" nullable:"false"`
		NextCursor string   `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

// listResumes lists resumes without their content.
func (s *server) listResumes(ctx context.Context, in *listResumesInput) (*listResumesOutput, error) {
	// One resume more than the limit shows whether there is a next page.
	f := resume.Filter{Limit: in.Limit + 1}
	if in.Cursor != "" {
		var ok bool
		if f.Before, f.BeforeID, ok = parseResumeCursor(in.Cursor); !ok {
			return nil, invalid("query.cursor", in.Cursor, "expected the next_cursor of a page")
		}
	}
	if caller := callerOf(ctx); !caller.Staff {
		f.UserID = caller.UserID
	}
	list, err := s.Store.Resumes(ctx, f)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &listResumesOutput{}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Body.NextCursor = resumeCursor(list[in.Limit-1])
	}
	out.Body.Resumes = make([]Resume, len(list))
	for i, r := range list {
		out.Body.Resumes[i] = toResume(r, nil)
	}
	return out, nil
}

// resumeCursor returns the cursor of the page after a resume.
func resumeCursor(r resume.Stored) string {
	return base64.RawURLEncoding.EncodeToString([]byte(r.CreatedAt.UTC().Format(time.RFC3339Nano) + " " + r.ID))
}

func parseResumeCursor(cursor string) (createdAt time.Time, id string, ok bool) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	at, id, found := strings.Cut(string(text), " ")
	if err != nil || !found || !validText(id) {
		return time.Time{}, "", false
	}
	createdAt, err = time.Parse(time.RFC3339Nano, at)
	return createdAt, id, err == nil && createdAt.Year() > 0 && createdAt.Year() < 9999
}

// readOnly is the answer to changes where the tables of resumes are not the service's.
func readOnly() error {
	return huma.ErrorWithHeaders(huma.Error405MethodNotAllowed(
		"resumes cannot be changed here: they belong to another product, or the service is configured so; POST /v1/exports takes a resume itself"),
		http.Header{"Allow": {"GET, HEAD"}})
}

// resumeProblem maps errors of the store of resumes to answers.
func (s *server) resumeProblem(ctx context.Context, err error) error {
	failure, failed := errors.AsType[*export.Error](err)
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, export.ErrResumeNotFound), failed && failure.Code == export.ResumeNotFound:
		return huma.Error404NotFound("there is no such resume")
	case errors.Is(err, export.ErrResumeChanged):
		return huma.Error412PreconditionFailed("the resume is not in the state that the request requires; get it again")
	case errors.Is(err, export.ErrReadOnly):
		s.Logger.WarnContext(ctx, "resumes cannot be written: give the role the rights of docs/database.md, or start the API with --no-write-resumes", "error", err)
		return readOnly()
	case failed && (failure.Code == export.InvalidResume || failure.Code == export.DocumentTooLarge):
		return huma.Error409Conflict("this resume is stored in a form that cannot be read, or is too large; put it again")
	}
	return s.problem(ctx, err)
}

// unreadable is the answer to a file that cannot be read as a resume. The paths of its
// problems are below location.
func (s *server) unreadable(ctx context.Context, location string, err error) error {
	input, ok := errors.AsType[*resume.InputError](err)
	if !ok {
		return s.problem(ctx, fmt.Errorf("reading a resume: %w", err))
	}
	if large, ok := errors.AsType[*resume.TooLargeError](err); ok {
		return huma.NewError(http.StatusRequestEntityTooLarge, large.Error(), &huma.ErrorDetail{Location: location, Message: large.Error()})
	}
	errs := make([]error, len(input.Problems))
	for i, p := range input.Problems {
		at := location
		if p.Path != "" {
			at += "." + p.Path
		}
		errs[i] = &huma.ErrorDetail{Location: at, Message: p.Problem}
	}
	return huma.NewError(http.StatusUnprocessableEntity, "this cannot be read as a resume", errs...)
}
