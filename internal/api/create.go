package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
)

// CreateStore records export requests.
type CreateStore interface {
	CreateExport(ctx context.Context, n export.New) (export.Request, error)
}

type createInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]+$" patternDescription:"visible ASCII characters" doc:"Any text that only this request has, such as a UUID. It is kept as long as the export is"`
	Body struct {
		ResumeID  string     `json:"resume_id" minLength:"1" maxLength:"200" doc:"The resume to export"`
		JobID     string     `json:"job_id,omitempty" maxLength:"200" doc:"The job posting this export is for; default: the resume's own"`
		Format    formatName `json:"format,omitempty" default:"pdf"`
		Template  string     `json:"template,omitempty" maxLength:"50" doc:"See /v1/templates; default: the first of them"`
		Paper     string     `json:"paper,omitempty" enum:"a4,letter" default:"a4"`
		ExpiresIn int64      `json:"expires_in,omitempty" minimum:"60" maximum:"2592000" default:"604800" doc:"Seconds until the file is gone: 1 minute to 30 days, default 7 days"`

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
	replayed := r.ID != id.String()
	s.Observer.ExportAccepted(ctx, r, replayed)
	return accepted(r, replayed), nil
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
