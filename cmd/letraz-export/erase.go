package main

import (
	"errors"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/erase"
)

type eraseCmd struct {
	UserID        string `arg:"" name:"user-id" help:"Whose exports to erase; the user may be gone already."`
	jsonFlag      `embed:""`
	dataFlags     `embed:""`
	databaseFlags `embed:""`
	blobFlags     `embed:""`
}

// Validate is called by kong.
func (x *eraseCmd) Validate() error {
	if x.UserID == "" {
		return errors.New("name the user")
	}
	return nil
}

// Run deletes every export of the user and prints how many.
func (x *eraseCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	store, files, err := openForUpkeep(e, "erase", x.dataFlags, x.databaseFlags, x.blobFlags, &c)
	if err != nil {
		return err
	}
	res, err := erase.Eraser{Store: store, Files: files, Logger: e.log}.User(e.ctx, x.UserID, 0)
	if x.JSON {
		if err := printLine(e, map[string]int64{"erased": res.Requests, "files_deleted": res.Files, "left": res.Left}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(e.stdout, "erased %d, files deleted %d, left to the sweeper %d\n", res.Requests, res.Files, res.Left)
	}
	if err == nil && res.Left > 0 {
		err = fmt.Errorf("%d exports still have files, which nobody can download; the log says why, and the sweeper goes on", res.Left)
	}
	return err
}
