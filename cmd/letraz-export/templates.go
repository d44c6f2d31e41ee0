package main

import (
	"github.com/letrazapp/letraz-export/internal/terminal"
)

type templatesCmd struct {
	jsonFlag    `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (t *templatesCmd) Validate() error { return t.check() }

// Run prints the templates.
func (t *templatesCmd) Run(e *env) error {
	api, err := t.connect()
	if err != nil {
		return err
	}
	templates, err := api.Templates(e.ctx)
	if err != nil {
		return err
	}
	if t.JSON {
		for _, one := range templates {
			if err := printLine(e, one); err != nil {
				return err
			}
		}
		return nil
	}
	table := terminal.NewTable("NAME", "TITLE", "DESCRIPTION")
	for _, one := range templates {
		table.Row(one.Name, one.Title, one.Description)
	}
	return table.Print(e.stdout)
}
