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

// CreateStore is the part of the store that creates requests.
type CreateStore interface {
	CreateExport(ctx context.Context, n export.New) (export.Request, error)
}

type createInput struct {
	Prefer string `header:"Prefer" maxLength:"200" pattern:"^[ -~]+$" patternDescription:"ASCII characters" doc:"wait=N waits up to N seconds (RFC 7240), at most 60, until the status is final. The answer is then 201. Other preferences are ignored"`
	Key    string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]+$" patternDescription:"visible ASCII characters" doc:"A value of the caller's choice, such as a UUID. Repeating a request with the same key and body returns the same export. The key is kept as long as the export"`
	Body   struct {
		ResumeID string    `json:"resume_id,omitempty" minLength:"1" maxLength:"200" doc:"The resume to export. Either this or resume is required"`
		Resume   givenFlag `json:"resume,omitempty" doc:"The resume itself, instead of resume_id: JSON Resume, or the JSON of another resume builder, of at most 13 MiB. It is kept with the export only and deleted when that expires, is canceled or deleted"`
		AskedFile
		Lane      string `json:"lane,omitempty" enum:"interactive,bulk" default:"interactive" doc:"interactive for an export that a person waits for, bulk for others. Exports of the lane bulk are rendered when none of the other waits, and at least one in ten"`
		ExpiresIn int64  `json:"expires_in,omitempty" minimum:"60" maximum:"2592000" default:"604800" doc:"Seconds until the export expires, from 1 minute to 30 days. Default: 7 days"`
	}
}

// AskedExport says what to export, in requests for one export and for a batch.
type AskedExport struct {
	ResumeID string `json:"resume_id" minLength:"1" maxLength:"200" doc:"The resume to export"`
	AskedFile
}

// AskedFile says what file to make of a resume.
type AskedFile struct {
	JobID    string     `json:"job_id,omitempty" minLength:"1" maxLength:"200" doc:"The job posting this export is for. Default: that of the resume"`
	Format   formatName `json:"format,omitempty" default:"pdf"`
	Template string     `json:"template,omitempty" minLength:"1" maxLength:"50" doc:"Name of a template from /v1/templates. Default: the first"`
	Paper    string     `json:"paper,omitempty" enum:"a4,letter" default:"a4"`

	Fit         *askedFit `json:"fit,omitempty" doc:"Reduce spacing, then line height, then font size, by no more than needed, until the document fits. The export reports the result. PDF only"`
	EmbedSource bool      `json:"embed_source,omitempty" doc:"Attach the resume to the file as JSON Resume, which import reads. PDF only"`
	ATS         bool      `json:"ats,omitempty" doc:"Read the finished file as applicant tracking systems do. The export reports the result. Takes a few milliseconds per page. PDF only"`
	Width       int       `json:"width,omitempty" minimum:"64" maximum:"2048" doc:"Width in pixels. Default: 800. PNG only"`
	Wrap        int       `json:"wrap,omitempty" minimum:"20" maximum:"500" doc:"Maximum width of lines, in columns. Default: lines end with their paragraphs. Text only"`
	Language    string    `json:"language,omitempty" minLength:"2" maxLength:"35" pattern:"^[A-Za-z]{2,3}(-[0-9A-Za-z]{1,8})*$" patternDescription:"a language tag (BCP 47), such as fr or pt-BR" doc:"Language of headings, dates and other words around the resume's own (BCP 47). Default: the language the resume states, otherwise the one it is written in"`
}

type createOutput struct {
	Status     int
	Location   string     `header:"Location"`
	RetryAfter retryAfter `header:"Retry-After" doc:"Seconds after which the export is probably finished. Present while the status is not final"`
	Applied    string     `header:"Preference-Applied" doc:"The wait that was possible, such as wait=20. Present if the request asked for one and the answer waited for it"`
	Replayed   string     `header:"Idempotency-Replayed" doc:"true, present if an earlier request with the same key created the export"`
	Body       Export
}

