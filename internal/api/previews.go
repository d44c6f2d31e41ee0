package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Previewer returns the page of a resume in a template, and the source of its stylesheet for a
// content security policy.
type Previewer func(r resume.Resume, template string, paper export.Paper, language string) (page []byte, style string, err error)

func (s *server) registerPreviews(h huma.API) {
	huma.Register(h, operation(huma.Operation{
		OperationID: "preview-resume", Method: http.MethodGet, Path: "/v1/resumes/{id}/preview", Summary: "Show a resume as HTML",
		Description: "The page that an export in the format html has, made at once. It loads nothing and runs no script, which its content security policy " +
			"enforces in a sandbox. The service's configuration says which pages may frame it.",
		Responses: map[string]*huma.Response{
			"200": {Description: "The page", Headers: etagHeader(), Content: map[string]*huma.MediaType{"text/html": {}}},
			"304": {Description: "The caller has this page already", Headers: etagHeader()},
		},
	}, 404, 409), s.previewResume)
	huma.Register(h, huma.Operation{
		OperationID: "preview-template", Method: http.MethodGet, Path: "/v1/templates/{name}/preview.png", Summary: "Get a picture of a template",
		Description:  "The first page of an invented resume. It needs no token, so that it can be shown with an img element.",
		Security:     []map[string][]string{},
		MaxBodyBytes: -1, BodyReadTimeout: -1, Errors: []int{400, 404, 414, 422, 431},
		Responses: map[string]*huma.Response{
			"200": {Description: "The picture", Headers: etagHeader(), Content: map[string]*huma.MediaType{"image/png": {}}},
			"304": {Description: "The caller has this picture already", Headers: etagHeader()},
		},
	}, s.previewTemplate)
}

type previewInput struct {
	ID          string `path:"id" maxLength:"200" doc:"The id of the resume" example:"my-resume"`
	Template    string `query:"template" minLength:"1" maxLength:"50" doc:"Name of a template from /v1/templates. Default: the first"`
	Paper       string `query:"paper" enum:"a4,letter" default:"a4"`
	Language    string `query:"language" minLength:"2" maxLength:"35" pattern:"^[A-Za-z]{2,3}(-[0-9A-Za-z]{1,8})*$" patternDescription:"a language tag (BCP 47), such as fr or pt-BR" doc:"Language of headings, dates and other words around the resume's own (BCP 47)"`
	IfNoneMatch string `header:"If-None-Match" maxLength:"2000" pattern:"^[!-~]([ -~]*[!-~])?$" patternDescription:"* or a list of ETags" doc:"Answer 304 if the page has one of these ETags"`
}

// previewResume answers with a resume as HTML.
func (s *server) previewResume(ctx context.Context, in *previewInput) (*huma.StreamResponse, error) {
	template, err := s.template("query", in.Template)
	if err != nil {
		return nil, err
	}
	if err := knownLanguage("query.language", in.Language); err != nil {
		return nil, err
	}
	r, err := s.visibleResume(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	page, style, err := s.Preview(r, template, export.Paper(in.Paper), in.Language)
	if err != nil {
		return nil, s.resumeProblem(ctx, err)
	}
	policy := s.previewPolicy(style)
	version := resume.Version(append(slices.Clone(page), policy...))
	return cached("text/html; charset=utf-8", privately, version, in.IfNoneMatch, page,
		"Content-Security-Policy", policy, "Referrer-Policy", "no-referrer"), nil
}

// previewPolicy returns the content security policy of a preview, whose stylesheet has that
// source: nothing is loaded, no script runs, and the page has an origin of its own.
func (s *server) previewPolicy(style string) string {
	ancestors := s.FrameAncestors
	if ancestors == "" {
		ancestors = "'none'"
	}
	return "default-src 'none'; style-src " + style + "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors " + ancestors + "; sandbox"
}

type templatePictureInput struct {
	Name        string `path:"name" maxLength:"50" doc:"The name of the template" example:"modern"`
	IfNoneMatch string `header:"If-None-Match" maxLength:"2000" pattern:"^[!-~]([ -~]*[!-~])?$" patternDescription:"* or a list of ETags" doc:"Answer 304 if the picture has one of these ETags"`
}

// previewTemplate answers with the picture of a template.
func (s *server) previewTemplate(_ context.Context, in *templatePictureInput) (*huma.StreamResponse, error) {
	for _, t := range s.Templates {
		if t.Name == in.Name && len(t.Picture) > 0 {
			return cached("image/png", publicly, resume.Version(t.Picture), in.IfNoneMatch, t.Picture), nil
		}
	}
	return nil, huma.Error404NotFound("there is no such template; GET /v1/templates lists them")
}
