package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Template is a template that can be requested.
type Template struct {
	Name        string `json:"name" doc:"The value for template"`
	Title       string `json:"title"`
	Description string `json:"description"`
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
	out.Body.Templates = s.Templates
	return out, nil
}