func (s *server) registerCreate(h huma.API) {
	huma.Register(h, operation(huma.Operation{
		OperationID: "create-export", Method: http.MethodPost, Path: "/v1/exports", DefaultStatus: http.StatusAccepted,
		Summary: "Create an export",
		Description: "Answers at once; Location is where to ask for the status. With Prefer: wait=N the answer comes when the status is final, with 201, or after N seconds, with 202. " +
			"With an Idempotency-Key the request can be repeated safely after a lost answer.",
		Metadata: map[string]any{givenResumeIn: "resume"},
	}, bodyErrors(404)...), s.create)
	answers := h.OpenAPI().Paths["/v1/exports"].Post.Responses
	finished := *answers["202"]
	finished.Description = "Created, and the status is final"
	answers["201"] = &finished
}

// create creates an export request and publishes its message.
func (s *server) create(ctx context.Context, in *createInput) (*createOutput, error) {
	longest, err := preferredWait(in.Prefer)
	if err != nil {
		return nil, err
	}
	b := in.Body
	document, err := s.givenResume(ctx, b.ResumeID, bool(b.Resume), b.Language)
	if err != nil {
		return nil, err
	}
	n, err := s.newExport(ctx, "body", AskedExport{b.ResumeID, b.AskedFile})
	if err != nil {
		return nil, err
	}
	if err := s.mayWait(ctx, 1); err != nil {
		return nil, err
	}
	n.Document, n.Lane, n.Key, n.ExpiresIn = document, export.Lane(b.Lane), in.Key, time.Duration(b.ExpiresIn)*time.Second
	n.MaxWaiting = s.Limits.UserWaiting
	waiting := s.waitFor(ctx, n.ID, longest) // before there is anything to miss
	defer func() { waiting.end() }()
	r, err := s.Store.CreateExport(ctx, n)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	crashpoint.Here(crashpoint.APIAfterCommit)
	// Also for a replayed request: the process that created it may have died before
	// it published the message.
	replayed := r.ID != n.ID
	if !replayed {
		s.nowWaiting(ctx, 1)
	}
	s.Logger.InfoContext(ctx, "export accepted", append(r.LogAttrs(), "user_id", r.UserID, "resume_id", r.ResumeID, "format", string(r.Format), "lane", string(r.Lane), "replayed", replayed)...)
	if r.Status == export.Queued && r.Attempt == 0 {
		s.publish(ctx, r)
	}
	crashpoint.Here(crashpoint.APIAfterPublish)
	s.Observer.ExportAccepted(ctx, r, replayed)
	if !replayed {
		s.changed(r)
	} else if waiting != nil {
		waiting.end()
		if waiting = s.waitFor(ctx, r.ID, longest); waiting != nil {
			if r, err = s.Store.Export(ctx, r.ID); err != nil {
				return nil, s.problem(ctx, err)
			}
		}
	}
	if r, err = waiting.until(r, isFinal); err != nil {
		return nil, s.problem(ctx, err)
	}
	out := s.accepted(ctx, r, replayed)
	out.Applied = waiting.applied()
	if waiting != nil && r.Status.Final() {
		out.Status = http.StatusCreated
	}
	return out, nil
}

// newExport returns the request for an export, without lane, key and expiry. The error is a
// problem with what the caller asked for at the path.
func (s *server) newExport(ctx context.Context, path string, b AskedExport) (export.New, error) {
	template, err := s.template(path, b.Template)
	if err != nil {
		return export.New{}, err
	}
	options, err := checked(path, export.Options{EmbedSource: b.EmbedSource, ATS: b.ATS, Width: b.Width, Wrap: b.Wrap, Language: b.Language}, b.Fit, export.Format(b.Format))
	if err != nil {
		return export.New{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return export.New{}, s.problem(ctx, fmt.Errorf("making an export id: %w", err))
	}
	return export.New{
		ID: id.String(), ResumeID: b.ResumeID, JobID: b.JobID,
		Format: export.Format(b.Format), Template: template, Paper: export.Paper(b.Paper), Options: options,
		MaxAttempts: s.MaxAttempts, Caller: callerOf(ctx), Traceparent: s.Traceparent(ctx),
	}, nil
}

// template returns the name of a known template, or of the default for none.
func (s *server) template(path, name string) (string, error) {
	if name == "" {
		return s.Templates[0].Name, nil
	}
	names := make([]string, len(s.Templates))
	for i, t := range s.Templates {
		names[i] = t.Name
	}
	if !slices.Contains(names, name) {
		return "", invalid(path+".template", name, "unknown template; known are: "+strings.Join(names, ", "))
	}
	return name, nil
}
