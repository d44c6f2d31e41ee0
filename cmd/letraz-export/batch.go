package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

type batchCmd struct {
	Create   batchCreateCmd   `cmd:"" help:"Request exports of many resumes together and print the batch. Example: letraz-export batch create rsm_x rsm_y --as user_1 --wait -o files.zip"`
	Status   batchStatusCmd   `cmd:"" help:"Print the number of exports of a batch in each status."`
	List     batchListCmd     `cmd:"" help:"List the newest batches."`
	Download batchDownloadCmd `cmd:"" help:"Download the files of a finished batch as a ZIP. Example: letraz-export batch download BATCH_ID -o files.zip"`
	Retry    batchRetryCmd    `cmd:"" help:"Queue the failed exports of a batch again."`
	Delete   batchDeleteCmd   `cmd:"" help:"Cancel the unfinished exports of a batch and delete the files of the others."`
}

// printBatches prints batches as a table, or as JSON: one object a line.
func (j jsonFlag) printBatches(e *env, batches ...client.Batch) error {
	if j.JSON {
		for _, b := range batches {
			if err := printLine(e, b); err != nil {
				return err
			}
		}
		return nil
	}
	table := terminal.NewTable("BATCH", "TOTAL", "WAITING", "READY", "FAILED", "CANCELED", "EXPIRED", "EXPIRES")
	for _, b := range batches {
		row := []string{b.ID}
		for _, n := range []int{b.Total, b.Counts.Queued + b.Counts.Rendering, b.Counts.Ready, b.Counts.Failed, b.Counts.Canceled, b.Counts.Expired} {
			row = append(row, strconv.Itoa(n))
		}
		table.Row(append(row, b.ExpiresAt.UTC().Format(time.RFC3339))...)
	}
	return table.Print(e.stdout)
}

