package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
)

type debugCmd struct {
	dataFlags     `embed:""`
	databaseFlags `embed:""`
	NATSURL       string        `name:"nats-url" placeholder:"URL" help:"NATS servers, to show the messages of the export. Default: they are not shown." env:"NATS_URL" group:"data"`
	Logs          []string      `placeholder:"FILE" help:"Log files whose lines about the export are shown; - is standard input." sep:"none" group:"data"`
	Output        string        `short:"o" placeholder:"FILE" help:"File to write instead of standard output." group:"data"`
	JSON          bool          `name:"json" help:"Print JSON." group:"data"`
	Timeout       time.Duration `help:"Maximum time to wait for each server." default:"10s" group:"data"`
	ExportID      string        `arg:"" help:"Id of the export."`
}

// Run prints everything that is known about the processing of an export: nothing of the
// resume, and no secret.
func (d *debugCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	url, err := databaseURL(d.databaseFlags, d.dataFlags)
	if err != nil {
		return err
	}
	store, err := openStore(e, url, d.databaseFlags, &c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(e.ctx, d.Timeout)
	defer cancel()
	dossier, err := store.Dossier(ctx, d.ExportID)
	if errors.Is(err, export.ErrNotFound) {
		return fmt.Errorf("there is no export %s: it was never created, or it was erased or purged", d.ExportID)
	}
	if err != nil {
		return err
	}
	b := newBundle(dossier)
	if state, err := store.QueueState(ctx); err != nil {
		b.Problems = append(b.Problems, err.Error())
	} else {
		b.Queue = queueOf(state)
	}
	if d.NATSURL != "" {
		if err := b.addMessages(e, d.NATSURL, d.Timeout); err != nil {
			b.Problems = append(b.Problems, err.Error())
		}
	}
	for _, file := range d.Logs {
		if err := b.addLog(file); err != nil {
			return err
		}
	}
	return d.write(e, b)
}

// write writes the bundle.
func (d *debugCmd) write(e *env, b *bundle) (err error) {
	out := e.stdout
	if d.Output != "" {
		file, err := os.OpenFile(d.Output, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("writing the bundle: %w", err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		out = file
	}
	if d.JSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(b)
	}
	return b.print(out)
}

// bundle is what is known about an export.
type bundle struct {
	Program  string         `json:"program"`
	At       time.Time      `json:"at"`
	Export   bundleExport   `json:"export"`
	History  []bundleEvent  `json:"history"`
	Messages []bundleStored `json:"messages,omitempty"`
	Queue    bundleQueue    `json:"queue"`
	Log      []string       `json:"log,omitempty"`
	Problems []string       `json:"problems,omitempty"` // what could not be found out
}

type bundleExport struct {
	ID            string        `json:"id"`
	UserID        string        `json:"user_id"`
	ResumeID      string        `json:"resume_id"`
	TraceID       string        `json:"trace_id,omitempty"`
	Status        export.Status `json:"status"`
	Format        export.Format `json:"format"`
	Template      string        `json:"template"`
	Paper         export.Paper  `json:"paper"`
	Lane          export.Lane   `json:"lane"`
	Attempt       int           `json:"attempt"`
	MaxAttempts   int           `json:"max_attempts"`
	Timeouts      int           `json:"timeouts"`
	Failure       string        `json:"failure_code,omitempty"`
	FailureText   string        `json:"failure_message,omitempty"`
	LeaseUntil    *time.Time    `json:"lease_until,omitempty"`
	NextAttemptAt time.Time     `json:"next_attempt_at"`
	DispatchDueAt *time.Time    `json:"dispatch_due_at,omitempty"`
	Published     int           `json:"published"` // messages, by number
	Announced     export.Status `json:"announced,omitempty"`
	Told          []string      `json:"told,omitempty"`
	HasFile       bool          `json:"has_file"`
	Size          int64         `json:"size,omitempty"`
	Pages         int           `json:"pages,omitempty"`
	Notes         int           `json:"notes"`
	Downloads     int           `json:"downloads"`
}

type bundleEvent struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

type bundleStored struct {
	Stream   string    `json:"stream"`
	Subject  string    `json:"subject"`
	Sequence uint64    `json:"sequence"`
	At       time.Time `json:"at"`
}

type bundleQueue struct {
	Waiting   int64              `json:"waiting"`
	Oldest    float64            `json:"oldest_seconds"`
	Rendering int64              `json:"rendering"`
	Lag       map[string]float64 `json:"lag_seconds,omitempty"`
	Consumers []bundleConsumer   `json:"consumers,omitempty"`
}

type bundleConsumer struct {
	Name        string `json:"name"`
	Pending     uint64 `json:"pending"`
	Outstanding int    `json:"outstanding"`
	Redelivered int    `json:"redelivered"`
}

// addMessages adds what the streams hold of the export.
func (b *bundle) addMessages(e *env, url string, timeout time.Duration) error {
	q, err := queue.Connect(queue.Options{URL: url, Name: "letraz-export debug", Logger: e.log})
	if err != nil {
		return err
	}
	defer q.Close()
	ctx, cancel := context.WithTimeout(e.ctx, timeout)
	defer cancel()
	messages, err := q.MessagesOf(ctx, b.Export.ID)
	if err != nil {
		return err
	}
	for _, m := range messages {
		b.Messages = append(b.Messages, bundleStored{m.Stream, m.Subject, m.Sequence, m.StoredAt.UTC()})
	}
	consumers, err := q.Consumers(ctx)
	for _, c := range consumers {
		b.Queue.Consumers = append(b.Queue.Consumers, bundleConsumer(c))
	}
	return err
}

// addLog adds the lines of a log about the export.
func (b *bundle) addLog(name string) error {
	var in io.Reader = os.Stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("reading the log: %w", err)
		}
		defer func() { _ = file.Close() }() // it was only read
		in = file
	}
	for r := bufio.NewReader(in); ; {
		line, err := r.ReadString('\n')
		if strings.Contains(line, b.Export.ID) {
			b.Log = append(b.Log, strings.TrimRight(line, "\r\n"))
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the log %s: %w", name, err)
		}
	}
}
