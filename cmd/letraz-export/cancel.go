package main

import (
	"fmt"

	"github.com/letrazapp/letraz-export/internal/terminal"
)

type cancelCmd struct {
	IDs         []string `arg:"" name:"export-id" help:"Exports that are not finished."`
	Delete      bool     `help:"Also delete the files of exports that are finished."`
	jsonFlag    `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (c *cancelCmd) Validate() error { return c.check() }

// Run cancels the exports and prints the status of each. It fails if one cannot be canceled. The
// file of an export that becomes ready at this moment is deleted.
func (c *cancelCmd) Run(e *env) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	return eachID(e, c.IDs, "%d of %d exports are not canceled", func(id string) error {
		a, err := api.Get(e.ctx, id)
		if err != nil {
			return err
		}
		switch {
		case a.Status == "canceled" || a.Status == "expired":
			return fmt.Errorf("is %s already", a.Status)
		case a.Final() && !c.Delete:
			return fmt.Errorf("is %s; --delete deletes what it has", a.Status)
		}
		if err := api.Delete(e.ctx, id); err != nil {
			return err
		}
		if a, err = api.Get(e.ctx, id); err != nil {
			return fmt.Errorf("is canceled or deleted, and its status is not known: %w", err)
		}
		if c.JSON {
			return printLine(e, a)
		}
		_, err = fmt.Fprintf(e.stdout, "%s  %s\n", terminal.Line(a.ID), terminal.Line(a.Status))
		return err
	})
}