type batchCreateCmd struct {
	ResumeIDs   []string      `arg:"" name:"resume-id" help:"Resumes to export, up to 500."`
	Format      string        `help:"Format: ${enum}." enum:"${formats}" default:"pdf"`
	Template    string        `placeholder:"NAME" help:"Template. Default: the API's."`
	Paper       string        `help:"Paper size: ${enum}." enum:"a4,letter" default:"a4"`
	JobID       string        `name:"job-id" placeholder:"ID" help:"Job posting the exports are for."`
	ExpiresIn   time.Duration `help:"Time until the files are deleted, 1m to 720h. Default: the API's." placeholder:"DURATION"`
	Wait        bool          `help:"Wait until the batch is finished, and fail if an export has failed."`
	Out         string        `short:"o" placeholder:"FILE" help:"With --wait: download the files as this ZIP; - is standard output." type:"path"`
	Timeout     time.Duration `help:"With --wait: maximum time to wait." default:"30m"`
	jsonFlag    `embed:""`
	optionFlags `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (x *batchCreateCmd) Validate() error {
	switch {
	case len(x.ResumeIDs) > export.MaxBatch:
		return fmt.Errorf("a batch has at most %d exports; these are %d", export.MaxBatch, len(x.ResumeIDs))
	case x.Out == standardStream && x.JSON:
		return errors.New("-o - and --json both take standard output")
	case x.Out != "" && !x.Wait:
		return errors.New("-o goes with --wait; batch download gets the files later")
	}
	if _, err := x.options(export.Format(x.Format)); err != nil {
		return err
	}
	return x.check()
}

// Run requests the batch, and waits for it if it is to.
func (x *batchCreateCmd) Run(e *env) error {
	api, err := x.connect()
	if err != nil {
		return err
	}
	ask := client.BatchRequest{Key: uuid.NewString(), ExpiresIn: int64(x.ExpiresIn / time.Second)}
	for _, id := range x.ResumeIDs {
		one := client.CreateRequest{ResumeID: id, JobID: x.JobID, Format: x.Format, Template: x.Template, Paper: x.Paper,
			EmbedSource: x.EmbedSource, Width: x.Width, Wrap: x.Wrap, Language: x.Language}
		if x.FitPages > 0 {
			one.Fit = &client.Fit{MaxPages: x.FitPages, MinFontPt: x.MinFontPt}
		}
		ask.Exports = append(ask.Exports, one)
	}
	b, err := api.CreateBatch(e.ctx, ask)
	if err != nil {
		return err
	}
	if !x.Wait {
		return x.printBatches(e, b)
	}
	ctx, cancel := context.WithTimeout(e.ctx, x.Timeout)
	defer cancel()
	created := b
	told := newProgress(e, b.Total, "exports of the batch")
	b, err = api.WaitBatch(ctx, b.ID, func(now client.Batch) { told.set(now.Total - now.Counts.Queued - now.Counts.Rendering) })
	told.end()
	if err != nil {
		return fmt.Errorf("%w; the batch goes on: letraz-export batch status %s tells how far it is, and batch download %s gets the files", err, created.ID, created.ID)
	}
	if x.Out != standardStream {
		if err := x.printBatches(e, b); err != nil {
			return err
		}
	}
	if x.Out != "" && b.Counts.Ready > 0 {
		if err := downloadBatch(e, api, b.ID, x.Out); err != nil {
			return err
		}
	}
	if b.Counts.Ready != b.Total {
		return fmt.Errorf("%d of %d exports are not ready", b.Total-b.Counts.Ready, b.Total)
	}
	return nil
}

type batchStatusCmd struct {
	ID          string `arg:"" name:"batch-id" help:"The batch."`
	jsonFlag    `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (x *batchStatusCmd) Validate() error { return x.check() }

// Run prints the batch.
func (x *batchStatusCmd) Run(e *env) error {
	api, err := x.connect()
	if err != nil {
		return err
	}
	b, err := api.Batch(e.ctx, x.ID)
	if err != nil {
		return err
	}
	return x.printBatches(e, b)
}

type batchListCmd struct {
	Limit       int `help:"Maximum number of batches, 1 to 50." default:"20"`
	jsonFlag    `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (x *batchListCmd) Validate() error {
	if x.Limit < 1 || x.Limit > 50 {
		return errors.New("--limit must be between 1 and 50")
	}
	return x.check()
}

// Run prints the batches.
func (x *batchListCmd) Run(e *env) error {
	api, err := x.connect()
	if err != nil {
		return err
	}
	batches, err := api.Batches(e.ctx, x.Limit)
	if err != nil {
		return err
	}
	return x.printBatches(e, batches...)
}

type batchDownloadCmd struct {
	ID          string `arg:"" name:"batch-id" help:"The batch."`
	Out         string `short:"o" required:"" placeholder:"FILE" help:"The ZIP to write; - is standard output. An existing file is replaced." type:"path"`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (x *batchDownloadCmd) Validate() error { return x.check() }

// Run downloads the ZIP.
func (x *batchDownloadCmd) Run(e *env) error {
	api, err := x.connect()
	if err != nil {
		return err
	}
	return downloadBatch(e, api, x.ID, x.Out)
}

// downloadBatch writes the ZIP and prints its size.
func downloadBatch(e *env, api *client.Client, id, out string) error {
	var size int64
	err := writeOutput(e, out, func(w io.Writer) (err error) {
		size, err = api.DownloadBatch(e.ctx, id, w)
		return err
	})
	if err == nil && out != standardStream {
		fmt.Fprintf(e.stderr, "%s: %d bytes\n", terminal.Line(out), size)
	}
	return err
}

type batchRetryCmd struct {
	ID          string `arg:"" name:"batch-id" help:"The batch."`
	jsonFlag    `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (x *batchRetryCmd) Validate() error { return x.check() }

// Run requeues the failed exports and prints their ids.
func (x *batchRetryCmd) Run(e *env) error {
	api, err := x.connect()
	if err != nil {
		return err
	}
	ids, err := api.RetryBatch(e.ctx, x.ID)
	if err != nil {
		return err
	}
	return x.printIDs(e, ids...)
}

type batchDeleteCmd struct {
	ID          string `arg:"" name:"batch-id" help:"The batch."`
	jsonFlag    `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (x *batchDeleteCmd) Validate() error { return x.check() }

// Run deletes the batch.
func (x *batchDeleteCmd) Run(e *env) error {
	api, err := x.connect()
	if err != nil {
		return err
	}
	if err := api.DeleteBatch(e.ctx, x.ID); err != nil || !x.JSON {
		return err
	}
	b, err := api.Batch(e.ctx, x.ID)
	if err != nil {
		return fmt.Errorf("the batch is deleted; reading its state: %w", err)
	}
	return x.printBatches(e, b)
}
