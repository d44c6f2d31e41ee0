package main

import (
	"errors"

	"github.com/letrazapp/letraz-export/internal/client"
)

type listCmd struct {
	Status      string `placeholder:"STATUS" help:"Only exports in this status: queued, rendering, ready, failed, canceled or expired." enum:",queued,rendering,ready,failed,canceled,expired" default:""`
	Resume      string `placeholder:"ID" help:"Only exports of this resume."`
	Code        string `placeholder:"CODE" help:"With --status failed: only this failure code, as render_timeout."`
	Limit       int    `help:"Maximum number of exports, 1 to 10000." default:"20"`
	jsonFlag    `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (l *listCmd) Validate() error {
	switch {
	case l.Limit < 1 || l.Limit > 10_000:
		return errors.New("--limit must be between 1 and 10000")
	case l.Code != "" && l.Status != "failed":
		return errors.New("--code goes with --status failed")
	}
	return l.check()
}

// Run prints the newest exports.
func (l *listCmd) Run(e *env) error {
	api, err := l.connect()
	if err != nil {
		return err
	}
	exports, err := api.Exports(e.ctx, client.ListFilter{Status: l.Status, ResumeID: l.Resume, FailureCode: l.Code, Limit: l.Limit})
	if err != nil {
		return err
	}
	return l.printExports(e, exports...)
}
