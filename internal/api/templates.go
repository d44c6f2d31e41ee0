package api

import "context"

// Template is a look that can be asked for.
type Template struct {
	Name        string `json:"name" doc:"What template takes"`
	Title       string `json:"title"`
	Description string `json:"description"`
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
