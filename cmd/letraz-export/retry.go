package main

import (
	"errors"

	"github.com/letrazapp/letraz-export/internal/client"
)

type retryCmd struct {
	IDs         []string `arg:"" optional:"" name:"export-id" help:"Failed exports to queue again."`
	Failed      bool     `help:"All failed exports, oldest first, instead of ids. For staff."`
	Code        string   `placeholder:"CODE" help:"With --failed: only this failure code, as render_timeout."`
	User        string   `placeholder:"USER" help:"With --failed: only this owner's."`
	Limit       int      `help:"With --failed: maximum number of exports, 1 to 1000." default:"100"`
	jsonFlag    `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (r *retryCmd) Validate() error {
	switch {
	case r.Failed == (len(r.IDs) > 0):
		return errors.New("name the exports, or give --failed")
	case !r.Failed && (r.Code != "" || r.User != ""):
		return errors.New("--code and --user go with --failed")
	case r.Limit < 1 || r.Limit > 1000:
		return errors.New("--limit must be between 1 and 1000")
	}
	return r.check()
}

// Run requeues the exports and prints their ids. It fails if one that is named cannot be
// requeued.
func (r *retryCmd) Run(e *env) error {
	api, err := r.connect()
	if err != nil {
		return err
	}
	if r.Failed {
		ids, err := api.RetryFailed(e.ctx, client.RetryFilter{FailureCode: r.Code, UserID: r.User, Limit: r.Limit})
		if err != nil {
			return err
		}
		return r.printIDs(e, ids...)
	}
	return eachID(e, r.IDs, "%d of %d exports are not tried again", func(id string) error {
		a, err := api.Retry(e.ctx, id)
		switch {
		case err != nil:
			return err
		case r.JSON:
			return printLine(e, a)
		}
		return r.printIDs(e, id)
	})
}
