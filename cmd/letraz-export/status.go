package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

type statusCmd struct {
	IDs         []string      `arg:"" name:"export-id" help:"Exports to show."`
	Wait        bool          `help:"Wait until every export is finished, and fail unless all are ready."`
	Timeout     time.Duration `help:"With --wait: maximum time to wait." default:"2m"`
	jsonFlag    `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (s *statusCmd) Validate() error { return s.check() }

// Run prints the exports, and why those that failed did. It fails if one of them is not found.
func (s *statusCmd) Run(e *env) error {
	api, err := s.connect()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(e.ctx, s.Timeout)
	defer cancel()
	var found []client.Export
	failed := eachID(e, s.IDs, "%d of %d exports are not shown", func(id string) error {
		a, err := api.Get(ctx, id)
		if err == nil && s.Wait {
			a, err = api.Wait(ctx, a)
		}
		var unfinished *client.UnfinishedError
		if err == nil || errors.As(err, &unfinished) {
			found = append(found, a)
			return nil
		}
		return err
	})
	if len(found) > 0 {
		err = s.printExports(e, found...)
	}
	notReady := 0
	for _, a := range found {
		if a.Status != "ready" {
			notReady++
		}
		if a.Failure != nil && !s.JSON {
			fmt.Fprintf(e.stdout, "%s: %s\n", terminal.Line(a.ID), terminal.Line(a.Reason()))
		}
	}
	if s.Wait && notReady > 0 {
		err := fmt.Errorf("%d of %d exports are not ready", notReady, len(found))
		if ctx.Err() != nil {
			err = fmt.Errorf("%w within %s; those that are queued or rendering go on: ask again", err, s.Timeout)
		}
		failed = errors.Join(failed, err)
	}
	return errors.Join(err, failed)
}
