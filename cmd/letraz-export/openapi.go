package main

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/api"
)

type openapiCmd struct {
	Format string `help:"Format of the document: json or yaml." enum:"json,yaml" default:"json"`
	// Compatible is the version that generators without OpenAPI 3.1 need.
	Compatible bool `name:"openapi-3.0" help:"Print it as OpenAPI 3.0, which some tools need, instead of 3.1."`
}

// Run prints the document that a running API serves at /openapi.json.
func (o *openapiCmd) Run(e *env) error {
	doc := api.Document(version(), templates())
	form := doc.MarshalJSON
	switch {
	case o.Format == "yaml" && o.Compatible:
		form = doc.DowngradeYAML
	case o.Format == "yaml":
		form = doc.YAML
	case o.Compatible:
		form = doc.Downgrade
	}
	text, err := form()
	if err != nil {
		return fmt.Errorf("writing the OpenAPI document: %w", err)
	}
	_, err = fmt.Fprintln(e.stdout, strings.TrimSpace(string(text)))
	return err
}
