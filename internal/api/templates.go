package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// Template is a template that can be requested.
type Template struct {
	Name        string `json:"name" doc:"The value for template"`
	Title       string `json:"title"`
	Description string `json:"description"`
	PreviewURL  string `json:"preview_url,omitempty" doc:"Path of a picture of the template, which needs no token"`
	Picture     []byte `json:"-"` // PNG
}

type templatesOutput struct {
	Body struct {
		Templates []Template `json:"templates" nullable:"false"`
	}
}

func (s *server) registerTemplates(h huma.API) {
	huma.Register(h, operation(huma.Operation{
		OperationID: "list-templates", Method: http.MethodGet, Path: "/v1/templates", Summary: "List the templates",
	}), s.templates)
}

func (s *server) templates(context.Context, *struct{}) (*templatesOutput, error) {
	out := &templatesOutput{}
	out.Body.Templates = slices.Clone(s.Templates)
	for i, t := range out.Body.Templates {
		if len(t.Picture) > 0 {
			out.Body.Templates[i].PreviewURL = "/v1/templates/" + t.Name + "/preview.png"
		}
	}
	return out, nil
}
