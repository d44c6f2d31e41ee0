package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/terminal"
)

type linkCmd struct {
	IDs         []string `arg:"" name:"export-id" help:"Exports that are ready."`
	Inline      bool     `help:"Print links that show the file in the browser instead of saving it."`
	jsonFlag    `embed:""`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (l *linkCmd) Validate() error { return l.check() }

// Run prints a line for each export. It fails if one of them has no link.
func (l *linkCmd) Run(e *env) error {
	api, err := l.connect()
	if err != nil {
		return err
	}
	return eachID(e, l.IDs, "%d of %d exports have no link", func(id string) error {
		a, err := api.Get(e.ctx, id)
		switch {
		case err != nil:
			return err
		case a.Status != "ready":
			return errors.New("is " + a.Status + "; only exports that are ready have a link")
		case strings.HasSuffix(a.DownloadURL, "/download"):
			return errors.New("has no link: start the API with --link-keys")
		}
		url, err := api.URL(a.DownloadURL)
		if err != nil {
			return err
		}
		if l.Inline {
			url += "?inline=true"
		}
		if l.JSON {
			return printLine(e, linkJSON{ID: a.ID, URL: url, ExpiresAt: a.ExpiresAt, Filename: a.Filename})
		}
		_, err = fmt.Fprintln(e.stdout, terminal.Line(url))
		return err
	})
}

// linkJSON is a link as --json prints it.
type linkJSON struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expires_at"`
	Filename  string    `json:"filename"`
}
